"""Rooms for who is not in them, or has no account at all: what may be kept on the way, and what search engines read."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from types import SimpleNamespace
from urllib.parse import quote

from msgspec.structs import replace
from tornado.web import RequestHandler

from app.chat import access, public_pages
from app.chat.events import shown_card, shown_file
from app.chat.public_pages import PublicPage
from app.errors import NotFound, NotSignedIn, said
from app.handlers.inside import InsideHandler
from app.handlers.languages import Words
from app.handlers.quotes import shown_quote
from app.handlers.timeline import day_of, full_day, moment_of, named, stands_with
from app.models import Membership, Message, Room, User
from app.render.mentions import drawn_outside

KEPT = "public, max-age=10"
"""Anywhere, and so long that a link that goes round costs little; who reads on is told at once."""
VARIES = "Accept-Encoding, Accept-Language, Cookie"
"""With the cookie: the same address is another page for who is in the room."""
EXCERPT = 200
"""Characters of a message that stand under a link to it."""
READING = ("GET", "HEAD")


class PublicRoomPage(InsideHandler):
    """A page of a room, at the address that it has for its members. Who has no account gets it where the room may be
    read from outside, else the way to the door, whether there is such a room or not; who has one is told that there is
    nothing here."""

    is_public = False

    def check_right(self) -> None:
        if self.visitor is None and self.request.method in READING:
            access.allow(None, "public.read")
        else:
            super().check_right()

    async def found_inside(self, slug: str) -> tuple[Room, Membership] | None:
        """The room and the visitor's membership, if they are in it."""
        if self.visitor is None:
            return None
        try:
            return await access.room_named(self.services, self.visitor, slug)
        except NotFound:
            return None

    async def show_newest(self, slug: str) -> None:
        page = await self.look(partial(public_pages.newest, self.services, slug))
        if page is not None:
            self.show_public(page, path=address(page.room), title=f"#{page.room.name}", live=True)

    async def show_around(self, slug: str, number: int) -> None:
        page = await self.look(partial(public_pages.around, self.services, slug, number))
        if page is not None:
            message = next(each for each in page.messages if each.number == number)
            author = next(each for each in page.people if each.id == message.author_id)
            title = self.words.text(said("{name} in #{room}"), name=named(author, self.words).name, room=page.room.name)
            path = f"{address(page.room)}/{day_of(message)}"
            self.show_public(page, path=path, title=title, target=number, excerpt=shortened(message.said))

    async def show_day(self, slug: str, day: date, after: int) -> None:
        page = await self.look(partial(public_pages.of_day, self.services, slug, day, after))
        if page is not None:
            title = self.words.text(said("#{room}, {day}"), room=page.room.name, day=full_day(day, self.words))
            path = f"{address(page.room)}/{day}" + (f"?after={after}" if after else "")
            self.show_public(page, path=path, title=title, day=day)

    async def look(self, find: Callable[[], Awaitable[PublicPage | None]]) -> PublicPage | None:
        """What may be read from outside; None when the visitor was led to the door instead. Raises NotFound or TooFast.

        Each look counts, whatever is found: nobody tries addresses in great numbers."""
        who = self.client_address if self.visitor is None else f"person {self.person.id}"
        public_pages.take_turn(self.services, who)
        try:
            page = await find()
        except NotFound:
            if self.visitor is not None:
                raise
            self.lead_to_the_door()
            return None
        if page is None:
            raise NotFound
        return page

    def lead_to_the_door(self) -> None:
        if self.request.method != "GET":
            raise NotSignedIn
        super().lead_to_the_door()

    def show_public(
        self,
        page: PublicPage,
        *,
        path: str,
        title: str,
        day: date | None = None,
        target: int | None = None,
        excerpt: str = "",
        live: bool = False,
    ) -> None:
        """`path` is the one address that search engines are to know for this."""
        room, words = page.room, self.words
        self.page(
            "public_room.html",
            room=room,
            here=address(room),
            title=title,
            excerpt=excerpt,
            last_day=full_day(day_of_last(room), words) if room.last_number else None,
            canonical=self.settings_.public_url + path,
            image=self.settings_.public_url + self.roost.assets.url("icons/512.png"),
            messages=public_messages(page, words),
            target=target,
            this_day=day,
            before=self.named_day(page.before),
            after=self.named_day(page.after),
            more=page.more,
            live=live,
            may_sign_in=self.settings_.sign_in_configured,
            person=self.visitor.user if self.visitor else None,
            xsrf_form_html=self.xsrf_form_html,
        )
        if room.is_unlisted:
            self.set_header("X-Robots-Tag", "noindex")
        if self.visitor is None:
            self.is_public = True
            self.set_header("Cache-Control", KEPT)
            self.set_header("Vary", VARIES)

    def compute_etag(self) -> str | None:
        """Nothing in a public page is of the one who reads it."""
        return RequestHandler.compute_etag(self) if self.is_public else super().compute_etag()

    def named_day(self, day: date | None) -> SimpleNamespace | None:
        return None if day is None else SimpleNamespace(key=day.isoformat(), label=full_day(day, self.words))


def day_of_last(room: Room) -> date:
    return moment_of(room.last_at).date()


def address(room: Room) -> str:
    return f"/chat/{quote(room.slug)}"


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT].rstrip()}…"


def public_messages(page: PublicPage, words: Words) -> list[SimpleNamespace]:
    """As the template draws them: grouped, with a label where a day (UTC) begins."""
    people = {person.id: faceless(named(person, words)) for person in page.people}
    known = {message.number: message for message in [*page.messages, *page.quoted]}
    befores = [None, *page.messages]
    return [
        public_message(message, before, known.get(message.answers or 0), people, words)
        for before, message in zip(befores, page.messages, strict=False)
    ]


def public_message(
    message: Message, before: Message | None, quoted: Message | None, people: dict[int, User], words: Words
) -> SimpleNamespace:
    new_day = before is None or day_of(before) != day_of(message)
    return SimpleNamespace(
        number=message.number,
        author=people[message.author_id],
        at=moment_of(message.at),
        at_ms=message.at,
        quote=shown_quote(quoted, people, (), words),
        html=words.html(drawn_outside(message.html, people.values())),
        files=[shown_file(each) for each in message.more.files],
        kind=message.kind,
        card=shown_card(message.more.card),
        grouped=not new_day and before is not None and stands_with(before, message),
        day=full_day(day_of(message), words) if new_day else None,
    )


def faceless(author: User) -> User:
    """Pictures are for who is signed in: their addresses open nothing to anybody else."""
    return replace(author, avatar=None)
