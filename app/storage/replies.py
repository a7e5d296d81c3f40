"""Messages that answer others of their room."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, bindparam, select

from app.models import Message
from app.storage import messages as message_rows
from app.storage.memberships import IS_IN
from app.storage.mentions import IS_BLOCKED
from app.storage.tables import messages, users

ANSWERED = (
    select(messages.c.reply_to)
    .distinct()
    .where(messages.c.room_id == bindparam("room_id"), messages.c.reply_to.in_(bindparam("numbers", expanding=True)))
    .where(messages.c.removed_at.is_(None))
)
REACHED = select(users.c.id).where(users.c.id == bindparam("user_id"), users.c.kind == "person", IS_IN, ~IS_BLOCKED)


def answered(connection: Connection, room_id: int, numbers: Collection[int]) -> set[int]:
    """Those of these messages of a room that one which is there still answers."""
    if not numbers:
        return set()
    return set(connection.scalars(ANSWERED, {"room_id": room_id, "numbers": list(numbers)}))


def targets(connection: Connection, found: Iterable[Message]) -> list[Message]:
    """What these messages answer, as far as it is not among them. Where none answers anything the database is not
    asked."""
    here, wanted = set(), set()
    for message in found:
        here.add((message.room_id, message.number))
        if message.answers is not None:
            wanted.add((message.room_id, message.answers))
    missing = wanted - here
    return message_rows.by_numbers(connection, sorted(missing)) if missing else []


def reaches(connection: Connection, room_id: int, author_id: int, user_id: int) -> bool:
    """Whether what an author writes in a room is told to somebody: they are in it, and have not blocked the author."""
    values = {"room_id": room_id, "user_id": user_id, "author_id": author_id}
    return connection.execute(REACHED, values).first() is not None
