"""Read markers: how far somebody has read a room, the same on all their devices."""

from app.chat import access
from app.chat.events import publish_to_user
from app.chat.mentions import MOST_UNREAD
from app.memory.limits import Limit
from app.models import Visitor
from app.protocol.events import RoomRead, RoomUnread
from app.services import Services
from app.storage import memberships, mentions
from app.storage.database import Connection

PACE = Limit(600, 60.0)
"""Of one person on all their devices: what they have read, what not, and how they want to have rooms. Each is a write,
and whoever reads all of many rooms says it of each."""


async def move(services: Services, visitor: Visitor, room_id: int, number: int) -> None:
    """Everything up to `number` has been read. Never moves backwards nor past the end. Raises NotFound or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    take_turn(services, visitor)
    if await services.store.write(memberships.move_read, room_id, visitor.user.id, number):
        publish_to_user(services, visitor.user.id, RoomRead(room=room_id, number=number))


async def move_back(services: Services, visitor: Visitor, room_id: int, number: int) -> None:
    """Message `number` and all that follow are unread again. Never moves forward. Raises NotFound or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    take_turn(services, visitor)
    unread = await services.store.write(move_unread, room_id, visitor.user.id, number)
    if unread is not None:
        publish_to_user(services, visitor.user.id, RoomUnread(room=room_id, number=number - 1, mentions=unread))


def move_unread(connection: Connection, room_id: int, user_id: int, number: int) -> list[int] | None:
    """The messages that mention them and are unread now; None when the marker stays."""
    if not memberships.move_unread(connection, room_id, user_id, number):
        return None
    return mentions.unread_in(connection, user_id, room_id, MOST_UNREAD)


def take_turn(services: Services, visitor: Visitor) -> None:
    services.limits.take(f"marks:{visitor.user.id}", PACE)
