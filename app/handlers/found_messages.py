"""Pages of single messages out of many rooms, the newest first."""

from abc import abstractmethod
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Generic

from markupsafe import escape

from app.chat.accounts import Belongings
from app.chat.context import target_in
from app.chat.events import shown_person
from app.chat.found import F, FoundPage
from app.handlers.over_room import OverRoomPage
from app.handlers.quotes import shown_quote
from app.handlers.sidebar import talk_of
from app.handlers.timeline import moment_label, moment_of, named
from app.models import Message, Room
from app.protocol.events import Value
from app.render.mentions import drawn

SHOWN = 30


class FoundMessagesPage(OverRoomPage, Generic[F]):
    view: str
    """Its name, under which the page's script finds what it starts from, too."""

    async def show(self, mine: Belongings) -> None:
        page = await self.ask()
        self.over(self.view, mine, {self.view: self.told(page)}, {self.view: self.shown(page, mine)})

    @abstractmethod
    async def ask(self) -> FoundPage[F]:
        """The newest of them."""

    @abstractmethod
    def shown_each(self, each: F, message: Message, quoted: Message | None, threads: dict[int, Room]) -> Value:
        """One of them as the wire shows it."""

    def told(self, page: FoundPage[F]) -> dict[str, Any]:
        """What the page's script starts from, in the words of the protocol."""
        return {
            self.view: [self.shown_each(*each, target_in(page.quotes, each[1]), page.threads) for each in page.found],
            "people": [shown_person(person) for person in page.people],
            "last": page.last,
        }

    def shown(self, page: FoundPage[F], mine: Belongings) -> SimpleNamespace:
        """The page as the template draws it first; the times are UTC's until the script knows the reader's. What stands
        in one of the `threads` leads to the message that it is about."""
        rooms = {room.id: room for room, _ in mine.rooms}
        rooms |= {id_: rooms[each.parent_id] for id_, each in page.threads.items() if each.parent_id in rooms}
        known = {person.id: named(person, self.words) for person in page.people}
        rows = [
            SimpleNamespace(
                id=each.id,
                room=rooms[each.room_id],
                talk=talk_of(rooms[each.room_id], mine.people, self.person, self.services.presence, self.words),
                room_id=each.room_id,
                number=message.number,
                root=page.threads[each.room_id].root_number if each.room_id in page.threads else None,
                author=known[message.author_id],
                kind=message.kind,
                quote=shown_quote(target_in(page.quotes, message), known, mine.blocked, self.words),
                html=self.words.html(drawn(message.html, known, self.person.id)) or escape(message.said),
                is_new=self.is_new(each, mine),
                at=moment_of(message.at),
                at_label=moment_label(moment_of(message.at), datetime.now(UTC), self.words),
            )
            for each, message in page.found
            if each.room_id in rooms
        ]
        return SimpleNamespace(rows=rows, last=page.last)

    def is_new(self, _each: F, _mine: Belongings) -> bool:
        """Whether the reader has yet to see it."""
        return False
