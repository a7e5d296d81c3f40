"""Rooms, and the two counters in their rows (ARCHITECTURE section 4)."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, insert, select, update

from app.errors import BadRequest
from app.models import Room, RoomKind
from app.storage.records import columns_of, one
from app.storage.tables import memberships, rooms

COLUMNS = columns_of(rooms, Room)


def add(connection: Connection, slug: str, name: str, topic: str, kind: RoomKind, now: int) -> Room:
    """Make an empty room. Raises BadRequest when the slug is taken."""
    if by_slug(connection, slug) is not None:
        raise BadRequest(f"There is a room {slug} already.")
    made = insert(rooms).values(
        slug=slug, name=name, topic=topic, kind=kind, last_number=0, seq=0, last_at=0, created_at=now
    )
    return Room(*connection.execute(made.returning(*COLUMNS)).one())


def by_id(connection: Connection, room_id: int) -> Room | None:
    return one(connection, select(*COLUMNS).where(rooms.c.id == room_id), Room)


def by_slug(connection: Connection, slug: str) -> Room | None:
    return one(connection, select(*COLUMNS).where(rooms.c.slug == slug), Room)


def count_members(connection: Connection, room_id: int) -> int:
    members = select(func.count()).where(memberships.c.room_id == room_id, memberships.c.left_at.is_(None))
    return connection.execute(members).scalar_one()


def heads(connection: Connection, room_ids: Iterable[int]) -> dict[int, int]:
    """`seq` of each of these rooms that exists."""
    found = connection.execute(select(rooms.c.id, rooms.c.seq).where(rooms.c.id.in_(room_ids)))
    return {row.id: row.seq for row in found}


def advance(connection: Connection, room_id: int, changes: int) -> Room:
    """Take the next `changes` numbers of durable changes; the last of them is the returned room's `seq`."""
    taken = update(rooms).where(rooms.c.id == room_id).values(seq=rooms.c.seq + changes)
    return Room(*connection.execute(taken.returning(*COLUMNS)).one())
