"""A day of a room: a page of its own for who reads from outside, a place in the room for who is in it."""

from datetime import date

from app.chat import messages
from app.errors import NotFound
from app.handlers.public import PublicRoomPage, address
from app.models import Room

MOST = 15
"""Digits of a message's number."""


class DayHandler(PublicRoomPage):
    """GET /chat/<room>/<YYYY-MM-DD>, with `after`, the number behind which the page begins. Days are UTC's."""

    action = "room.read"

    async def get(self, slug: str, text: str) -> None:
        day, found = day_in(text), await self.found_inside(slug)
        if found is not None:
            await self.lead_inside(found[0], day)
        else:
            await self.show_day(slug, day or date.min, self.after)

    head = get

    async def lead_inside(self, room: Room, day: date | None) -> None:
        """To the first message of the day."""
        number = None if day is None else await messages.first_of_day(self.services, self.signed_in, room.id, day)
        if number is None:
            raise NotFound
        self.redirect(f"{address(room)}/{number}")

    @property
    def after(self) -> int:
        given = self.get_query_argument("after", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) <= MOST else 0


def day_in(text: str) -> date | None:
    """None for one that no calendar has."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
