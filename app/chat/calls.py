"""@all and @here: words that tell many people of a message at once."""

from collections.abc import Container
from typing import TypeGuard

from app.chat import access, rights
from app.models import Message, Told, User, Visitor
from app.services import Services
from app.storage import blocks

HERE_LIMIT = 200
"""People. For each a row is written, so where more are connected @here is a word like any other. @all reaches them, by
one row, however many they are."""


async def reach(services: Services, visitor: Visitor, room_id: int, names: Container[str]) -> dict[str, Told]:
    """Whom those of these words tell that call people: none of whoever may not call them. @here tells neither the
    visitor nor who has blocked them. Raises NotFound."""
    room, membership = await access.room_to_write(services, visitor, room_id)
    if not rights.may_call(visitor, room, membership):
        return {}
    called: dict[str, Told] = {"all": "all"} if "all" in names else {}
    others = services.presence.people_in(room.id) - {visitor.user.id} if "here" in names else set()
    if 0 < len(others) <= HERE_LIMIT:
        deaf = await services.store.read(blocks.who_blocked, visitor.user.id, others)
        called["here"] = tuple(sorted(others - deaf))
    return called


def tells(message: Message, reader: User) -> bool:
    """Whether a message calls this reader."""
    told = message.more.told
    return message.author_id != reader.id and (told == "all" or (is_here(told) and reader.id in told))


def is_here(told: Told | None) -> TypeGuard[tuple[int, ...]]:
    """Whether these are the people of @here."""
    return isinstance(told, tuple)
