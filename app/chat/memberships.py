"""Coming to rooms and leaving them, by oneself or by somebody else's hand."""

from app.chat import access, rights
from app.chat.accounts import publish_joins
from app.chat.events import publish_to_peers, publish_to_room, shown_person
from app.errors import Forbidden, NotFound
from app.memory.limits import Limit
from app.models import Membership, Room, User, Visitor
from app.protocol.events import MemberLeft
from app.protocol.peers import StandingChanged
from app.services import Services
from app.storage import acts, counters, memberships, rooms, turns, users
from app.storage.database import Connection

PACE = Limit(60, 60.0)
"""Comings and goings that one person brings about."""


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
    access.allow_now(connection, visitor, "room.find")
    room = rooms.locked(connection, room_id)
    known = memberships.find(connection, room_id, visitor.user.id)
    if room is not None and known is not None:
        return room, known, False
    if room is None or room.kind != "public":
        raise NotFound
    return *memberships.join(connection, room_id, visitor.user.id, now), True


async def add(services: Services, visitor: Visitor, room_id: int, user_id: int) -> None:
    """Bring somebody whom the visitor shares a room with into a room of the visitor's. Raises NotFound, DirectLater or
    TooFast."""
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

    def go(connection: Connection) -> tuple[int, int]:
        access.room_to_change(connection, visitor, "room.leave", room_id)
        room = memberships.leave(connection, room_id, visitor.user.id, now)
        return room.seq, counters.take(connection, "revoked")

    seq, number = await services.store.write(go)
    publish_leaving(services, room_id, seq, number, visitor.user, None)


async def remove(services: Services, visitor: Visitor, room_id: int, user_id: int) -> None:
    """Take somebody out of a room: they hear nothing of it that comes after, and it is an act of the log. Raises
    NotFound, Forbidden for who ranks above the visitor, or TooFast."""
    take_turn(services, visitor)
    now = services.clock.now()

    def put_out(connection: Connection) -> tuple[User, int, int]:
        actor = access.allow_now(connection, visitor, "room.remove")
        access.room_to_change(connection, actor, "room.remove", room_id)
        person = users.by_id(connection, user_id)
        if person is None or memberships.find(connection, room_id, user_id) is None:
            raise NotFound
        if rights.RANKS[person.role] > rights.RANKS[actor.user.role]:
            raise Forbidden
        room = memberships.leave(connection, room_id, user_id, now, removed_by=visitor.user.id)
        acts.add(connection, "room.remove", now, actor_id=visitor.user.id, person_id=user_id, room_id=room_id)
        return person, room.seq, counters.take(connection, "revoked")

    person, seq, number = await services.store.write(put_out)
    publish_leaving(services, room_id, seq, number, person, visitor.user.id)


def take_turn(services: Services, visitor: Visitor) -> None:
    services.limits.take(f"rooms:{visitor.user.id}", PACE)


def publish_leaving(services: Services, room_id: int, seq: int, number: int, person: User, by: int | None) -> None:
    """Processes that remember the membership hear first that it is over."""
    publish_to_peers(services, number, StandingChanged(number=number, room=room_id, user=person.id))
    left = MemberLeft(room=room_id, seq=seq, person=shown_person(person), by=by)
    publish_to_room(services, room_id, seq, left)
