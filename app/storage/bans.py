"""Who was put out of the community, and how it was before."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, exists, insert, select, update

from app.models import Ban, RoomRole
from app.storage import database
from app.storage.records import columns_of
from app.storage.tables import bans, users

COLUMNS = columns_of(bans, Ban)
STANDING = select(*COLUMNS).where(bans.c.user_id == bindparam("user_id"), bans.c.undone_at.is_(None))
HOLDS = (
    select(bans.c.id)
    .where(bans.c.id == bindparam("ban_id"), bans.c.undone_at.is_(None))
    # Whoever lifts it waits for those who act on it, and they wait for nobody of their kind.
    .with_for_update(read=True)
)
IS_BANNED = exists().where(bans.c.user_id == users.c.id, bans.c.undone_at.is_(None))
"""For queries of people."""
Rooms = Iterable[tuple[int, RoomRole]]


def add(connection: Connection, user_id: int, now: int, banned_by: int, reason: str, rooms: Rooms) -> Ban:
    """Take a turn first: somebody is banned once."""
    made = insert(bans).values(
        user_id=user_id,
        at=now,
        banned_by=banned_by,
        reason=reason,
        rooms=msgspec.json.encode(list(rooms)).decode(),
    )
    return _ban(connection.execute(made.returning(*COLUMNS)).one())


def standing(connection: Connection, user_id: int) -> Ban | None:
    """The ban that holds for somebody."""
    row = connection.execute(STANDING, {"user_id": user_id}).one_or_none()
    return None if row is None else _ban(row)


def holds(connection: Connection, ban: Ban) -> bool:
    """Whether it does still; then until the end of the transaction, too."""
    return connection.execute(HOLDS, {"ban_id": ban.id}).one_or_none() is not None


def among(connection: Connection, user_ids: Collection[int]) -> set[int]:
    """Those of these people for whom one holds."""
    wanted = [(user_id,) for user_id in sorted(user_ids)]
    columns = (bans.c.user_id, bans.c.undone_at)
    found = database.of(connection).find_rows(connection, columns, (bans.c.user_id,), wanted)
    return {user_id for user_id, undone_at in found if undone_at is None}


def page(connection: Connection, limit: int) -> list[Ban]:
    """Those that hold, the newest first."""
    query = select(*COLUMNS).where(bans.c.undone_at.is_(None)).order_by(bans.c.id.desc()).limit(limit)
    return [_ban(row) for row in connection.execute(query)]


def lift(connection: Connection, ban_id: int, now: int) -> None:
    connection.execute(update(bans).where(bans.c.id == ban_id).values(undone_at=now))


def _ban(row: Any) -> Ban:
    rooms = msgspec.json.decode(row.rooms, type=tuple[tuple[int, RoomRole], ...])
    return msgspec.structs.replace(Ban(*row), rooms=rooms)
