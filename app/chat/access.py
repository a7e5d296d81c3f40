"""The only way from an id to an object: through the person who asks.

What is absent and what is forbidden raise the same NotFound, so that nobody learns of a room they may not see.
"""

from app.errors import NotFound
from app.models import Membership, Room, Visitor
from app.services import Services
from app.storage import memberships, rooms


async def room_to_read(services: Services, visitor: Visitor, room_id: int) -> Membership:
    """The visitor's membership in a room they may read; NotFound otherwise."""
    return await membership(services, visitor, room_id)


async def room_to_post(services: Services, visitor: Visitor, room_id: int) -> Membership:
    """The visitor's membership in a room they may post in; NotFound otherwise."""
    return await membership(services, visitor, room_id)


async def room_named(services: Services, visitor: Visitor, slug: str) -> tuple[Room, Membership]:
    """The room with this address, and the visitor's membership in it; NotFound otherwise."""
    room = await services.store.read(rooms.by_slug, slug)
    if room is None:
        raise NotFound
    return room, await membership(services, visitor, room.id)


async def membership(services: Services, visitor: Visitor, room_id: int) -> Membership:
    key = (room_id, visitor.user.id)
    cache = services.cache.memberships
    found = cache.get(key)
    if found is None:
        version = cache.version
        found = await services.store.read(memberships.find, room_id, visitor.user.id)
        if found is None or found.left_at is not None:
            raise NotFound
        cache.put(key, found, version)
    return found
