"""Events on their way to many connections: encoded once, framed once, joined per batch, written in turns."""

import asyncio
import logging
from collections import deque

from app.protocol.framing import Framing
from app.realtime.transport import Listener

log = logging.getLogger(__name__)

WRITES_PER_TURN = 100
"""Beyond this many writes other rooms and readers get their turn of the event loop."""


class Batch:
    """What gathered in one turn, for the connections of that moment."""

    __slots__ = ("_bodies", "_frames", "_next", "_targets")

    def __init__(self, bodies: list[bytes], targets: tuple[Listener, ...]) -> None:
        self._bodies = bodies
        self._targets = targets
        self._frames: dict[str, bytes] = {}
        self._next = 0

    def write(self, most: int) -> int:
        """One joined write to each of the next `most` connections; how many were made."""
        targets = self._targets[self._next : self._next + most]
        # Before the writes: a transport that raises must not be met again and again.
        self._next += len(targets)
        for connection in targets:
            transport = connection.transport
            framing = transport.framing
            transport.write(self._frames.get(framing.name) or self._framed(framing))
        return len(targets)

    @property
    def done(self) -> bool:
        return self._next >= len(self._targets)

    def _framed(self, framing: Framing) -> bytes:
        frames = b"".join(map(framing.frame, self._bodies))
        self._frames[framing.name] = frames
        return frames


class Outgoing:
    """The events for one audience. One batch is under way at a time: a second one could overtake it."""

    __slots__ = ("_audience", "_batches", "_bodies", "_members", "_queue")

    def __init__(self, queue: "WriteQueue") -> None:
        self._queue = queue
        self._bodies: list[bytes] = []
        self._batches: list[Batch] = []
        self._members: dict[Listener, None] = {}
        self._audience: tuple[Listener, ...] | None = ()

    def join(self, connection: Listener) -> None:
        """Hear everything from here on, and nothing of what was added before and waits for its turn."""
        self._close_batch()
        self._members[connection] = None
        self._audience = None

    def leave(self, connection: Listener) -> None:
        """What is under way still reaches a connection that left a moment ago; a closed transport drops it."""
        if connection in self._members:
            del self._members[connection]
            self._audience = None

    @property
    def empty(self) -> bool:
        return not self._members

    def add(self, body: bytes) -> None:
        """Send to everybody in the audience with what else gathers in this turn."""
        if not self.waiting:
            self._queue.add(self)
        self._bodies.append(body)

    def write(self, most: int) -> int:
        """Up to `most` writes of the batch under way; how many were made."""
        if not self._batches:
            self._close_batch()
        batch = self._batches[0]
        try:
            return batch.write(most)
        finally:
            if batch.done:
                self._batches.pop(0)

    @property
    def waiting(self) -> bool:
        return bool(self._bodies or self._batches)

    def _close_batch(self) -> None:
        if self._bodies:
            self._batches.append(Batch(self._bodies, self._fixed_audience()))
            self._bodies = []

    def _fixed_audience(self) -> tuple[Listener, ...]:
        """A tuple made once after a join or leave: a thousand that come together do not copy it a thousand times."""
        if self._audience is None:
            self._audience = tuple(self._members)
        return self._audience


class WriteQueue:
    """Gives the audiences with something to write their turns, at most WRITES_PER_TURN writes each turn of the loop."""

    def __init__(self) -> None:
        self._waiting: deque[Outgoing] = deque()
        self._scheduled = False

    def add(self, outgoing: Outgoing) -> None:
        self._waiting.append(outgoing)
        self._schedule()

    def _turn(self) -> None:
        self._scheduled = False
        budget = WRITES_PER_TURN
        while self._waiting and budget > 0:
            budget -= self._write_some(self._waiting.popleft(), budget)
        if self._waiting:
            self._schedule()

    def _write_some(self, outgoing: Outgoing, budget: int) -> int:
        try:
            return outgoing.write(budget)
        except Exception:
            # Those it did not reach find out by the numbers; without this line nobody would be written to ever again.
            log.exception("a write broke")
            return budget
        finally:
            if outgoing.waiting:
                self._waiting.append(outgoing)

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._turn)
