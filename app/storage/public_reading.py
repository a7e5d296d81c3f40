"""Rooms as those see them who are not signed in."""

from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select, update

from app.models import Room
from app.storage import database
from app.storage.rooms import COLUMNS
from app.storage.tables import meta, rooms

KEY = "public_reading"
ON, OFF = "on", "off"
SWITCH = and_(meta.c.key == KEY, meta.c.value == ON)
WITH_SWITCH = select(*COLUMNS, meta.c.value).join_from(rooms, meta, SWITCH, isouter=True)
READABLE = (
    WITH_SWITCH.where(rooms.c.is_readable, rooms.c.kind == "public").order_by(rooms.c.id).limit(bindparam("count"))
)


def is_on(connection: Connection) -> bool:
    """Whether the community allows it; a new one does not."""
    return connection.scalar(select(meta.c.value).where(meta.c.key == KEY)) == ON


def change(connection: Connection, *, on: bool) -> None:
    """Take a turn first."""
    connection.execute(database.of(connection).insert_missing(meta), {"key": KEY, "value": OFF})
    connection.execute(update(meta).where(meta.c.key == KEY).values(value=ON if on else OFF))


def by_slug(connection: Connection, slug: str) -> tuple[Room, bool] | None:
    """The room with this address, and whether the community allows reading from outside: one question."""
    return _with_switch(connection, WITH_SWITCH.where(rooms.c.slug == slug))


def by_id(connection: Connection, room_id: int) -> tuple[Room, bool] | None:
    return _with_switch(connection, WITH_SWITCH.where(rooms.c.id == room_id))


def listed(connection: Connection, limit: int) -> list[tuple[Room, bool]]:
    """Rooms that allow it, oldest first."""
    return [(Room(*columns), switch == ON) for *columns, switch in connection.execute(READABLE, {"count": limit})]


def _with_switch(connection: Connection, query: Select[Any]) -> tuple[Room, bool] | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else (Room(*row[:-1]), row[-1] == ON)
