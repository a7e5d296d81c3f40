"""Messages that a room has pinned. Each says so itself, too, for those who read it: `models.Extras.pinned`."""

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, delete, func, insert, select, tuple_

from app.models import Message, Pinned
from app.storage import message_changes
from app.storage import messages as message_rows
from app.storage.records import every
from app.storage.tables import messages, pins

IS_PINNED = (pins.c.room_id == messages.c.room_id) & (pins.c.number == messages.c.number)
OF_ROOM = (
    select(*message_rows.COLUMNS)
    .join_from(pins, messages, IS_PINNED)
    .where(pins.c.room_id == bindparam("room_id"))
    .order_by(pins.c.at.desc(), pins.c.number.desc())
)
COUNT = select(func.count()).where(pins.c.room_id == bindparam("room_id"))


def of_room(connection: Connection, room_id: int) -> list[Message]:
    """What was pinned last first."""
    return every(connection, OF_ROOM, Message, room_id=room_id)


def count(connection: Connection, room_id: int) -> int:
    return connection.execute(COUNT, {"room_id": room_id}).scalar_one()


def pin(connection: Connection, message: Message, user_id: int, now: int) -> Message:
    """Pin a message of a locked room that is not pinned; a change of the room."""
    row = {"room_id": message.room_id, "number": message.number, "pinned_by": user_id, "at": now}
    connection.execute(insert(pins), row)
    pinned = message.with_more(replace(message.more, pinned=Pinned(user_id, now)))
    return message_changes.write(connection, [pinned])[0]


def unpin(connection: Connection, message: Message) -> Message:
    """The same backwards."""
    return message_changes.write(connection, drop(connection, [message]))[0]


def drop(connection: Connection, found: Sequence[Message]) -> list[Message]:
    """These messages without their pins, which whoever goes on to change them writes."""
    keys = [(each.room_id, each.number) for each in found if each.more.pinned is not None]
    if keys:
        connection.execute(delete(pins).where(tuple_(pins.c.room_id, pins.c.number).in_(keys)))
    return [each.with_more(replace(each.more, pinned=None)) if each.extras else each for each in found]
