"""The pages: MainHandler at the door, ChatHandler inside, and the few that only say something."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from app.chat import access, accounts, messages, rooms
from app.chat.accounts import Belongings
from app.chat.events import shown_draft, shown_message, shown_person, shown_room
from app.chat.messages import Page
from app.errors import Forbidden, NotFound, RoostError
from app.handlers.base import BaseHandler
from app.handlers.door import DoorHandler
from app.handlers.inside import InsideHandler
from app.handlers.next_page import safe_next
from app.handlers.timeline import shown_messages
from app.models import Membership, Room, Visitor
from app.protocol.fields import TEXT_LIMIT

DIRECTORY = "/rooms"
"""Where who is in no room finds one."""
CLOSABLE = {"details", "favourites", "rooms"}
"""The panel beside the room, and the lists of rooms."""
COUNTED = {"default", "everything"}
"""Whoever chose less for a room is shown no number there."""


class MainHandler(DoorHandler):
    """GET /: the sign-in page, or straight into the chat."""

    action = "site.visit"

    def get(self) -> None:
        if self.visitor is not None:
            self.redirect("/chat")
            return
        self.door(self.get_query_argument("notice", None))

    head = get


class ChatPage(InsideHandler):
    """What the page of a room and those that lie over one share."""

    def names(self, room: Room, mine: Belongings, page: Page) -> dict[str, Any]:
        """What the template needs of a room and of what lies around it."""
        return {
            "person": self.person,
            "digest": None,
            "mentions": None,
            "room": room,
            "rooms": sidebar_rows(mine.rooms, mine.mentions),
            "messages": shown_messages(page, self.person, set(mine.blocked), self.words),
            "members": room.members,
            "online": self.hub.online_in(room.id),
            "read_number": read_in(room, mine),
            "shut": self.shut(room, mine),
            "closed": closed_parts(self.get_cookie("closed", "")),
            "xsrf_form_html": self.xsrf_form_html,
        }

    def shut(self, room: Room, mine: Belongings) -> str | None:
        """Why nothing can be written here, as the composer says it."""
        membership = next((membership for each, membership in mine.rooms if each.id == room.id), None)
        return None if membership is None else access.shut_by(self.signed_in, room, membership)

    def boot(self, room: Room, mine: Belongings, page: Page, number: int | None) -> dict[str, Any]:
        """What the page's script starts from, in the words of the protocol."""
        return {
            "epoch": rooms.epoch(self.services),
            "person": shown_person(self.person),
            "preferences": self.preferences,
            "rooms": [shown_room(each, own, mine.mentions.get(each.id, ())) for each, own in mine.rooms],
            "drafts": [shown_draft(draft) for draft in mine.drafts],
            "blocked": mine.blocked,
            "room": room.id,
            "messages": [shown_message(message) for message in page.messages],
            "people": [shown_person(person) for person in page.people],
            "today": datetime.now(UTC).date().isoformat(),
            "target": number,
            "text_limit": TEXT_LIMIT,
            "release": self.hub.release,
            "xsrf": self.xsrf_token.decode(),
        }


class ChatHandler(ChatPage):
    """GET /chat, /chat/<room>, /chat/<room>/<number>: the room with its messages already in it."""

    action = "room.read"

    async def get(self, slug: str | None = None, number: str | None = None) -> None:
        mine = await accounts.arrive(self.services, self.signed_in)
        if slug is None:
            self.redirect(f"/chat/{quote(first_room(mine).slug)}" if mine.rooms else DIRECTORY)
            return
        room, _ = await access.room_named(self.services, self.signed_in, slug)
        await self.show(room, mine, int(number) if number else None)

    async def show(self, room: Room, mine: Belongings, number: int | None) -> None:
        if number is not None and not 1 <= number <= room.last_number:
            raise NotFound
        read_number = read_in(room, mine)
        around = read_number + 1 if number is None and read_number < room.last_number else number
        page = await messages.page(self.services, self.signed_in, room.id, around=around)
        names = self.names(room, mine, page)
        self.page("chat.html", view="room", boot=self.boot(room, mine, page, number), **names)


class WelcomeHandler(InsideHandler):
    """GET /welcome: the first page after the first sign-in."""

    action = "chat.use"

    @property
    def wanted_page(self) -> str:
        return safe_next(self.get_query_argument("next", ""))

    async def get(self) -> None:
        mine = await rooms.of_visitor(self.services, self.signed_in)
        rows = sidebar_rows(mine)
        self.page("welcome.html", person=self.person, rooms=rows, next_page=self.wanted_page)


class ForEverybody(BaseHandler):
    """What needs nobody's name, and knows a visitor only to speak their language."""

    action = "site.visit"

    async def _recognised(self) -> Visitor | None:
        """None, too, while the database is away: these pages need it for nothing else."""
        try:
            return await super()._recognised()
        except RoostError:
            return None


class TextHandler(ForEverybody):
    """GET /rules, /privacy, /offline: pages that say the same to everybody."""

    def initialize(self, template: str) -> None:
        self._template = template

    def get(self) -> None:
        self.page(self._template)

    head = get


class NothingHandler(ForEverybody):
    """Every other address."""

    async def prepare(self) -> None:
        self.visitor = await self._recognised()
        raise NotFound


class RefusedHandler(BaseHandler):
    """Every address, for those who may not even ask."""

    knows_visitor = False

    async def prepare(self) -> None:
        raise Forbidden


def closed_parts(cookie: str | None) -> set[str]:
    """What the person has closed of the page in this browser (static/js/core/closed.js)."""
    return set((cookie or "").split(".")) & CLOSABLE


def first_room(mine: Belongings) -> Room:
    """Of somebody who is in one."""
    return mine.rooms[0][0]


def read_in(room: Room, mine: Belongings) -> int:
    """How far this room was read; somebody who joined just now has nothing unread."""
    return {each.id: membership.read_number for each, membership in mine.rooms}.get(room.id, room.last_number)


Mentions = Mapping[int, Sequence[int]]
NO_MENTIONS: Mentions = {}


def sidebar_rows(mine: list[tuple[Room, Membership]], mentions: Mentions = NO_MENTIONS) -> list[dict[str, Any]]:
    """By name, as the page's script sorts them too, without those that are hidden and do not mention their reader."""
    rows = [sidebar_row(room, own, len(mentions.get(room.id, ()))) for room, own in mine]
    hidden = {room.id for room, own in mine if own.hidden}
    shown = [row for row in rows if row["for_me"] or row["room"].id not in hidden]
    return sorted(shown, key=lambda row: row["room"].name.casefold())


def sidebar_row(room: Room, membership: Membership, for_me: int) -> dict[str, Any]:
    """`is_new`: it stands out; `count` and `for_me` are shown beside it: as static/js/core/loudness.js has them."""
    is_busy = not membership.muted and unread_in(room, membership) > 0
    counted = is_busy and for_me == 0 and membership.level in COUNTED
    return {
        "room": room,
        "favourite": membership.favourite,
        "muted": membership.muted,
        "is_new": is_busy or for_me > 0,
        "count": unread_in(room, membership) if counted else 0,
        "for_me": for_me,
    }


def unread_in(room: Room, membership: Membership) -> int:
    return max(0, room.last_number - membership.read_number)
