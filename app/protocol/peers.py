"""What the processes of one community tell each other about themselves and their people; no client hears it."""

from app.models import Preferences
from app.protocol.events import Event
from app.protocol.fields import Id, Number, Seq

Crowd = tuple[list[Id], list[Id], bool]
"""Rooms, people who are in just these rooms, as most are in the same ones, and whether these people are idle there."""


class SessionRevoked(Event, frozen=True, tag="session.revoked"):
    """A session was ended. `number` counts whatever was taken from somebody, so that a hole shows."""

    number: Seq
    session: Id
    user: Id


class TokenRevoked(Event, frozen=True, tag="token.revoked"):
    """The token of a program of `user` was ended. `number` counts on with those of ended sessions."""

    number: Seq
    token: Id
    user: Id


class StandingChanged(Event, frozen=True, tag="standing.changed"):
    """`user` is not in `room` any more; or without a user, the room has other rules. `number` counts on with those of
    ended sessions."""

    number: Seq
    room: Id
    user: Id | None = None


class PersonRestrained(Event, frozen=True, tag="person.restrained"):
    """`user` may post nothing before a time (ms), or may again, and is new here until another one. `number` counts on
    with those of ended sessions."""

    number: Seq
    user: Id
    muted_until: int | None = None
    trusted_at: int | None = None


class PersonBanned(Event, frozen=True, tag="person.banned"):
    """`user` is put out of the community: their connections end. `number` counts on with those of ended sessions."""

    number: Seq
    user: Id


class PublicReadingSet(Event, frozen=True, tag="public_reading.set"):
    """Rooms may be read without an account from here on, or not any more. `number` counts on with those of ended
    sessions."""

    number: Seq
    on: bool


class PreferencesSaved(Event, frozen=True, tag="preferences.saved"):
    """Somebody's settings are these now: no page of theirs is drawn from older ones any more, in any process."""

    user: Id
    preferences: Preferences


class PeopleHere(Event, frozen=True, tag="people.here"):
    """A part of all the people who are connected to `process`. They are `total`, in all parts with this `round`
    together. `asks`: everybody else should tell the same, for this process knows nothing."""

    process: str
    round: Number
    total: Number
    crowds: list[Crowd]
    asks: bool = False


class PeopleMoved(Event, frozen=True, tag="people.moved"):
    """Who came to `process`, is now in other rooms, went idle or came back, and who went, since it last told."""

    process: str
    came: list[Crowd]
    went: list[Id]


PeerEvent = (
    SessionRevoked
    | TokenRevoked
    | StandingChanged
    | PersonRestrained
    | PersonBanned
    | PublicReadingSet
    | PreferencesSaved
    | PeopleHere
    | PeopleMoved
)
