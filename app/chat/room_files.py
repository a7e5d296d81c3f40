"""What people added to the messages of a room, the newest first."""

from dataclasses import dataclass

from app.chat import access
from app.chat.context import people_in
from app.chat.portions import first_that_fit
from app.memory.limits import Limit
from app.models import Message, User, Visitor
from app.services import Services
from app.storage import messages, search, users
from app.storage.database import Connection
from app.storage.search import NEWEST, Asked
from app.storage.search_entries import FILE

PACE = Limit(60, 60.0)
"""Pages of one person's."""


@dataclass(frozen=True, slots=True)
class Page:
    """Messages that have files, and the people in them. Older ones are `before` this, where it is not None; there may
    be none."""

    messages: list[Message]
    people: list[User]
    before: int | None


async def page(services: Services, visitor: Visitor, room_id: int, before: int | None, limit: int) -> Page:
    """`before` is what the page before this one said. What was posted just now is found a moment later. Raises NotFound
    or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"room_files:{visitor.user.id}", PACE)
    return await services.store.read(read, room_id, before, limit)


def read(connection: Connection, room_id: int, before: int | None, limit: int) -> Page:
    asked = Asked(rooms=[room_id], flags=[FILE], below=NEWEST if before is None else before)
    found = search.newest(connection, asked, limit)
    rows = {each.number: each for each in messages.by_numbers(connection, [hit.key for hit in found.hits])}
    fitting = first_that_fit([rows[hit.number] for hit in found.hits])
    return Page(fitting, users.by_ids(connection, people_in(fitting)), found.behind(len(fitting)))
