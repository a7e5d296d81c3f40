"""An open room, as whoever uses the library holds it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from app.protocol import commands, events
from app.protocol.events import Message, MessageKind
from app.protocol.fields import PAGE_LIMIT
from clients.failures import ClientError, Disconnected, NoAnswer, Refused, RoomClosed
from clients.known_room import KnownRoom
from clients.nonce import new_nonce
from clients.room_events import RoomEvent, RoomReset
from clients.timeline import brought_up

if TYPE_CHECKING:
    from clients.connection import Connection

PAGE = 50
PAUSE = 1.0
"""Seconds before the next try, where the server does not say."""


class Room:
    """`known` is what is known of it, and `known.timeline` has its newest messages. Whoever iterates over it hears what
    happens from its opening on, in the order of `seq`, nothing left out and nothing twice."""

    def __init__(self, connection: "Connection", known: KnownRoom) -> None:
        self.known = known
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when it is; fails when it cannot be opened."""
        self._connection = connection
        self._changes = known.changes
        self._last = 0

    @property
    def id(self) -> int:
        return self.known.row.id

    async def send(
        self,
        text: str,
        *,
        kind: MessageKind = "msg",
        reply_to: int | None = None,
        files: Sequence[str] = (),
        nonce: str | None = None,
    ) -> Message:
        """The message, once it is stored for ever; waits over breaks for that. What is sent side by side is stored in
        the order of the calls. `files` are ids that `POST /files` gave. Raises Refused or Ended, whose `text` is this
        one. A `nonce` of an earlier send gives the message of that one."""
        given = nonce or new_nonce()
        command = commands.SendMessage(0, self.id, given, text, kind=kind, reply_to=reply_to, files=list(files))
        return await self._connection.send(command)

    async def edit(self, number: int, text: str) -> Message:
        """Raises Refused, Disconnected and NoAnswer, as what follows does."""
        answer = await self._connection.request(commands.EditMessage(0, self.id, number, text))
        assert isinstance(answer, events.Edited)
        return answer.message

    async def remove(self, number: int) -> None:
        await self._connection.request(commands.RemoveMessage(0, self.id, number))

    async def react(self, number: int, emoji: str, *, on: bool = True) -> None:
        await self._connection.request(commands.React(0, self.id, number, emoji, on))

    async def read(self, number: int) -> None:
        """Everything up to `number` has been read."""
        await self._connection.request(commands.ReadRoom(0, self.id, number))

    async def type(self) -> None:
        """The person is writing; at most every 3 s while the text changes."""
        await self._connection.request(commands.TypeInRoom(0, self.id))

    async def older(self, limit: int = PAGE) -> list[Message]:
        """The messages before the timeline, which holds them from here on, up to its bound. None: it has the first."""
        page = await self.page(before=self.known.timeline.first, limit=limit) if self.known.timeline.first > 1 else []
        self.known.timeline.put_older(page)
        return page

    async def page(
        self, *, before: int | None = None, after: int | None = None, around: int | None = None, limit: int = PAGE
    ) -> list[Message]:
        """Messages before, after or around a number, oldest first, as they are now."""
        command = commands.ListMessages(0, self.id, before=before, after=after, around=around, limit=limit)
        answer = await self._connection.request(command)
        assert isinstance(answer, events.Page)
        self.known.timeline.keep_quoted(answer.quoted)
        return [brought_up(message, self._changes) for message in answer.messages]

    async def messages_after(self, number: int) -> AsyncIterator[Message]:
        """All that come after message `number`, oldest first, however often the line breaks."""
        while page := await self._page_after(number):
            for message in page:
                yield message
            number = page[-1].number

    async def close(self) -> None:
        """Hear only of its activity, and hold nothing of it."""
        await self._connection.close_room(self.id)

    async def __aiter__(self) -> AsyncIterator[RoomEvent]:
        changes, place, last = self._changes, 0, self._last
        while True:
            if place < changes.begin:
                place = changes.begin
                yield RoomReset(self.id, last)
            try:
                event = await changes.at(place)
            except RoomClosed:
                return
            place += 1
            if isinstance(event, events.MessagePosted):
                last = event.message.number
            yield event

    async def _page_after(self, number: int) -> list[Message]:
        while True:
            try:
                return await self.page(after=number, limit=PAGE_LIMIT)
            except Refused as problem:
                if not problem.temporary:
                    raise
                await asyncio.sleep(problem.retry_after or PAUSE)
            except (Disconnected, NoAnswer):
                await self._connection.until_live()

    # For the connection

    def came(self) -> None:
        if not self.opened.done():
            self._last = self.known.timeline.last
            self.opened.set_result(None)

    def end(self, problem: ClientError) -> None:
        self._changes.finish(problem)
        if not self.opened.done():
            self.opened.set_exception(problem)
            self.opened.exception()  # it is no mistake that nobody waits any more
