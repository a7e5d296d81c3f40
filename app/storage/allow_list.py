"""The allow-list: handles that may come in. The first X id that signs in with one takes its line; later ones get
nothing of it."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, select, update

from app.models import Allowed, Role
from app.storage import database
from app.storage.records import columns_of
from app.storage.tables import allow_list

COLUMNS = columns_of(allow_list, Allowed)


def add(
    connection: Connection, handles: Collection[str], role: Role, rooms: tuple[int, ...], made_by: int, now: int
) -> int:
    """Put these handles on the list, with what they give; returns how many are new. What was on it and is not taken yet
    gives this from now on; what was taken stays as it is. Take a turn first."""
    before = count(connection)
    given = {"role": role, "rooms": msgspec.json.encode(rooms).decode(), "made_by": made_by, "made_at": now}
    for handle in handles:
        key = handle.casefold()
        missing = database.of(connection).insert_missing(allow_list)
        connection.execute(missing.values(handle_key=key, handle=handle, **given))
        free = update(allow_list).where(allow_list.c.handle_key == key, allow_list.c.user_id.is_(None))
        connection.execute(free.values(handle=handle, **given))
    return count(connection) - before


def free(connection: Connection, handle: str) -> Allowed | None:
    """The line of this handle, unless somebody came by it."""
    query = select(*COLUMNS).where(allow_list.c.handle_key == handle.casefold(), allow_list.c.user_id.is_(None))
    row = connection.execute(query).one_or_none()
    return None if row is None else _allowed(row)


def take(connection: Connection, handle: str, user_id: int) -> None:
    """This person came by it. Take a turn first."""
    line = update(allow_list).where(allow_list.c.handle_key == handle.casefold(), allow_list.c.user_id.is_(None))
    connection.execute(line.values(user_id=user_id))


def remove(connection: Connection, handle: str) -> bool:
    """Whoever came by it stays. False where it is not on the list."""
    line = delete(allow_list).where(allow_list.c.handle_key == handle.casefold())
    return connection.execute(line).rowcount == 1


def page(connection: Connection, limit: int) -> list[Allowed]:
    """By handle; those by which nobody came yet are first."""
    query = select(*COLUMNS).order_by(allow_list.c.user_id.is_not(None), allow_list.c.handle_key).limit(limit)
    return [_allowed(row) for row in connection.execute(query)]


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(allow_list)).scalar_one()


def _allowed(row: Any) -> Allowed:
    return msgspec.structs.replace(Allowed(*row), rooms=tuple(msgspec.json.decode(row.rooms)))
