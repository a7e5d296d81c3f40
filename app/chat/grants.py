"""What an invite link, or a line of the allow-list, gives to whoever comes by it: a role, and rooms.

Whoever made it gives: what they may not give when it is used, nobody gets."""

from collections.abc import Collection, Iterable

from app.chat import rights, roles
from app.errors import BadRequest, Forbidden, NotFound
from app.models import Role, Room, User, Visitor
from app.storage import memberships, rooms, users
from app.storage.database import Connection

MOST_ROOMS = 20


def check(connection: Connection, maker: Visitor, role: Role, room_ids: Collection[int]) -> None:
    """Raises Forbidden for a role that this person may not give, NotFound for a room that they may not bring others
    into, BadRequest for too many."""
    if len(room_ids) > MOST_ROOMS:
        raise BadRequest("These are too many rooms: {rooms} is the most.", rooms=MOST_ROOMS)
    if role != "member" and not rights.can(maker, rights.GIVING[role]):
        raise Forbidden
    for room_id in room_ids:
        room = rooms.by_id(connection, room_id)
        if room is None or not may_bring(connection, maker.user, room):
            raise NotFound


def may_bring(connection: Connection, maker: User | None, room: Room) -> bool:
    """Into a private room those alone who are in it, into a direct one or a thread nobody; without a maker it is the
    server's operator."""
    if room.archived_at is not None or room.kind not in rooms.MADE:
        return False
    if room.kind == "public" or maker is None:
        return True
    return rights.can(Visitor(maker), "room.add", memberships.find(connection, room.id, maker.id))


def bring(
    connection: Connection, person: User, room_ids: Iterable[int], made_by: int | None, now: int
) -> list[tuple[Room, int]]:
    """Into those of these rooms that they are not in; returns each with the seq of the joining."""
    maker = None if made_by is None else users.by_id(connection, made_by)
    joined: list[tuple[Room, int]] = []
    for room_id in sorted(set(room_ids)):
        room = rooms.locked(connection, room_id)
        if room is None or not may_bring(connection, maker, room):
            continue
        if memberships.find(connection, room_id, person.id) is None:
            room, membership = memberships.join(connection, room_id, person.id, now)
            joined.append((room, membership.seq))
    return joined


def promote(connection: Connection, person: User, role: Role, made_by: int | None, now: int) -> User:
    """Give this role unless the person has it, or a higher one. Take a turn first, and call it last."""
    if rights.RANKS[role] <= rights.RANKS[person.role]:
        return person
    maker = None if made_by is None else users.by_id(connection, made_by)
    if maker is not None and not rights.may_set_role(Visitor(maker), person, role):
        return person
    promoted = users.set_role(connection, person, role, now, ())
    roles.record(connection, "role.set", now, maker, person.role, promoted)
    return promoted
