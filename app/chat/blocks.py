"""Whom somebody does not want to read. Nobody but them is told, and the server goes on delivering: what is hidden is
hidden by their own page (docs/protocol.md)."""

from app.chat.events import publish_to_user, shown_person
from app.errors import BadRequest, NotFound
from app.memory.limits import Limit
from app.models import User, Visitor
from app.protocol.events import PersonBlocked
from app.services import Services
from app.storage import blocks, memberships, users
from app.storage.database import Connection

PACE = Limit(60, 60.0)
"""Blocks of one person, and their ends."""
MOST = 1_000
"""They all go into the first words of each connection."""


async def block(services: Services, visitor: Visitor, user_id: int) -> None:
    """Block somebody who is, or was, in a room of the visitor's. Raises NotFound, BadRequest or TooFast."""
    if user_id == visitor.user.id:
        raise BadRequest("You cannot block yourself.")
    services.limits.take(f"blocks:{visitor.user.id}", PACE)
    blocked = await services.store.write(add, visitor.user.id, user_id, services.clock.now())
    if blocked is not None:
        tell(services, visitor, blocked, is_blocked=True)


def add(connection: Connection, visitor_id: int, user_id: int, now: int) -> User | None:
    """None: they were blocked before."""
    person = users.by_id(connection, user_id)
    if person is None or not memberships.have_met(connection, visitor_id, user_id):
        raise NotFound
    if len(blocks.ids(connection, visitor_id)) >= MOST:
        raise BadRequest("You can block at most {limit} people. Unblock somebody first.", limit=MOST)
    return person if blocks.add(connection, visitor_id, user_id, now) else None


async def unblock(services: Services, visitor: Visitor, user_id: int) -> None:
    """Read somebody again. Raises TooFast."""
    services.limits.take(f"blocks:{visitor.user.id}", PACE)
    unblocked = await services.store.write(remove, visitor.user.id, user_id)
    if unblocked is not None:
        tell(services, visitor, unblocked, is_blocked=False)


def remove(connection: Connection, visitor_id: int, user_id: int) -> User | None:
    """None: they were not blocked."""
    return users.by_id(connection, user_id) if blocks.remove(connection, visitor_id, user_id) else None


def tell(services: Services, visitor: Visitor, person: User, *, is_blocked: bool) -> None:
    publish_to_user(services, visitor.user.id, PersonBlocked(person=shown_person(person), blocked=is_blocked))


async def mine(services: Services, visitor: Visitor) -> list[User]:
    """Whom the visitor has blocked, by handle."""
    return await services.store.read(blocks.people, visitor.user.id)
