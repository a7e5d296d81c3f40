"""Who is in which room, and how far they have read. Joining is a durable change of the room: it takes a `seq`."""

from sqlalchemy import Connection, bindparam, insert, select, update

from app.models import Membership, Room, User
from app.storage import rooms as room_rows
from app.storage import turns
from app.storage import users as user_rows
from app.storage.records import columns_of, every, one, pairs
from app.storage.tables import memberships, rooms, users

COLUMNS = columns_of(memberships, Membership)
WITH_ROOM = select(*room_rows.COLUMNS, *COLUMNS).join_from(rooms, memberships).where(memberships.c.left_at.is_(None))
OF_USER = WITH_ROOM.where(memberships.c.user_id == bindparam("user_id")).order_by(rooms.c.id)
IN_ROOM = WITH_ROOM.where(rooms.c.id == bindparam("room_id"), memberships.c.user_id == bindparam("user_id"))
LIVING = select(*COLUMNS).where(
    memberships.c.room_id == bindparam("room_id"),
    memberships.c.user_id == bindparam("user_id"),
    memberships.c.left_at.is_(None),
)


def join_public(connection: Connection, user_id: int, now: int) -> list[tuple[Room, int]]:
    """Join all public rooms this person never was in; returns each with the seq of the joining.

    A newcomer has nothing unread: the read marker starts at the room's last message.
    """
    turns.take(connection)
    been_in = select(memberships.c.room_id).where(memberships.c.user_id == user_id)
    missing = select(rooms.c.id).where(rooms.c.kind == "public", rooms.c.id.not_in(been_in)).order_by(rooms.c.id)
    joined = [room_rows.admit(connection, room_id, 1) for room_id in connection.scalars(missing).all()]
    _insert(connection, [(room, user_id, room.seq) for room in joined], now)
    return [(room, room.seq) for room in joined]


def join_everybody(connection: Connection, room_id: int, now: int) -> list[tuple[User, int]]:
    """Every person who never was in the room joins it; returns each with the seq of the joining, in that order."""
    turns.take(connection)
    been_in = select(memberships.c.user_id).where(memberships.c.room_id == room_id)
    missing = select(*user_rows.COLUMNS).where(users.c.kind == "person", users.c.id.not_in(been_in))
    people = every(connection, missing.order_by(users.c.id), User)
    room = room_rows.admit(connection, room_id, len(people))
    joined = list(zip(people, range(room.seq - len(people) + 1, room.seq + 1), strict=True))
    _insert(connection, [(room, user.id, seq) for user, seq in joined], now)
    return joined


def of_user(connection: Connection, user_id: int) -> list[tuple[Room, Membership]]:
    """The rooms somebody is in, oldest first."""
    return pairs(connection, OF_USER, Room, Membership, user_id=user_id)


def find(connection: Connection, room_id: int, user_id: int) -> Membership | None:
    """A membership that has not ended."""
    return one(connection, LIVING, Membership, room_id=room_id, user_id=user_id)


def find_with_room(connection: Connection, room_id: int, user_id: int) -> tuple[Room, Membership] | None:
    """A membership that has not ended, with its room: one look for who comes back."""
    return next(iter(pairs(connection, IN_ROOM, Room, Membership, room_id=room_id, user_id=user_id)), None)


def move_read(connection: Connection, room_id: int, user_id: int, number: int) -> bool:
    """Move the read marker forward to `number`; False when it stays: never backwards, never past the last message."""
    last_number = select(rooms.c.last_number).where(rooms.c.id == room_id).scalar_subquery()
    moved = update(memberships).where(
        memberships.c.room_id == room_id,
        memberships.c.user_id == user_id,
        memberships.c.left_at.is_(None),
        memberships.c.read_number < number,
        number <= last_number,
    )
    return connection.execute(moved.values(read_number=number)).rowcount == 1


def changed_since(connection: Connection, room_id: int, seq: int) -> list[Membership]:
    """Memberships of a room that began or ended after `seq`, in that order."""
    query = select(*COLUMNS).where(memberships.c.room_id == room_id, memberships.c.seq > seq)
    return every(connection, query.order_by(memberships.c.seq), Membership)


def joined_since(connection: Connection, at: int) -> list[tuple[Room, Membership]]:
    """Memberships that began at this time or later and have not ended, with their rooms."""
    return pairs(connection, WITH_ROOM.where(memberships.c.joined_at >= at), Room, Membership)


def _insert(connection: Connection, joined: list[tuple[Room, int, int]], now: int) -> None:
    rows = [
        {"room_id": room.id, "user_id": user_id, "read_number": room.last_number, "seq": seq, "joined_at": now}
        for room, user_id, seq in joined
    ]
    if rows:
        connection.execute(insert(memberships), rows)
