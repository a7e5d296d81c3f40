"""Finding people by what they are called."""

from dataclasses import dataclass

from app.chat import access
from app.memory.limits import Limit
from app.models import User, Visitor
from app.services import Services
from app.storage import suggestions
from app.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Found:
    """`members` of the room, who spoke last there first, and `others` whom the visitor shares another room with."""

    members: list[User]
    others: list[User]


async def search(services: Services, visitor: Visitor, room_id: int, prefix: str, limit: int) -> Found:
    """At most `limit` people whom somebody who writes in this room may mean by `prefix`: the first letters of a handle,
    or of any word of a name, whatever case and accents; none whom they have blocked. Raises NotFound or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"people:{visitor.user.id}", Limit(services.settings.limit_people_per_minute, 60.0))
    return await services.store.read(find, room_id, visitor.user.id, prefix, limit)


def find(connection: Connection, room_id: int, visitor_id: int, prefix: str, limit: int) -> Found:
    members = suggestions.members(connection, room_id, visitor_id, prefix, limit)
    left = limit - len(members)
    return Found(members, suggestions.others(connection, room_id, visitor_id, prefix, left) if left else [])
