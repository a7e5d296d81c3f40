"""Reading a room's messages: pages by number, all oldest first, and what changed since. `log.py` writes them."""

from sqlalchemy import ColumnElement, Connection, func, select

from app.models import Message
from app.storage.records import columns_of, every
from app.storage.tables import messages, rooms

COLUMNS = columns_of(messages, Message)


def newest(connection: Connection, room_id: int, limit: int) -> list[Message]:
    """The last `limit` messages of a room."""
    return _last(connection, messages.c.room_id == room_id, limit)


def before(connection: Connection, room_id: int, number: int, limit: int) -> list[Message]:
    """The `limit` messages in front of `number`."""
    return _last(connection, (messages.c.room_id == room_id) & (messages.c.number < number), limit)


def after(connection: Connection, room_id: int, number: int, limit: int) -> list[Message]:
    """The `limit` messages that follow `number`."""
    query = select(*COLUMNS).where(messages.c.room_id == room_id, messages.c.number > number)
    return every(connection, query.order_by(messages.c.number).limit(limit), Message)


def around(connection: Connection, room_id: int, number: int, limit: int) -> list[Message]:
    """`limit` messages with `number` in their middle, or nearer to the edge where the room begins or ends."""
    last_number = connection.execute(select(rooms.c.last_number).where(rooms.c.id == room_id)).scalar() or 0
    first = min(number - limit // 2, last_number - limit + 1)
    return after(connection, room_id, max(first, 1) - 1, limit)


def changed_since(connection: Connection, room_id: int, seq: int, limit: int) -> list[Message]:
    """The first `limit` messages posted or changed after `seq`, in the order of their changes."""
    query = select(*COLUMNS).where(messages.c.room_id == room_id, messages.c.seq > seq)
    return every(connection, query.order_by(messages.c.seq).limit(limit), Message)


def count_changed_since(connection: Connection, room_id: int, seq: int, limit: int) -> int:
    """How many messages were posted or changed after `seq`, counted up to `limit`."""
    changed = select(messages.c.seq).where(messages.c.room_id == room_id, messages.c.seq > seq).limit(limit)
    return connection.execute(select(func.count()).select_from(changed.subquery())).scalar_one()


def _last(connection: Connection, condition: ColumnElement[bool], limit: int) -> list[Message]:
    query = select(*COLUMNS).where(condition).order_by(messages.c.number.desc()).limit(limit)
    return every(connection, query, Message)[::-1]
