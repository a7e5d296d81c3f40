"""Coming to rooms and leaving them, by oneself or by somebody else's hand."""

from collections.abc import Iterable
from typing import NamedTuple

from app.chat import access, rights
from app.chat.accounts import publish_joins
from app.chat.events import publish_to_peers, publish_to_room, shown_person
from app.errors import BadRequest, Forbidden, NotFound, TooManyRooms
from app.memory.limits import Limit
from app.models import Membership, Room, User, Visitor
from app.protocol.events import MemberLeft
from app.protocol.peers import StandingChanged
from app.services import Services
from app.storage import acts, blocks, counters, memberships, rooms, threads, turns, users
from app.storage.database import Connection

PACE = Limit(60, 60.0)
"""Comings and goings that one person brings about."""
MOST_ROOMS = 200
"""That somebody is in before others bring them into no more: all go into the first words of each of their connections,
which end it beyond a bound. What they join themselves, or by an invite that they take, and what they come back to is
theirs to choose."""


async def join(services: Services, visitor: Visitor, room_id: int) -> tuple[Room, Membership]:
    """Be in a public room. Raises NotFound or TooFast."""
    take_turn(services, visitor)
    room, membership, entered = await services.store.write(enter, visitor, room_id, services.clock.now())
    if entered:
        publish_joins(services, visitor.user, [(room, room.seq)])
    return room, membership


def enter(connection: Connection, visitor: Visitor, room_id: int, now: int) -> tuple[Room, Membership, bool]:
    # In turn with who bans them, here and below: that one has to see all rooms that they are in.
    turns.take(connection)
    access.allow_now(connection, visitor, "room.join")
    room = rooms.locked(connection, room_id)
    known = memberships.find(connection, room_id, visitor.user.id)
    if room is not None and known is not None and room.parent_id is None:
        return room, known, False
    if room is None or room.kind != "public":
        raise NotFound
    return *memberships.join(connection, room_id, visitor.user.id, now), True


async def add(services: Services, visitor: Visitor, room_id: int, user_id: int) -> None:
    """Bring somebody whom the visitor shares a room with into a room of the visitor's. Raises NotFound, also for who
    has blocked the visitor, TooManyRooms, DirectLater or TooFast."""
    take_turn(services, visitor)
    person, room = await services.store.write(bring, visitor, room_id, user_id, services.clock.now())
    if room is not None:
        publish_joins(services, person, [(room, room.seq)])


def bring(connection: Connection, visitor: Visitor, room_id: int, user_id: int, now: int) -> tuple[User, Room | None]:
    turns.take(connection)
    actor = access.allow_now(connection, visitor, "room.add")
    access.room_to_change(connection, actor, "room.add", room_id)
    access.check_writing_first(actor.user, now)  # a private room with one other person is a talk, too
    person = access.somebody(connection, user_id)
    if memberships.find(connection, room_id, user_id) is not None:
        return person, None
    if not memberships.in_common(connection, actor.user.id, user_id):
        raise NotFound
    if blocks.who_blocked(connection, actor.user.id, [user_id]):
        raise NotFound
    if memberships.count_made(connection, user_id) >= MOST_ROOMS:
        raise TooManyRooms(MOST_ROOMS)
    return person, memberships.join(connection, room_id, user_id, now)[0]


async def bring_back(services: Services, visitor: Visitor, room_id: int, user_id: int) -> None:
    """Bring somebody back who was taken out of a room that the visitor moderates. Raises NotFound or TooFast."""
    take_turn(services, visitor)
    person, room = await services.store.write(take_back, visitor, room_id, user_id, services.clock.now())
    if room is not None:
        publish_joins(services, person, [(room, room.seq)])


def take_back(
    connection: Connection, visitor: Visitor, room_id: int, user_id: int, now: int
) -> tuple[User, Room | None]:
    turns.take(connection)
    actor = access.allow_now(connection, visitor, "room.remove")
    access.room_to_change(connection, actor, "room.remove", room_id)
    person = access.somebody(connection, user_id)
    if memberships.find(connection, room_id, user_id) is not None:
        return person, None
    return person, memberships.join(connection, room_id, user_id, now)[0]


async def leave(services: Services, visitor: Visitor, room_id: int) -> None:
    """Be in a room no longer. Raises NotFound or TooFast."""
    take_turn(services, visitor)
    now = services.clock.now()

    def go(connection: Connection) -> list[Leaving]:
        access.room_to_change(connection, visitor, "room.leave", room_id)
        return numbered(connection, threads.leave_with(connection, room_id, visitor.user.id, now))

    publish_leavings(services, await services.store.write(go), visitor.user, None)


async def remove(services: Services, visitor: Visitor, room_id: int, user_id: int) -> None:
    """Take somebody out of a room: they hear nothing of it that comes after, nor of its threads, and it is an act of
    the log. Raises NotFound, Forbidden for who ranks above the visitor, BadRequest for a bot, or TooFast."""
    take_turn(services, visitor)
    now = services.clock.now()

    def put_out(connection: Connection) -> tuple[User, list[Leaving]]:
        actor = access.allow_now(connection, visitor, "room.remove")
        access.room_to_change(connection, actor, "room.remove", room_id)
        person = users.by_id(connection, user_id)
        if person is None or memberships.find(connection, room_id, user_id) is None:
            raise NotFound
        if person.kind == "bot":
            raise BadRequest("A bot is here for a webhook. Remove that in the room’s settings.")
        if rights.RANKS[person.role] > rights.RANKS[actor.user.role]:
            raise Forbidden
        left = threads.leave_with(connection, room_id, user_id, now, removed_by=visitor.user.id)
        acts.add(connection, "room.remove", now, actor_id=visitor.user.id, person_id=user_id, room_id=room_id)
        return person, numbered(connection, left)

    person, left = await services.store.write(put_out)
    publish_leavings(services, left, person, visitor.user.id)


def take_turn(services: Services, visitor: Visitor) -> None:
    services.limits.take(f"rooms:{visitor.user.id}", PACE)


class Leaving(NamedTuple):
    """Somebody left a room with its change `seq`, the `number`-th time that something was taken from somebody."""

    room_id: int
    seq: int
    number: int


def numbered(connection: Connection, left: Iterable[Room]) -> list[Leaving]:
    """Call it last: from here on nobody else takes anything from anybody until the transaction ends."""
    return [Leaving(room.id, room.seq, counters.take(connection, "revoked")) for room in left]


def publish_leavings(services: Services, left: Iterable[Leaving], person: User, by: int | None) -> None:
    """Processes that remember a membership hear first that it is over."""
    for room_id, seq, number in left:
        publish_to_peers(services, number, StandingChanged(number=number, room=room_id, user=person.id))
        gone = MemberLeft(room=room_id, seq=seq, person=shown_person(person), by=by)
        publish_to_room(services, room_id, seq, gone)
