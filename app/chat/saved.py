"""Messages that somebody keeps for themselves. Nobody else hears of it."""

from app.chat import access
from app.chat.events import publish_to_user
from app.chat.found import FoundPage, page_of
from app.memory.limits import Limit
from app.models import Saved, Visitor
from app.protocol.events import MessageSaved
from app.services import Services
from app.storage import messages, saved
from app.storage.database import Connection

PACE = Limit(120, 60.0)
"""Messages that one person saves, and pages that they read of them."""
NUMBERS = 1_000
"""Of one room, told at once."""


async def save(services: Services, visitor: Visitor, room_id: int, number: int, *, on: bool) -> None:
    """Keep a message, or keep it no longer. Once more changes nothing. Raises NotFound, MessageRemoved or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"save:{visitor.user.id}", PACE)
    change = keep if on else saved.remove
    if await services.store.write(change, visitor.user.id, room_id, number):
        publish_to_user(services, visitor.user.id, MessageSaved(room=room_id, number=number, on=on))


def keep(connection: Connection, user_id: int, room_id: int, number: int) -> bool:
    """False where it was kept before."""
    access.standing_message(messages.by_number(connection, room_id, number))
    return saved.add(connection, user_id, room_id, number)


async def page(services: Services, visitor: Visitor, before: int | None, limit: int) -> FoundPage[Saved]:
    """What the visitor has saved, last first. Raises TooFast."""
    services.limits.take(f"save:{visitor.user.id}", PACE)
    return await services.store.read(read, visitor.user.id, before, limit)


def read(connection: Connection, user_id: int, before: int | None, limit: int) -> FoundPage[Saved]:
    return page_of(connection, saved.page(connection, user_id, before, limit + 1), limit)


async def numbers(services: Services, visitor: Visitor, room_id: int) -> list[int]:
    """Which messages of a room they are, the newest of them. Raises NotFound or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"save:{visitor.user.id}", PACE)
    return await services.store.read(saved.numbers, visitor.user.id, room_id, NUMBERS)
