"""Messages that a room keeps in sight for everybody."""

from dataclasses import dataclass

from app.chat import access
from app.chat.context import Context, context_of, told_alone
from app.chat.messages import publish_changed
from app.errors import TooManyPins
from app.memory.limits import Limit
from app.models import Message, User, Visitor
from app.services import Services
from app.storage import messages, pins
from app.storage.database import Connection

PACE = Limit(30, 60.0)
"""Messages that one person pins, and takes off."""
READ = Limit(60, 60.0)
MOST = 50
"""Of one room: nobody reads more."""

Changed = tuple[Message, Context]
"""A message as it is now, with what goes with it."""


async def pin(services: Services, visitor: Visitor, room_id: int, number: int, *, on: bool) -> None:
    """Pin a message, or take it off. Once more changes nothing.

    Raises NotFound, MessageRemoved, TooManyPins, TooFast, or why the visitor could not post there: who may not speak
    in a room pins nothing in it."""
    services.limits.take(f"pin:{visitor.user.id}", PACE)
    change = put_up if on else take_off
    changed = await services.store.write(change, visitor, room_id, number, services.clock.now())
    if changed is not None:
        message, context = changed
        publish_changed(services, message, context.people, context.quoted)


def put_up(connection: Connection, visitor: Visitor, room_id: int, number: int, now: int) -> Changed | None:
    message = message_to_pin(connection, visitor, room_id, number, now)
    if message.more.pinned is not None:
        return None
    if pins.count(connection, room_id) >= MOST:
        raise TooManyPins(MOST)
    return told_alone(connection, pins.pin(connection, message, visitor.user.id, now))


def take_off(connection: Connection, visitor: Visitor, room_id: int, number: int, now: int) -> Changed | None:
    message = message_to_pin(connection, visitor, room_id, number, now)
    if message.more.pinned is None:
        return None
    return told_alone(connection, pins.unpin(connection, message))


def message_to_pin(connection: Connection, visitor: Visitor, room_id: int, number: int, now: int) -> Message:
    """A message of a room, locked now, where the visitor may pin."""
    actor = access.allow_now(connection, visitor, "message.pin")
    room, membership = access.room_to_rewrite(connection, actor, "message.pin", room_id)
    access.check_posting(actor, room, membership, now)
    return access.standing_message(messages.by_number(connection, room_id, number))


@dataclass(frozen=True, slots=True)
class Pins:
    """What a room has pinned, last first, with what goes with it (context.py)."""

    messages: list[Message]
    people: list[User]
    quoted: list[Message]


async def of_room(services: Services, visitor: Visitor, room_id: int) -> Pins:
    """Raises NotFound or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"pins:{visitor.user.id}", READ)
    return await services.store.read(read, room_id)


def read(connection: Connection, room_id: int) -> Pins:
    found = pins.of_room(connection, room_id)
    context = context_of(connection, found)
    return Pins(found, context.people, context.quoted)
