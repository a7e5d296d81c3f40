"""The page that tells what is new, before any room is chosen."""

from datetime import UTC, datetime
from types import SimpleNamespace

from app.chat import digest
from app.chat.accounts import Belongings
from app.chat.digest import Busy, Digest
from app.chat.events import shown_digest
from app.handlers.over_room import OverRoomPage
from app.handlers.sidebar import is_quiet, talk_of, unread_in
from app.handlers.timeline import moment_label, moment_of, named


class CatchUpHandler(OverRoomPage):
    """GET /catch-up: what is new, a line for each room."""

    action = "chat.use"

    async def show(self, mine: Belongings) -> None:
        found = await digest.show(self.services, self.signed_in, [room.id for room, _ in mine.rooms])
        told, shown = {"digest": shown_digest(found, ref=0)}, {"digest": self.shown(found, mine)}
        self.over("catch-up", mine, told, shown)

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
