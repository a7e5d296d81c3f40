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
from app.models import Mention, Message, Saved, User
from app.render.mentions import drawn

SHOWN = 30


class FoundMessagesPage(ChatPage):
    """Behind it a room waits, as behind /catch-up."""

    def shown(
        self,
        found: Iterable[tuple[Mention | Saved, Message]],
        people: Iterable[User],
        quotes: Quotes,
        mine: Belongings,
        *,
        last: bool,
    ) -> SimpleNamespace:
        """The page as the template draws it first; the times are UTC's until the script knows the reader's."""
        rooms = {room.id: room for room, _ in mine.rooms}
        known = {person.id: named(person, self.words) for person in people}
        rows = [
            SimpleNamespace(
                id=each.id,
                room=rooms[each.room_id],
                talk=talk_of(rooms[each.room_id], mine.people, self.person, self.services.presence, self.words),
                number=message.number,
                author=known[message.author_id],
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
