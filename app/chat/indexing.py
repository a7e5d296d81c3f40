"""Making messages findable, a few at a time, some moments after they were posted."""

from app.services import Services
from app.storage import search_entries

AT_ONCE = 50
"""Messages of one transaction, in which nobody else writes to SQLite: some 10 ms."""
ROOMS = 1_000
"""That are looked for at a time."""


async def index_some(services: Services, room_id: int) -> bool:
    """Make the next messages of a room findable. Whether there may be more, as there may while somebody else is at work
    there. Raises Unavailable or StorageFull."""
    made = await services.store.write(search_entries.make_next, room_id, AT_ONCE)
    if made is None:
        return True
    services.metrics.messages_indexed += made
    return made == AT_ONCE


async def rooms_behind(services: Services) -> list[int]:
    """Some of the rooms that have messages which are not findable yet. Raises Unavailable or StorageFull."""
    return await services.store.read(search_entries.rooms_behind, ROOMS)
