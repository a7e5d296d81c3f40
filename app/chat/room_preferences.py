"""How somebody wants to have a room: among their favourites, quiet, out of sight. The same on all their devices, and
nobody else's business."""

from app.chat import access
from app.chat.events import publish_to_user, shown_room_preferences
from app.chat.reading import take_turn
from app.errors import NotFound
from app.models import Level, Visitor
from app.services import Services
from app.storage import memberships


async def change(
    services: Services,
    visitor: Visitor,
    room_id: int,
    *,
    favourite: bool | None = None,
    muted: bool | None = None,
    hidden: bool | None = None,
    level: Level | None = None,
) -> None:
    """Set those that are not None. Raises NotFound or TooFast, of which that of the read markers is the same."""
    await access.room_to_read(services, visitor, room_id)
    given = {"favourite": favourite, "muted": muted, "hidden": hidden, "level": level}
    chosen = {name: value for name, value in given.items() if value is not None}
    if not chosen:
        return
    take_turn(services, visitor)
    membership = await services.store.write(memberships.prefer, room_id, visitor.user.id, chosen)
    if membership is None:  # they left in the meantime
        raise NotFound
    publish_to_user(services, visitor.user.id, shown_room_preferences(membership))
