"""The people of a room, as its members see them."""

from dataclasses import dataclass, replace

from app.chat import access
from app.errors import NotFound
from app.memory.limits import Limit
from app.models import FormerHandle, User, Visitor
from app.services import Services
from app.storage import handles, memberships, roster, users
from app.storage.database import Connection

HANDLES = 5
"""Of the former handles of one person, or holders of one handle, so many are told: the newest."""
PACE = Limit(60, 60.0)
"""Looks of one person at the people of rooms. A page of 50 from a room of 5,000 costs some milliseconds."""


@dataclass(frozen=True, slots=True)
class Page:
    """People by handle. `last`: nobody follows."""

    people: list[User]
    last: bool


async def page(
    services: Services,
    visitor: Visitor,
    room_id: int,
    *,
    here: bool,
    after: int | None,
    limit: int,
    idle: bool | None = None,
) -> Page:
    """Members of a room who are connected to any process, of these only the `idle` ones or the others (None: both), or
    else those who are not connected, past the person `after` (None: from the beginning). Raises NotFound or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"members:{visitor.user.id}", PACE)
    room, _ = await access.standing(services, visitor, room_id)
    presence = services.presence
    # A room's people are known by their connections, which are in no direct room that nothing was said in.
    connected = set(presence.of_these(room.party)) if room.party else presence.people_in(room_id)
    if here:
        asked = {user_id for user_id in connected if idle is None or presence.is_idle(user_id) == idle}
        found = await services.store.read(roster.of_these, room_id, asked, after, limit + 1)
    else:
        found = await services.store.read(roster.without_these, room_id, connected, after, limit + 1)
    return Page(found[:limit], last=len(found) <= limit)


async def everybody(services: Services, visitor: Visitor, room_id: int, *, after: int | None, limit: int) -> Page:
    """The same of all members, whether they are connected or not. Raises NotFound or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"members:{visitor.user.id}", PACE)
    found = await services.store.read(roster.without_these, room_id, (), after, limit + 1)
    return Page(found[:limit], last=len(found) <= limit)


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody else who was called so here before, until a time, or who is shown so still (None). `person` is told of
    whom the visitor has met."""

    person: User | None
    until: int | None


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody whom the visitor shares `rooms` with. `here`: they are connected; `idle`: and do nothing. `formerly` are
    their own handles of before, `namesakes` others who had theirs. `has_lost_handle`: X has named somebody else so
    since."""

    person: User
    rooms: list[int]
    formerly: list[FormerHandle]
    namesakes: list[Namesake]
    has_lost_handle: bool
    here: bool = False
    idle: bool = False


async def met(services: Services, visitor: Visitor, user_id: int) -> Met:
    """Raises NotFound, also for who exists but is in none of the visitor's rooms, and TooFast."""
    services.limits.take(f"members:{visitor.user.id}", PACE)
    found = await services.store.read(read_met, visitor.user.id, user_id)
    presence = services.presence
    return replace(found, here=presence.knows(user_id), idle=presence.is_idle(user_id))


def read_met(connection: Connection, visitor_id: int, user_id: int) -> Met:
    person = users.by_id(connection, user_id)
    rooms = memberships.in_common(connection, visitor_id, user_id)
    if person is None or not rooms:
        raise NotFound
    called = users.called(connection, person.handle)
    return Met(
        person,
        rooms,
        formerly=handles.formerly(connection, user_id, HANDLES),
        namesakes=namesakes(connection, visitor_id, person, called),
        has_lost_handle=person.kind == "person" and called[0].id != person.id,
    )


def namesakes(connection: Connection, visitor_id: int, person: User, called: list[User]) -> list[Namesake]:
    """`called` are all who are shown under the person's handle, first whom X named so last."""
    until: dict[int, int | None] = {}
    if called[0].id == person.id:
        until = {other.id: None for other in called[1:]}
    for held in handles.of_others(connection, person, HANDLES):
        until.setdefault(held.user_id, held.ended_at)
    ids = list(until)[:HANDLES]
    people = {each.id: each for each in users.by_ids(connection, ids)}
    met = {user_id for user_id in ids if memberships.in_common(connection, visitor_id, user_id)}
    return [Namesake(people[user_id] if user_id in met else None, until[user_id]) for user_id in ids]
