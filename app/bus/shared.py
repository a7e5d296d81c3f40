"""The bus of several processes: delivers here at once, and tells the others over a line while it holds."""

import asyncio
import logging
import random
import secrets
import time
from collections.abc import Callable
from contextlib import suppress

from app.bus.base import Deliver, Event
from app.bus.line import Line
from app.bus.memory import MemoryBus
from app.bus.outbox import Outbox
from app.bus.parcels import sender, unpack
from app.bus.peers import Peers

log = logging.getLogger(__name__)

WORD = "word"
"""The topic of a word that each process says every second. The others know by it that they hear this one, and when it
comes back the line holds both ways. A connection that merely lives shows neither: behind a pooler that shares sessions
PostgreSQL takes a LISTEN and tells nothing."""
GOODBYE = b"goodbye"
EVERY = 1.0
GIVEN_UP = 4
"""Words in a row that have not come back, after which a new line is made."""
OPENING, SENDING, LEAVING = 2.0, 2.0, 1.0
"""Seconds that each may take."""
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
"""Seconds until a line that broke is opened again; doubled each time, and shortened at random by up to a half, so that
all processes do not come back at the same moment."""


class Unheard(Exception):
    """What this process says does not come back."""

    def __str__(self) -> str:
        return "what is said does not come back; a connection pooler in between has to leave sessions alone"


class SharedBus(MemoryBus):
    """Never waits for the line and never fails with it. The line is opened again for as long as it takes. What could
    not be told meanwhile is told afterwards as numbers alone, and the others fill it from the database."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line
        self._lost: Callable[[], None] = lambda: None
        self._process = secrets.token_urlsafe(6)
        self._outbox = Outbox()
        self._peers = Peers()
        self._changed: set[str] = set()
        """Topics taken up or given up since the line was told."""
        self._holds = False
        self._unanswered = 0
        self._misses = False
        """Something may have been said since the start, or since the line broke."""
        self._broken_at: float | None = None
        self._tried, self._leaving, self._left = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def up(self) -> bool:
        return self._holds and self._peers.all_heard(time.monotonic())

    async def start(self, deliver: Deliver, lost: Callable[[], None]) -> None:
        await super().start(deliver, lost)
        self._lost = lost
        self._task = asyncio.get_running_loop().create_task(self._live())
        with suppress(TimeoutError):
            async with asyncio.timeout(OPENING):
                await self._tried.wait()
        self._misses = not self._holds

    def subscribe(self, topic: str) -> None:
        super().subscribe(topic)
        self._change(topic)

    def unsubscribe(self, topic: str) -> None:
        super().unsubscribe(topic)
        self._change(topic)

    def publish(self, topic: str, seq: int, body: bytes) -> None:
        if self._deliver is not None:
            self._outbox.add(topic, seq, body)
        super().publish(topic, seq, body)

    async def close(self) -> None:
        if self._holds:
            await self._say_goodbye()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self._line.close()
        await super().close()

    def _change(self, topic: str) -> None:
        self._changed.add(topic)
        self._outbox.stir()

    async def _say_goodbye(self) -> None:
        """Or the others would take this process for one that is cut off."""
        self._leaving.set()
        self._outbox.stir()
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVING):
                await self._left.wait()

    # The line, again and again

    async def _live(self) -> None:
        wait = FIRST_WAIT
        while True:
            # A task of its own: up to Python 3.11.2 one whose TaskGroup broke counts as cancelled for good, so that the
            # next timeout in it would end this one in silence.
            error = await asyncio.get_running_loop().create_task(self._use_line())
            if self._holds:
                wait = FIRST_WAIT
            self._fall(error)
            await self._line.close()
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))
            wait = min(2 * wait, LONGEST_WAIT)

    async def _use_line(self) -> Exception:
        """Why it broke, in the end."""
        try:
            self._changed.clear()
            async with asyncio.timeout(OPENING):
                await self._line.open([*self._topics, WORD], self._hear)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._line.listen())
                both.create_task(self._tell())
        except ExceptionGroup as errors:
            return errors.exceptions[0]
        except Exception as error:  # noqa: BLE001  whatever it was, the next line is the cure
            return error
        raise AssertionError("a line that holds is listened to for ever")

    def _rise(self) -> None:
        self._holds = True
        self._outbox.open()
        self._tried.set()
        if self._broken_at is not None:
            log.info("the other processes are heard again, after %.1f s", time.monotonic() - self._broken_at)
            self._broken_at = None
        if self._misses:
            self._misses = False
            self._lost()

    def _fall(self, error: Exception) -> None:
        self._holds = False
        self._misses = True
        self._outbox.shut([])
        self._tried.set()
        if self._broken_at is None:
            self._broken_at = time.monotonic()
            reason = str(error) or type(error).__name__
            log.warning("the other processes cannot be heard, so the database is asked every second: %s", reason)

    # What is told

    async def _tell(self) -> None:
        """What gathers while something is on its way leaves together afterwards."""
        self._unanswered = 0
        now = word_at = time.monotonic()
        while True:
            await self._outbox.stirred(word_at - now)
            now = time.monotonic()
            words: list[Event] = []
            if now >= word_at:
                word_at = now + EVERY
                words = [self._word()]
            await self._send([*self._outbox.take(), *words])

    def _word(self) -> Event:
        if self._unanswered >= GIVEN_UP:
            raise Unheard
        self._unanswered += 1
        return WORD, 0, b""

    async def _send(self, events: list[Event]) -> None:
        leaving = self._leaving.is_set()
        if leaving:
            events.append((WORD, 0, GOODBYE))
        try:
            async with asyncio.timeout(SENDING):
                await self._follow()
                if events:
                    await self._line.send(self._process, events)
        except BaseException:
            self._outbox.shut(events)
            raise
        if leaving:
            self._left.set()

    async def _follow(self) -> None:
        changed, self._changed = self._changed, set()
        if changed:
            await self._line.follow(changed & self._topics, changed - self._topics)

    # What is heard

    def _hear(self, parcel: bytes) -> None:
        process = sender(parcel)
        self._peers.heard(process, time.monotonic())
        if process == self._process:
            self._hear_myself()
            return
        for event in unpack(parcel):
            if event == (WORD, 0, GOODBYE):
                self._peers.left(process)
            else:
                self._take(event)

    def _hear_myself(self) -> None:
        self._unanswered = 0
        if not self._holds:
            self._rise()

    def _take(self, event: Event) -> None:
        if event[0] not in self._topics or self._deliver is None:
            return
        try:
            self._deliver(*event)
        except Exception:
            # A process of another version may say what this one does not know; the next event may be all right.
            log.exception("an event of another process broke")
