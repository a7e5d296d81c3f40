"""What the processes of one community tell each other about themselves and their people; no client hears it."""

from app.protocol.events import Event
from app.protocol.fields import Id, Number, Seq

Crowd = tuple[list[Id], list[Id]]
"""Rooms, and people who are in just these rooms: most people are in the same ones."""


class SessionRevoked(Event, frozen=True, tag="session.revoked"):
    """A session was ended. `number` counts all that ever were, so that a hole shows."""

    number: Seq
    session: Id
    user: Id


class PeopleHere(Event, frozen=True, tag="people.here"):
    """A part of all the people who are connected to `process`. They are `total`, in all parts with this `round`
    together. `asks`: everybody else should tell the same, for this process knows nothing."""

    process: str
    round: Number
    total: Number
    crowds: list[Crowd]
    asks: bool = False


class PeopleMoved(Event, frozen=True, tag="people.moved"):
    """Who came to `process`, or is now in other rooms, and who went, since it last told."""

    process: str
    came: list[Crowd]
    went: list[Id]


PeerEvent = SessionRevoked | PeopleHere | PeopleMoved
