"""Rooms, and the counters in their rows (docs/architecture.md)."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select, update

from app.errors import BadRequest
from app.models import Room, RoomKind
from app.storage import database
from app.storage.records import columns_of, one
from app.storage.tables import rooms

COLUMNS = columns_of(rooms, Room)


def add(connection: Connection, slug: str, name: str, topic: str, kind: RoomKind, now: int) -> Room:
    """Make an empty room. Raises BadRequest when the slug is taken."""
    if by_slug(connection, slug) is not None:
        raise BadRequest(f"There is a room {slug} already.")
    made = insert(rooms).values(
        slug=slug, name=name, topic=topic, kind=kind, last_number=0, seq=0, last_at=0, members=0, created_at=now
    )
    return Room(*connection.execute(made.returning(*COLUMNS)).one())


def by_id(connection: Connection, room_id: int) -> Room | None:
    return one(connection, select(*COLUMNS).where(rooms.c.id == room_id), Room)


def by_slug(connection: Connection, slug: str) -> Room | None:
    return one(connection, select(*COLUMNS).where(rooms.c.slug == slug), Room)


def heads(connection: Connection, room_ids: Iterable[int]) -> dict[int, int]:
    """`seq` of each of these rooms that exists."""
    wanted = [(room_id,) for room_id in sorted(room_ids)]
    return dict(database.of(connection).find_rows(connection, (rooms.c.id, rooms.c.seq), (rooms.c.id,), wanted))


def admit(connection: Connection, room_id: int, people: int) -> Room:
    """Count so many more people, each of whose joining is a change: the last of them is the returned room's `seq`."""
    values = {"seq": rooms.c.seq + people, "members": rooms.c.members + people}
    taken = update(rooms).where(rooms.c.id == room_id).values(values)
    return Room(*connection.execute(taken.returning(*COLUMNS)).one())
