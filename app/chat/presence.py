"""Hints of the moment, kept nowhere: who is writing."""

from contextlib import suppress

from app.chat import access
from app.chat.events import publish_to_room, shown_person
from app.errors import TooFast
from app.memory.limits import Limit
from app.models import Visitor
from app.protocol.events import TypingStarted
from app.services import Services

PACE = Limit(6, 3.0)
"""Hints of one person in one room. A client sends one every 3 s and one more after each message, and short messages
follow each other quickly: a pace of two swallowed the hint of the third."""


async def typing(services: Services, visitor: Visitor, room_id: int) -> None:
    """Tell those who look at the room that the visitor is writing. Raises NotFound.

    Hints beyond PACE are dropped: each goes to the whole room, so one client could keep a server busy with them.
    """
    await access.room_to_post(services, visitor, room_id)
    with suppress(TooFast):
        services.limits.take(f"typing:{room_id}:{visitor.user.id}", PACE)
        publish_to_room(services, room_id, 0, TypingStarted(room=room_id, person=shown_person(visitor.user)))
