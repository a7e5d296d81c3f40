"""What waits to be told to the other processes."""

import asyncio

from app.bus.base import Event

LIMIT = 4 * 1024 * 1024
"""Bytes of bodies."""


class Outbox:
    """Keeps events in order, up to LIMIT. Beyond that, and while nobody can be told, it keeps only how far each topic
    has come: that is little, and the others ask the database for the rest. Hints are then dropped."""

    def __init__(self) -> None:
        self._open = False
        self._events: list[Event] = []
        self._size = 0
        self._heads: dict[str, int] = {}
        self._stirred = asyncio.Event()

    def add(self, topic: str, seq: int, body: bytes) -> None:
        if self._open and self._size + len(body) <= LIMIT:
            self._events.append((topic, seq, body))
            self._size += len(body)
        else:
            self._keep_head(topic, seq)
        self._stirred.set()

    def stir(self) -> None:
        """Let `stirred` return, though nothing was added."""
        self._stirred.set()

    async def stirred(self, seconds: float) -> None:
        """Return when something was added since the last `take`, or after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        except TimeoutError:
            return

    def take(self) -> list[Event]:
        """Everything that waits; from now on nothing does."""
        events = [*self._events, *((topic, seq, None) for topic, seq in self._heads.items())]
        self._events, self._size, self._heads = [], 0, {}
        self._stirred.clear()
        return events

    def open(self) -> None:
        """The others can be told."""
        self._open = True

    def shut(self, untold: list[Event]) -> None:
        """The others cannot be told, neither of these events, which were taken, nor of those that wait."""
        self._open = False
        for topic, seq, _ in [*untold, *self.take()]:
            self._keep_head(topic, seq)

    def _keep_head(self, topic: str, seq: int) -> None:
        if seq > self._heads.get(topic, 0):
            self._heads[topic] = seq
