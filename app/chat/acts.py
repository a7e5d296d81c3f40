"""The log of acts, as those who keep the peace read it. Each is written in the transaction of what it tells."""

from dataclasses import dataclass

from app.chat import access
from app.memory.limits import Limit
from app.models import Act, User, Visitor
from app.services import Services
from app.storage import acts, users
from app.storage.database import Connection

PACE = Limit(60, 60.0)
"""Pages that one person reads."""


@dataclass(frozen=True, slots=True)
class Page:
    """Acts, the newest first, and the people in them. `last`: nothing is older."""

    acts: list[Act]
    people: list[User]
    last: bool


async def page(services: Services, visitor: Visitor, *, before: int | None, limit: int) -> Page:
    """The newest acts, or those before one. Raises Forbidden or TooFast."""
    services.limits.take(f"acts:{visitor.user.id}", PACE)
    return await services.store.read(read_page, visitor, before, limit)


def read_page(connection: Connection, visitor: Visitor, before: int | None, limit: int) -> Page:
    access.allow_now(connection, visitor, "acts.list")
    found = acts.page(connection, visitor.user.id, before, limit + 1)
    shown = found[:limit]
    ids = {user_id for act in shown for user_id in (act.actor_id, act.person_id) if user_id is not None}
    return Page(shown, users.by_ids(connection, ids), last=len(found) <= limit)
