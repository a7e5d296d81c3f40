"""Hints of the moment, kept nowhere: who is writing, who came and went."""

from app.chat import access
from app.chat.events import publish_to_everyone, publish_to_room, shown_person
from app.models import Visitor
from app.protocol.events import PresenceChanged, TypingStarted
from app.services import Services


async def typing(services: Services, visitor: Visitor, room_id: int) -> None:
    """Tell those who look at the room that the visitor is writing. Raises NotFound."""
    await access.room_to_post(services, visitor, room_id)
    publish_to_room(services, room_id, 0, TypingStarted(room=room_id, person=shown_person(visitor.user)))


def tell_changes(services: Services) -> None:
    """Tell everybody who came and went since the last call."""
    online, offline = services.presence.take_changes()
    if online or offline:
        publish_to_everyone(services, PresenceChanged(online=online, offline=offline))
