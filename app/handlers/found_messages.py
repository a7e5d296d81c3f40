"""Pages of single messages out of many rooms, the newest first."""

from collections.abc import Iterable
from datetime import UTC, datetime
from types import SimpleNamespace

from markupsafe import escape

from app.chat.accounts import Belongings
from app.chat.context import Quotes, target_in
from app.handlers.pages import ChatPage
from app.handlers.quotes import shown_quote
from app.handlers.sidebar import talk_of
from app.handlers.timeline import moment_label, moment_of, named
from app.models import Mention, Message, Room, Saved, User
from app.render.mentions import drawn

SHOWN = 30


class FoundMessagesPage(ChatPage):
    """Behind it a room waits, as behind /catch-up."""

    def shown(
        self,
        found: Iterable[tuple[Mention | Saved, Message]],
        people: Iterable[User],
        quotes: Quotes,
        threads: dict[int, Room],
        mine: Belongings,
        *,
        last: bool,
    ) -> SimpleNamespace:
        """The page as the template draws it first; the times are UTC's until the script knows the reader's. What stands
        in one of the `threads` leads to the message that it is about."""
        rooms = {room.id: room for room, _ in mine.rooms}
        rooms |= {id_: rooms[each.parent_id] for id_, each in threads.items() if each.parent_id in rooms}
        known = {person.id: named(person, self.words) for person in people}
        rows = [
            SimpleNamespace(
                id=each.id,
                room=rooms[each.room_id],
                talk=talk_of(rooms[each.room_id], mine.people, self.person, self.services.presence, self.words),
                room_id=each.room_id,
                number=message.number,
                root=threads[each.room_id].root_number if each.room_id in threads else None,
                author=known[message.author_id],
                kind=message.kind,
                quote=shown_quote(target_in(quotes, message), known, mine.blocked, self.words),
                html=drawn(message.html, known, self.person.id) or escape(message.said),
                is_new=self.is_new(each, mine),
                at=moment_of(message.at),
                at_label=moment_label(moment_of(message.at), datetime.now(UTC), self.words),
            )
            for each, message in found
            if each.room_id in rooms
        ]
        return SimpleNamespace(rows=rows, last=last)

    def is_new(self, _each: Mention | Saved, _mine: Belongings) -> bool:
        """Whether the reader has yet to see it."""
        return False
