"""MessageLog: the durable order of every room, written in batches that share a commit."""

import asyncio
import logging
from asyncio import Future
from collections.abc import Callable, Sequence

from app.errors import StorageFull, Unavailable
from app.metrics import Spread, Waits
from app.models import NewMessage, Posted
from app.storage.database import Database

log = logging.getLogger(__name__)

WAITING_LIMIT = 10_000
"""Messages. Beyond it a sender is told to come back rather than kept in memory (DELIVERY D12)."""
SIZES = tuple(2**power for power in range(14))
"""Bounds of what is told of the sizes of transactions."""

Told = Callable[[Posted], None]
Waiting = tuple[NewMessage, "Future[Posted]", Told | None]


class MessageLog:
    """Group commit without a timer: messages that come in one turn of the event loop, or while a transaction is on its
    way to disk, share the next one. A lone one waits for nothing."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self.commits = 0
        """Transactions that stored something."""
        self.appended = 0
        """Messages stored."""
        self.posted_in: set[int] = set()
        """Rooms in which something was stored; whoever takes them leaves an empty set."""
        self.duplicates = 0
        """Messages that were stored before."""
        self.batches = Spread(SIZES)
        """Messages of a transaction."""
        self.waits = Waits()
        """For a commit."""
        self._database = database
        self._now = now
        self._waiting: list[Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    def append(self, new: NewMessage, told: Told | None = None) -> "Future[Posted]":
        """Resolves after the durable commit, in the order of the calls. A repeated (author, nonce) gets the message
        that was stored first and takes no number (DELIVERY D1-D4). `told` is called just before, cancelled or not.

        Raises NotFound when the room does not exist, FileGone when a file is another message's, StorageFull, or
        Unavailable, at once when too many wait. Cancelling the future does not take the message back.
        """
        if len(self._waiting) >= WAITING_LIMIT:
            raise Unavailable
        loop = asyncio.get_running_loop()
        future: Future[Posted] = loop.create_future()
        self._waiting.append((new, future, told))
        if self._writing is None:
            self._writing = loop.create_task(self._write_all())
        return future

    @property
    def waiting(self) -> int:
        """Messages that the next transaction takes."""
        return len(self._waiting)

    async def settle(self) -> None:
        """Returns when nothing waits any more."""
        while self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write_all(self) -> None:
        """One batch after the other while messages wait: one task for a burst, not one for each."""
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, []
                await self._write(waiting)
        finally:
            self._writing = None

    async def _write(self, waiting: list[Waiting]) -> None:
        """Store a batch. What cannot be stored must not fail its neighbours, nor may a later message of its sender
        overtake it: halves are tried in order, down to the message alone."""
        given = [new for new, _, _ in waiting]
        now = self._now()
        try:
            with self.waits.timed():
                posted = await self._database.append(given, now)
        except (StorageFull, Unavailable) as error:
            # One error for each: an exception raised in many tasks gathers the tracebacks of all.
            _resolve(waiting, [type(error)() for _ in waiting])
        except Exception as error:  # noqa: BLE001  it belongs to the senders, not to this task
            if len(waiting) == 1:
                _resolve(waiting, [error])
            else:
                middle = len(waiting) // 2
                await self._write(waiting[:middle])
                await self._write(waiting[middle:])
        else:
            self._count(posted)
            _resolve(waiting, posted)

    def _count(self, posted: list[Posted]) -> None:
        duplicates = sum(one.duplicate for one in posted)
        self.commits += duplicates < len(posted)
        self.appended += len(posted) - duplicates
        self.duplicates += duplicates
        self.batches.add(len(posted))
        self.posted_in.update([one.message.room_id for one in posted])


def _resolve(waiting: list[Waiting], outcomes: Sequence[Posted | Exception]) -> None:
    for (_, future, told), outcome in zip(waiting, outcomes, strict=True):
        if isinstance(outcome, Posted):
            if told is not None:
                _tell(told, outcome)
            if not future.done():
                future.set_result(outcome)
        elif not future.done():
            future.set_exception(outcome)


def _tell(told: Told, posted: Posted) -> None:
    try:
        told(posted)
    except Exception:
        # Its message is stored; the answers to the others must go out all the same.
        log.exception("nobody was told of message %d of room %d", posted.message.number, posted.message.room_id)
