"""Whom people do not want to read."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, exists, select

from app.models import User
from app.storage import database
from app.storage import users as user_rows
from app.storage.records import every
from app.storage.tables import blocks, users

PEOPLE = (
    select(*user_rows.COLUMNS)
    .join_from(blocks, users, users.c.id == blocks.c.blocked_id)
    .where(blocks.c.user_id == bindparam("user_id"))
    .order_by(users.c.handle_key, users.c.id)
)
NOT_BLOCKED = ~exists().where(blocks.c.user_id == bindparam("visitor_id"), blocks.c.blocked_id == users.c.id)
"""For queries of people: none whom the visitor has blocked."""


def add(connection: Connection, user_id: int, blocked_id: int, now: int) -> bool:
    """False when they were blocked before."""
    row = {"user_id": user_id, "blocked_id": blocked_id, "at": now}
    return connection.execute(database.of(connection).insert_missing(blocks), row).rowcount == 1


def remove(connection: Connection, user_id: int, blocked_id: int) -> bool:
    """False when they were not blocked."""
    block = delete(blocks).where(blocks.c.user_id == user_id, blocks.c.blocked_id == blocked_id)
    return connection.execute(block).rowcount == 1


def drop_of(connection: Connection, user_id: int) -> None:
    """Somebody blocks nobody any more; whoever has blocked them goes on doing so."""
    connection.execute(delete(blocks).where(blocks.c.user_id == user_id))


def ids(connection: Connection, user_id: int) -> list[int]:
    """Whom somebody has blocked."""
    found = database.of(connection).find_rows(connection, (blocks.c.blocked_id,), (blocks.c.user_id,), [(user_id,)])
    return sorted(blocked_id for (blocked_id,) in found)


def who_blocked(connection: Connection, blocked_id: int, among: Iterable[int]) -> set[int]:
    """Those among these people who have blocked somebody."""
    keys = [(user_id, blocked_id) for user_id in among]
    columns = (blocks.c.user_id, blocks.c.blocked_id)
    return {user_id for (user_id,) in database.of(connection).find_rows(connection, columns[:1], columns, keys)}


def people(connection: Connection, user_id: int) -> list[User]:
    """The same people, by handle."""
    return every(connection, PEOPLE, User, user_id=user_id)
