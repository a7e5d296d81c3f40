"""The pages: MainHandler at the door, ChatHandler inside, and the few that only say something."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from app.chat import access, accounts, direct, messages, rooms
from app.chat.accounts import Belongings
from app.chat.events import shown_draft, shown_message, shown_person, shown_restraint, shown_room
from app.chat.messages import Page
from app.errors import Forbidden, NotFound, RoostError
from app.handlers.base import BaseHandler
from app.handlers.door import DoorHandler
from app.handlers.inside import InsideHandler
from app.handlers.next_page import safe_next
from app.handlers.public import PublicRoomPage
from app.handlers.sidebar import sidebar, talk_of
from app.handlers.timeline import shown_messages
from app.models import Membership, Room, Visitor
from app.protocol.fields import TEXT_LIMIT

DIRECTORY = "/rooms"
"""Where who is in no room finds one."""
CLOSABLE = {"details", "favourites", "rooms", "talks"}
"""The panel beside the room, and the lists of rooms and of talks."""


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
            "search": None,
            "saved": None,
            "threads": None,
            "thread": None,
            "room": room,
            "talk": talk_of(room, mine.people, self.person, self.services.presence, self.words),
            "messages": shown_messages(page, self.person, set(mine.blocked), self.words),
            "members": room.members,
            "online": len(self.services.presence.of_these(room.party)) if room.party else self.hub.online_in(room.id),
            "read_number": read_in(room, mine),
            "shut": self.shut(room, mine),
            "file_limit": self.settings_.file_limit,
            "closed": closed_parts(self.get_cookie("closed", "")),
            "xsrf_form_html": self.xsrf_form_html,
            **sidebar(mine, self.person, self.services.presence, self.words, room.id),
        }

    def shut(self, room: Room, mine: Belongings) -> str | None:
        """Why nothing can be written here, as the composer says it."""
        membership = next((membership for each, membership in mine.rooms if each.id == room.id), None)
        now = self.services.clock.steady()
        shut = None if membership is None else access.shut_by(self.signed_in, room, membership, now)
        return shut or ("blocked" if room.other_than(self.person.id) in mine.blocked else None)

    def boot(self, room: Room, mine: Belongings, page: Page, number: int | None) -> dict[str, Any]:
        """What the page's script starts from, in the words of the protocol."""
        return {
            "epoch": rooms.epoch(self.services),
            "person": shown_person(self.person),
            "preferences": self.preferences,
            "rooms": [
                direct.shown(self.services, each, own, mine.people, mine.mentions.get(each.id, ()))
                for each, own in mine.rooms
            ],
            "threads": [shown_room(each, own, mine.mentions.get(each.id, ())) for each, own in mine.threads],
            "drafts": [shown_draft(draft) for draft in mine.drafts],
            "blocked": mine.blocked,
            "reports": mine.reports,
            "restraint": shown_restraint(self.person, self.services.clock.steady()),
            "room": room.id,
            "messages": [shown_message(message) for message in page.messages],
            "people": [shown_person(person) for person in page.people],
            "quoted": [shown_message(message) for message in page.quoted],
            "today": datetime.now(UTC).date().isoformat(),
            "target": number,
            "text_limit": TEXT_LIMIT,
            "edit_minutes": self.settings_.edit_minutes,
            "file_limit": self.settings_.file_limit,
            "release": self.hub.release,
            "xsrf": self.xsrf_token.decode(),
        }


class ChatHandler(ChatPage):
    """GET /chat: the first of one's rooms."""

    action = "room.read"

    async def get(self) -> None:
        mine = await accounts.arrive(self.services, self.signed_in)
        self.redirect(f"/chat/{quote(first_room(mine).slug)}" if mine.rooms else DIRECTORY)


class RoomHandler(PublicRoomPage, ChatPage):
    """GET /chat/<room>, /chat/<room>/<number>: the room with its messages already in it; for who is not in it the
    public page, where there is one."""

    action = "room.read"

    async def get(self, slug: str, number: str | None = None) -> None:
        target = int(number) if number else None
        found = await self.found_inside(slug)
        if found is not None:
            await self.show(found[0], await self.belongings(*found), target)
        elif target is None:
            await self.show_newest(slug)
        else:
            await self.show_around(slug, target)

    head = get

    async def belongings(self, room: Room, membership: Membership) -> Belongings:
        mine = await accounts.arrive(self.services, self.signed_in)
        if room.id in {each.id for each, _ in mine.rooms}:
            return mine
        # A talk in which nothing was said is in no list.
        return await accounts.arrive(self.services, self.signed_in, also=(room, membership))

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
        found = await rooms.of_visitor(self.services, self.signed_in)
        mine = sorted((room for room, _ in found if not room.party), key=lambda room: room.name.casefold())
        self.page("welcome.html", person=self.person, rooms=mine, next_page=self.wanted_page)


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
    """Of somebody who is in one: not one that they have hidden, which opening brings back, and where many talk, if
    there is such a one."""
    return min(mine.rooms, key=lambda each: (each[1].hidden, bool(each[0].party)))[0]


def read_in(room: Room, mine: Belongings) -> int:
    """How far this room was read; somebody who joined just now has nothing unread."""
    return {each.id: membership.read_number for each, membership in mine.rooms}.get(room.id, room.last_number)
