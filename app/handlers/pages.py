"""The pages: MainHandler at the door, ChatHandler inside, and the few that only say something."""

from typing import Any
from urllib.parse import quote

from app.chat import access, messages, rooms
from app.chat.events import shown_message, shown_person, shown_room
from app.chat.messages import Page
from app.errors import Forbidden, NotFound
from app.handlers.base import BaseHandler
from app.handlers.door import DoorHandler
from app.handlers.next_page import safe_next
from app.handlers.timeline import shown_messages
from app.models import Membership, Room
from app.protocol.fields import TEXT_LIMIT


class MainHandler(DoorHandler):
    """GET /: the sign-in page, or straight into the chat."""

    def get(self) -> None:
        if self.visitor is not None:
            self.redirect("/chat")
            return
        self.door(self.get_query_argument("notice", None))

    head = get


class ChatHandler(BaseHandler):
    """GET /chat, /chat/<room>, /chat/<room>/<number>: the room with its messages already in it."""

    async def get(self, slug: str | None = None, number: str | None = None) -> None:
        if self.visitor is None:
            self.redirect(f"/login?next={quote(self.request.path)}")
            return
        mine = await rooms.of_visitor(self.services, self.signed_in)
        if slug is None:
            self.redirect(f"/chat/{first_room(mine).slug}")
            return
        room, membership = await access.room_named(self.services, self.signed_in, slug)
        await self.show(room, membership, mine, int(number) if number else None)

    async def show(
        self, room: Room, membership: Membership, mine: list[tuple[Room, Membership]], number: int | None
    ) -> None:
        if number is not None and not 1 <= number <= room.last_number:
            raise NotFound
        page = await messages.page(self.services, self.signed_in, room.id, around=number)
        self.page(
            "chat.html",
            person=self.person,
            room=room,
            rooms=[sidebar_row(each, one) for each, one in mine],
            messages=shown_messages(page, self.person),
            members=room.members,
            online=self.hub.online_in(room.id),
            read_number=membership.read_number,
            boot=self.boot(room, mine, page, number),
            xsrf_form_html=self.xsrf_form_html,
        )

    def boot(self, room: Room, mine: list[tuple[Room, Membership]], page: Page, number: int | None) -> dict[str, Any]:
        """What the page's script starts from, in the words of the protocol."""
        return {
            "epoch": rooms.epoch(self.services),
            "person": shown_person(self.person),
            "rooms": [shown_room(each, membership.read_number) for each, membership in mine],
            "room": room.id,
            "messages": [shown_message(message) for message in page.messages],
            "people": [shown_person(author) for author in page.authors],
            "first": page.first,
            "last": page.last,
            "target": number,
            "text_limit": TEXT_LIMIT,
            "xsrf": self.xsrf_token.decode(),
        }


class WelcomeHandler(BaseHandler):
    """GET /welcome: the first page after the first sign-in."""

    async def get(self) -> None:
        next_page = safe_next(self.get_query_argument("next", ""))
        if self.visitor is None:
            self.redirect(f"/login?next={quote(next_page)}")
            return
        mine = await rooms.of_visitor(self.services, self.signed_in)
        rows = [sidebar_row(room, membership) for room, membership in mine]
        self.page("welcome.html", person=self.person, rooms=rows, next_page=next_page)


class TextHandler(BaseHandler):
    """GET /rules, /privacy, /offline: pages that are the same for everybody."""

    knows_visitor = False

    def initialize(self, template: str) -> None:
        self._template = template

    def get(self) -> None:
        self.page(self._template)

    head = get


class NothingHandler(BaseHandler):
    """Every other address."""

    knows_visitor = False

    async def prepare(self) -> None:
        raise NotFound


class RefusedHandler(BaseHandler):
    """Every address, for those who may not even ask."""

    knows_visitor = False

    async def prepare(self) -> None:
        raise Forbidden


def first_room(mine: list[tuple[Room, Membership]]) -> Room:
    if not mine:
        raise NotFound
    return mine[0][0]


def sidebar_row(room: Room, membership: Membership) -> dict[str, Any]:
    return {"room": room, "unread": max(0, room.last_number - membership.read_number)}
