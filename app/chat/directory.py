"""The directory: which rooms there are, as far as somebody may know."""

from dataclasses import dataclass

from app.memory.limits import Limit
from app.models import Room, Visitor
from app.services import Services
from app.storage import rooms

PACE = Limit(60, 60.0)
"""Looks of one person: a page while they type, and one for each that they turn."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rooms by name, each with whether the visitor is in it. `last`: none follows."""

    rooms: list[tuple[Room, bool]]
    last: bool


async def page(services: Services, visitor: Visitor, prefix: str, after: int | None, limit: int) -> Page:
    """Public rooms and the visitor's own whose name begins so, past the room `after`. Raises TooFast."""
    services.limits.take(f"directory:{visitor.user.id}", PACE)
    found = await services.store.read(rooms.directory, visitor.user.id, prefix, after, limit + 1)
    return Page(found[:limit], last=len(found) <= limit)
