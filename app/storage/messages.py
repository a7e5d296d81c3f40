"""Reading a room's messages: pages by number, all oldest first, and what changed since. `log.py` writes them."""

from sqlalchemy import Connection, bindparam, func, select

from app.models import Message
from app.storage.records import columns_of, every
from app.storage.tables import messages, rooms

COLUMNS = columns_of(messages, Message)
IN_ROOM = select(*COLUMNS).where(messages.c.room_id == bindparam("room_id")).limit(bindparam("count"))
NEWEST = IN_ROOM.order_by(messages.c.number.desc())
BEFORE = NEWEST.where(messages.c.number < bindparam("before"))
AFTER = IN_ROOM.where(messages.c.number > bindparam("after")).order_by(messages.c.number)
CHANGED = IN_ROOM.where(messages.c.seq > bindparam("since")).order_by(messages.c.seq)


def newest(connection: Connection, room_id: int, limit: int) -> list[Message]:
    """The last `limit` messages of a room."""
    return every(connection, NEWEST, Message, room_id=room_id, count=limit)[::-1]


def before(connection: Connection, room_id: int, number: int, limit: int) -> list[Message]:
    """The `limit` messages in front of `number`."""
    return every(connection, BEFORE, Message, room_id=room_id, before=number, count=limit)[::-1]


def after(connection: Connection, room_id: int, number: int, limit: int) -> list[Message]:
    """The `limit` messages that follow `number`."""
    return every(connection, AFTER, Message, room_id=room_id, after=number, count=limit)


def around(connection: Connection, room_id: int, number: int, limit: int) -> list[Message]:
    """`limit` messages with `number` in their middle, or nearer to the edge where the room begins or ends."""
    last_number = connection.execute(select(rooms.c.last_number).where(rooms.c.id == room_id)).scalar() or 0
    first = min(number - limit // 2, last_number - limit + 1)
    return after(connection, room_id, max(first, 1) - 1, limit)


def changed_since(connection: Connection, room_id: int, seq: int, limit: int) -> list[Message]:
    """The first `limit` messages posted or changed after `seq`, in the order of their changes."""
    return every(connection, CHANGED, Message, room_id=room_id, since=seq, count=limit)


def count_changed_since(connection: Connection, room_id: int, seq: int, limit: int) -> int:
    """How many messages were posted or changed after `seq`, counted up to `limit`."""
    changed = select(messages.c.seq).where(messages.c.room_id == room_id, messages.c.seq > seq)
    # In order: otherwise reading the whole table may look like the shorter way to so many.
    counted = changed.order_by(messages.c.seq).limit(limit).subquery()
    return connection.execute(select(func.count()).select_from(counted)).scalar_one()
