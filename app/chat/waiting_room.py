"""Who signed in with X and waits: how they see themselves, and how the team lets them in or refuses."""

from app.chat import access, doors, held_mutes, team
from app.chat.accounts import SESSION_LIFE, publish_entry, token_hash
from app.chat.doors import Entry, Keys
from app.chat.team import News
from app.errors import NotFound
from app.memory.limits import Limit
from app.models import Arrival, Deed, TwitterProfile, User, Visitor
from app.services import Services
from app.storage import acts, arrivals, sessions, turns
from app.storage.database import Connection

SHOWN = 100
PACE = Limit(120, 60.0)
"""Looks and answers of one person."""


async def of_browser(services: Services, token: str | None) -> Arrival | None:
    """Who waits, or was refused, in the browser that has this token."""
    return await services.store.read(arrivals.by_token, token_hash(token)) if token else None


async def queue(services: Services, visitor: Visitor) -> list[Arrival]:
    """Who waits, the longest first; then who was refused of late. Raises Forbidden or TooFast."""
    take_turn(services, visitor)

    def read(connection: Connection) -> list[Arrival]:
        access.allow_now(connection, visitor, "door.answer")
        return arrivals.page(connection, SHOWN)

    return await services.store.read(read)


async def let_in(services: Services, visitor: Visitor, arrival_id: int) -> User:
    """Make somebody who waits, or was refused, a member: the browser in which they wait is signed in from now on.
    Raises Forbidden, NotFound or TooFast."""
    take_turn(services, visitor)
    now = services.clock.steady()

    def admit(connection: Connection) -> tuple[Entry, News]:
        turns.take(connection)
        actor = access.allow_now(connection, visitor, "door.answer")
        arrival = arrivals.take(connection, arrival_id)
        if arrival is None:
            raise NotFound
        entry = held_mutes.take_up(connection, services.settings, enter(connection, arrival, now), now)
        record(connection, "door.let_in", now, actor.user, arrival, entry.user)
        return entry, team.news(connection)

    entry, told = await services.store.write(admit)
    publish_entry(services, entry)
    team.tell(services, told)
    return entry.user


def enter(connection: Connection, arrival: Arrival, now: int) -> Entry:
    """They signed in when they came, so that is when their session began; it was in use until now."""
    # X is asked for their picture with their next sign-in, so this does not count as asking.
    profile = TwitterProfile(arrival.twitter_id, arrival.handle, arrival.name)
    entry = doors.admit(connection, profile, Keys(None, None), "", frozenset(), now)
    expires_at = arrival.signed_in_at + SESSION_LIFE
    session = sessions.create(
        connection, entry.user.id, arrival.token_hash, arrival.user_agent, arrival.signed_in_at, expires_at
    )
    sessions.touch(connection, [session.id], now)
    return entry


async def refuse(services: Services, visitor: Visitor, arrival_id: int) -> None:
    """Tell somebody who waits that they do not come in. Raises Forbidden, NotFound or TooFast."""
    take_turn(services, visitor)
    now = services.clock.steady()

    def turn_away(connection: Connection) -> News:
        actor = access.allow_now(connection, visitor, "door.answer")
        arrival = arrivals.refuse(connection, arrival_id, now)
        if arrival is None:
            raise NotFound
        record(connection, "door.refuse", now, actor.user, arrival, None)
        return team.news(connection)

    team.tell(services, await services.store.write(turn_away))


def record(connection: Connection, what: Deed, now: int, actor: User, arrival: Arrival, person: User | None) -> None:
    person_id = None if person is None else person.id
    acts.add(connection, what, now, actor_id=actor.id, person_id=person_id, details={"handle": arrival.handle})


def take_turn(services: Services, visitor: Visitor) -> None:
    services.limits.take(f"waiting:{visitor.user.id}", PACE)
