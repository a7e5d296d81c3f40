"""Those who read rooms here without an account: who they are is not known, and they are told nothing but messages."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable

from app.chat import public_events, public_pages
from app.chat.public_events import ENDED
from app.errors import NotFound, ReadersFull, RoostError, TooFast
from app.models import Room
from app.protocol.close_codes import CloseCode
from app.protocol.framing import event_stream_pause
from app.realtime.live_room import LiveRoom
from app.realtime.outgoing import WRITES_PER_TURN, WriteQueue
from app.realtime.transport import Transport
from app.services import Services

log = logging.getLogger(__name__)

PAUSE = 3_000
"""Milliseconds until a browser comes back whose stream broke."""
RETURN = (5.0, 20.0)
"""Seconds until those come back who are sent away at a restart, spread, and behind most of the members."""
ENOUGH = 60.0
"""Seconds until an address that has as many pages open as it may should ask again."""


class Reader:
    """A page of a room that somebody reads: a stream of what happens there behind the change `since`."""

    __slots__ = ("_readers", "address", "gone", "head", "room_id", "since", "transport")

    def __init__(self, readers: "Readers", address: str, room: Room, since: int, transport: Transport) -> None:
        """`address` is the one for which a place was taken. `room` was read just now; `since` is what they say."""
        self._readers = readers
        self.address = address
        self.room_id = room.id
        self.head = room.seq
        self.since = since
        self.transport = transport
        self.gone = False

    @property
    def services(self) -> Services:
        return self._readers.services

    def start(self) -> None:
        """The socket is ready."""
        self._readers.enter(self)

    def end(self, code: CloseCode, last: bytes = b"") -> None:
        """Hang up, with a last entry if there is one."""
        if last:
            self.transport.write(self.transport.framing.frame(last))
        self.transport.close(code)

    def closed(self) -> None:
        """The socket is gone."""
        if not self.gone:
            self.gone = True
            self._readers.leave(self)


class PublicRoom(LiveRoom):
    """What strangers are told of the room `whole`, and the pages of it that are open here."""

    __slots__ = ("pages", "whole")

    def __init__(self, whole: LiveRoom, queue: WriteQueue) -> None:
        super().__init__(whole.id, whole.seq, queue)
        self.whole = whole
        self.pages: dict[Reader, None] = {}

    def hand_out(self, seq: int, body: bytes) -> None:
        told = public_events.told(body)
        if told is ENDED:
            self.end()
        elif told is not None:
            super().hand_out(seq, told)

    def end(self) -> None:
        """It cannot be read from outside any more. Nothing that comes after this reaches anybody, though their sockets
        may take a moment to close."""
        for reader in list(self.pages):
            self.leave(reader)
            reader.end(CloseCode.POLICY_VIOLATION, ENDED)


class Readers:
    """All of this process, within bounds. `listen` gives a room that is told of from a change on, `let_go` forgets one
    that nobody needs any more, `notice_head` takes how far the database says that it has come."""

    def __init__(
        self,
        services: Services,
        listen: Callable[[int, int], LiveRoom],
        let_go: Callable[[LiveRoom], None],
        notice_head: Callable[[LiveRoom, int], None],
    ) -> None:
        self.services = services
        self._listen = listen
        self._let_go = let_go
        self._notice_head = notice_head
        self._queue = WriteQueue()
        """Of their own: no member waits until they are written to."""
        self._rooms: dict[int, PublicRoom] = {}
        self._places: Counter[str] = Counter()
        self._leaving = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def everybody(self) -> list[Reader]:
        return [reader for public in self._rooms.values() for reader in public.pages]

    def take_place(self, address: str) -> None:
        """One more stream for this address, until `give_place`. Raises TooFast for one that has enough of them, or
        ReadersFull."""
        settings = self.services.settings
        if self._leaving or self._places.total() >= settings.limit_readers:
            raise ReadersFull
        if self._places[address] >= settings.limit_readers_per_address:
            raise TooFast(ENOUGH)
        self._places[address] += 1

    def give_place(self, address: str) -> None:
        self._places[address] -= 1
        if not self._places[address]:
            del self._places[address]

    def enter(self, reader: Reader) -> None:
        public = self._public(reader)
        public.pages[reader] = None
        public.begin_opening(reader)
        task = asyncio.get_running_loop().create_task(self._open(reader, public))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def leave(self, reader: Reader) -> None:
        """It is gone."""
        self.give_place(reader.address)
        public = self._rooms[reader.room_id]
        public.leave(reader)
        del public.pages[reader]
        if not public.pages:
            del self._rooms[reader.room_id]
            public.whole.readers = None
            self._let_go(public.whole)

    def end_all(self) -> None:
        """Nothing can be read from outside any more."""
        for public in self._rooms.values():
            public.end()

    async def check(self) -> None:
        """Something was taken without this process hearing what: go by the database. Raises Unavailable or
        StorageFull."""
        rooms = dict(self._rooms)
        if rooms:
            readable = await public_pages.still_readable(self.services, rooms)
            for room_id in rooms.keys() - readable:
                rooms[room_id].end()

    async def beat(self) -> None:
        """A sign of life to each."""
        for count, reader in enumerate(self.everybody):
            if count % WRITES_PER_TURN == WRITES_PER_TURN - 1:
                await asyncio.sleep(0)
            reader.transport.ping()

    async def say_goodbye(self) -> None:
        """Send everybody away, to come back spread over some seconds. Nobody new is let in."""
        self._leaving = True
        for count, reader in enumerate(self.everybody):
            if count % WRITES_PER_TURN == WRITES_PER_TURN - 1:
                await asyncio.sleep(0)
            reader.end(CloseCode.RESTARTING, event_stream_pause(round(1_000 * random.uniform(*RETURN))))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _public(self, reader: Reader) -> PublicRoom:
        public = self._rooms.get(reader.room_id)
        if public is None:
            whole = self._listen(reader.room_id, reader.head)
            public = self._rooms[reader.room_id] = PublicRoom(whole, self._queue)
            whole.readers = public
        return public

    async def _open(self, reader: Reader, public: PublicRoom) -> None:
        """What was missed, then everything as it comes."""
        try:
            missed = await public_pages.missed(self.services, reader.room_id, reader.since)
        except NotFound:
            public.end()
        except RoostError:
            reader.end(CloseCode.TRY_AGAIN_LATER)
        except Exception:
            log.exception("a reader's stream broke")
            reader.end(CloseCode.INTERNAL_ERROR)
        else:
            first = event_stream_pause(PAUSE) + public_events.made_up(missed)
            public.finish_opening(reader, missed.room.seq, first)
            if not reader.gone:
                self._notice_head(public.whole, missed.room.seq)
