"""Drafts: what somebody has begun to write in a room, the newest of all their devices."""

from dataclasses import dataclass

from app.chat import access
from app.chat.events import publish_to_user, shown_draft
from app.errors import DraftTooLong
from app.memory.limits import Limit
from app.models import Draft, Visitor
from app.protocol.events import DraftChanged
from app.protocol.fields import DRAFT_LIMIT, DRAFTS_LIMIT
from app.services import Services
from app.storage import drafts
from app.storage.database import Connection
from app.storage.drafts import Saved


@dataclass(frozen=True, slots=True)
class Outcome:
    """The draft that holds, and the text that gave way to it unseen by who wrote it."""

    draft: Draft
    replaced: Draft | None


async def save(services: Services, visitor: Visitor, room_id: int, text: str, age: int = 0, known: int = 0) -> Outcome:
    """Keep what the visitor wrote in a room `age` milliseconds ago, unless something newer is kept; an emptied draft is
    one, too. `known` is the `at` of the draft that they had before them.

    Raises NotFound, DraftTooLong or TooFast.
    """
    await access.room_to_write(services, visitor, room_id)
    limit = Limit(services.settings.limit_drafts_per_minute, 60.0)
    services.limits.take(f"draft:{visitor.user.id}", limit)
    now = services.clock.now()
    draft = Draft(room_id, text, max(0, now - age))
    saved = await services.store.write(save_within_limits, visitor.user.id, draft, now)
    if saved.changed:
        publish_to_user(services, visitor.user.id, DraftChanged(draft=shown_draft(saved.draft)))
    before = saved.before
    return Outcome(saved.draft, before if before is not None and before.text and before.at != known else None)


def save_within_limits(connection: Connection, user_id: int, draft: Draft, now: int) -> Saved:
    """All of somebody's drafts go into the first words of each of their connections, so together they are bounded."""
    size = len(draft.text)
    if size > DRAFT_LIMIT:
        raise DraftTooLong
    if size and size + drafts.characters_elsewhere(connection, user_id, draft.room_id) > DRAFTS_LIMIT:
        raise DraftTooLong
    return drafts.save(connection, user_id, draft, now)
