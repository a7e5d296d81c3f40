"""Hints of the moment, kept nowhere: who is writing."""

from app.chat import access
from app.chat.events import publish_to_room, shown_person
from app.models import Visitor
from app.protocol.events import TypingStarted
from app.services import Services


async def typing(services: Services, visitor: Visitor, room_id: int) -> None:
    """Tell those who look at the room that the visitor is writing. Raises NotFound."""
    await access.room_to_post(services, visitor, room_id)
    publish_to_room(services, room_id, 0, TypingStarted(room=room_id, person=shown_person(visitor.user)))
