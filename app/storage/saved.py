"""Messages that people keep for themselves."""

from sqlalchemy import Connection, bindparam, delete, select

from app.models import Message, Saved
from app.storage import database
from app.storage import messages as message_rows
from app.storage.records import columns_of, every, pairs
from app.storage.tables import memberships, messages, saved

COLUMNS = columns_of(saved, Saved)
IS_SAVED = (messages.c.room_id == saved.c.room_id) & (messages.c.number == saved.c.number)
NEWEST = (
    select(*COLUMNS, *message_rows.COLUMNS)
    .join_from(saved, messages, IS_SAVED)
    .join(memberships, memberships.c.room_id == saved.c.room_id)
    .where(saved.c.user_id == bindparam("user_id"), messages.c.removed_at.is_(None))
    .where(memberships.c.user_id == bindparam("user_id"), memberships.c.left_at.is_(None))
    .order_by(saved.c.id.desc())
    .limit(bindparam("count"))
)
FURTHER = NEWEST.where(saved.c.id < bindparam("before"))
NUMBERS = (
    select(saved.c.number)
    .where(saved.c.user_id == bindparam("user_id"), saved.c.room_id == bindparam("room_id"))
    .order_by(saved.c.number.desc())
    .limit(bindparam("count"))
)
OF_USER = select(*COLUMNS).where(saved.c.user_id == bindparam("user_id")).order_by(saved.c.id)


def add(connection: Connection, user_id: int, room_id: int, number: int) -> bool:
    """False when it was saved before."""
    row = {"user_id": user_id, "room_id": room_id, "number": number}
    return connection.execute(database.of(connection).insert_missing(saved), row).rowcount == 1


def remove(connection: Connection, user_id: int, room_id: int, number: int) -> bool:
    """False when it was not saved."""
    one = delete(saved).where(saved.c.user_id == user_id, saved.c.room_id == room_id, saved.c.number == number)
    return connection.execute(one).rowcount == 1


def page(connection: Connection, user_id: int, before: int | None, limit: int) -> list[tuple[Saved, Message]]:
    """What somebody has saved in rooms that they are in, and what is there still; saved last first, below `before`."""
    if before is None:
        return pairs(connection, NEWEST, Saved, Message, user_id=user_id, count=limit)
    return pairs(connection, FURTHER, Saved, Message, user_id=user_id, before=before, count=limit)


def numbers(connection: Connection, user_id: int, room_id: int, limit: int) -> list[int]:
    """Of the messages of a room those that somebody has saved, the newest `limit`."""
    asked = {"user_id": user_id, "room_id": room_id, "count": limit}
    return sorted(connection.execute(NUMBERS, asked).scalars())


def of_user(connection: Connection, user_id: int) -> list[Saved]:
    """All that somebody has saved, the first first."""
    return every(connection, OF_USER, Saved, user_id=user_id)


def drop_of(connection: Connection, user_id: int) -> None:
    connection.execute(delete(saved).where(saved.c.user_id == user_id))
