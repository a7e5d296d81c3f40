"""The page of what mentions one."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from app.chat import accounts, mentions
from app.chat.accounts import Belongings
from app.chat.events import shown_mention, shown_person
from app.chat.mentions import Page
from app.handlers.catch_up import NOTHING_YET
from app.handlers.pages import DIRECTORY, ChatPage, first_room
from app.handlers.timeline import moment_label, moment_of, named
from app.models import Mention, Message, Room, User
from app.render.mentions import drawn

SHOWN = 30


class MentionsHandler(ChatPage):
    """GET /mentions: the newest messages that mention the visitor. Behind it a room waits, as behind /catch-up."""

    action = "chat.use"

    async def get(self) -> None:
        mine = await accounts.arrive(self.services, self.signed_in)
        if not mine.rooms:
            self.redirect(DIRECTORY)
            return
        found = await mentions.page(self.services, self.signed_in, None, SHOWN)
        room = first_room(mine)
        boot = self.boot(room, mine, NOTHING_YET, None) | {"mentions": told(found)}
        names = self.names(room, mine, NOTHING_YET) | {"mentions": self.shown(found, mine)}
        self.page("chat.html", view="mentions", boot=boot, **names)

    def shown(self, found: Page, mine: Belongings) -> SimpleNamespace:
        """The page as the template draws it first; the times are UTC's until the script knows the reader's."""
        rooms = {room.id: room for room, _ in mine.rooms}
        people = {person.id: named(person, self.words) for person in found.people}
        rows = [
            self.row(each, message, rooms, mine, people) for each, message in found.mentions if each.room_id in rooms
        ]
        return SimpleNamespace(rows=rows, last=found.last)

    def row(
        self, mention: Mention, message: Message, rooms: dict[int, Room], mine: Belongings, people: dict[int, User]
    ) -> SimpleNamespace:
        at = moment_of(message.at)
        return SimpleNamespace(
            id=mention.id,
            room=rooms[mention.room_id],
            number=message.number,
            author=people[message.author_id],
            kind=message.kind,
            html=drawn(message.html, people, self.person.id),
            is_new=message.number in mine.mentions.get(mention.room_id, ()),
            at=at,
            at_label=moment_label(at, datetime.now(UTC), self.words),
        )


def told(found: Page) -> dict[str, Any]:
    """What the page's script starts from, in the words of the protocol."""
    return {
        "mentions": [shown_mention(each, message) for each, message in found.mentions],
        "people": [shown_person(person) for person in found.people],
        "last": found.last,
    }
