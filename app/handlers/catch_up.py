"""The page that tells what is new, before any room is chosen."""

from datetime import UTC, datetime
from types import SimpleNamespace

from app.chat import accounts, digest
from app.chat.accounts import Belongings
from app.chat.digest import Busy, Digest
from app.chat.events import shown_digest
from app.chat.messages import Page
from app.handlers.pages import DIRECTORY, ChatPage, first_room
from app.handlers.sidebar import is_quiet, talk_of, unread_in
from app.handlers.timeline import moment_label, moment_of, named

NOTHING_YET = Page([], [], first=False, last=False)


class CatchUpHandler(ChatPage):
    """GET /catch-up: what is new, a line for each room. Behind it a room waits, as behind each page of the chat."""

    action = "chat.use"

    async def get(self) -> None:
        mine = await accounts.arrive(self.services, self.signed_in)
        if not mine.rooms:
            self.redirect(DIRECTORY)
            return
        found = await digest.show(self.services, self.signed_in, [room.id for room, _ in mine.rooms])
        room = first_room(mine)
        boot = self.boot(room, mine, NOTHING_YET, None) | {"digest": shown_digest(found, ref=0)}
        names = self.names(room, mine, NOTHING_YET) | {"digest": self.shown(found, mine)}
        self.page("chat.html", view="catch-up", boot=boot, **names)

    def shown(self, found: Digest, mine: Belongings) -> SimpleNamespace:
        """The digest as the template draws it first; the times are UTC's until the script knows the reader's."""
        loud = [(room, own) for room, own in mine.rooms if not is_quiet(room, own, mine, self.person)]
        unread = {room.id: unread_in(room, own) for room, own in loud}
        since = min((busy.since for busy in found.rooms), default=None)
        return SimpleNamespace(
            is_known=True,
            rooms=[self.shown_room(busy, unread[busy.room.id], mine) for busy in found.rooms if busy.room.id in unread],
            count=sum(unread.values()),
            since=moment_of(since) if since else None,
            since_label=self.label(moment_of(since)) if since else "",
            here=found.here,
            more=found.online - len(found.here),
        )

    def shown_room(self, busy: Busy, unread: int, mine: Belongings) -> SimpleNamespace:
        at = moment_of(busy.message.at)
        return SimpleNamespace(
            room=busy.room,
            talk=talk_of(busy.room, mine.people, self.person, self.services.presence, self.words),
            author=named(busy.author, self.words),
            text=busy.message.said,
            kind=busy.message.kind,
            folded=busy.author.id in mine.blocked,
            unread=unread,
            at=at,
            at_label=self.label(at),
        )

    def label(self, at: datetime) -> str:
        return moment_label(at, datetime.now(UTC), self.words)
