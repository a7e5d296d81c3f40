"""The page of a thread, and that of the threads that one follows."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from markupsafe import escape

from app.chat import messages, threads
from app.chat.accounts import Belongings
from app.chat.events import shown_followed, shown_person
from app.chat.threads import Look, Page
from app.handlers.over_room import OverRoomPage
from app.handlers.pages import RoomHandler
from app.handlers.sidebar import has_news, unread_in
from app.handlers.timeline import moment_label, moment_of, named, shown_message, shown_messages
from app.models import Membership, Message, Room, User
from app.render.mentions import drawn

SHOWN = 30


class ThreadHandler(RoomHandler):
    """GET /chat/<room>/<number>/thread: the room around a message, and beside it what is said about that. Who is not in
    the room gets what they get of the message."""

    async def get(self, slug: str, number: str | None = None) -> None:
        found, about = await self.found_inside(slug), int(number or 0)
        if found is None:
            await self.show_around(slug, about)
            return
        room, mine = found[0], await self.belongings(*found)
        look = await threads.look_at(self.services, self.signed_in, room.id, about)
        page = await messages.page(self.services, self.signed_in, room.id, around=about)
        names = self.names(room, mine, page) | {"thread": self.shown(look, mine)}
        self.page("chat.html", view="thread", boot=self.boot(room, mine, page, about), **names)

    head = get

    def shown(self, look: Look, mine: Belongings) -> SimpleNamespace:
        people = {person.id: named(person, self.words) for person in look.said.people}
        blocked = set(mine.blocked)
        return SimpleNamespace(
            root=shown_message(look.root, None, None, people, self.person, blocked, self.words),
            messages=shown_messages(look.said, self.person, blocked, self.words),
        )


class ThreadsHandler(OverRoomPage):
    """GET /threads: the threads that the visitor follows."""

    action = "chat.use"

    async def show(self, mine: Belongings) -> None:
        found = await threads.page(self.services, self.signed_in, None, SHOWN)
        self.over("threads", mine, {"followed": told(found)}, {"threads": self.shown(found, mine)})

    def shown(self, found: Page, mine: Belongings) -> SimpleNamespace:
        """The page as the template draws it first; the times are UTC's until the script knows the reader's."""
        rooms = {room.id: room for room, _ in mine.rooms}
        people = {person.id: named(person, self.words) for person in found.people}
        rows = [
            self.row(thread, membership, root, rooms[thread.parent_id], people)
            for thread, membership, root in found.threads
            if thread.parent_id in rooms and root.author_id not in mine.blocked
        ]
        return SimpleNamespace(rows=rows, last=found.last)

    def row(
        self, thread: Room, membership: Membership, root: Message, room: Room, people: dict[int, User]
    ) -> SimpleNamespace:
        told = root.more.thread
        at = moment_of(thread.last_at)
        return SimpleNamespace(
            id=thread.id,
            room=room,
            number=root.number,
            author=people[root.author_id],
            html=self.words.html(drawn(root.html, people, self.person.id)) or escape(root.said),
            gone=root.removed_at is not None,
            is_new=has_news(thread, membership),
            unread=unread_in(thread, membership),
            count=told.count if told else 0,
            at=at,
            at_label=moment_label(at, datetime.now(UTC), self.words),
        )


def told(found: Page) -> dict[str, Any]:
    """What the page's script starts from, in the words of the protocol."""
    return {
        "threads": [shown_followed(*each) for each in found.threads],
        "people": [shown_person(person) for person in found.people],
        "last": found.last,
    }
