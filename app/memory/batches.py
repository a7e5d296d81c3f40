"""Work that is done for many at once."""

import asyncio
from asyncio import Future
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from app.errors import RoostError

T = TypeVar("T")

AT_ONCE = 200
"""Of one round: whoever else wants something of the database waits for it."""


class Batches(Generic[T]):
    """What comes in while a round of work is under way shares the next one; a lone one waits for nothing. As the
    message log does it, for what takes no place in that."""

    def __init__(self) -> None:
        self._waiting: list[tuple[T, Future[None]]] = []
        self._working: asyncio.Task[None] | None = None

    async def join(self, item: T, work: Callable[[Sequence[T]], Awaitable[Sequence[RoostError | None]]]) -> None:
        """Returns when `work`, the same for all, is done for the item; raises what that returns for it. What it raises
        itself is raised to all of its round. Cancelling does not take the item back."""
        loop = asyncio.get_running_loop()
        future: Future[None] = loop.create_future()
        self._waiting.append((item, future))
        if self._working is None:
            self._working = loop.create_task(self._work_off(work))
        await future

    async def _work_off(self, work: Callable[[Sequence[T]], Awaitable[Sequence[RoostError | None]]]) -> None:
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                await _do(some, work)
        finally:
            self._working = None


async def _do(
    some: list[tuple[T, "Future[None]"]], work: Callable[[Sequence[T]], Awaitable[Sequence[RoostError | None]]]
) -> None:
    outcomes: Sequence[Exception | None]
    try:
        outcomes = await work([item for item, _ in some])
    except Exception as error:  # noqa: BLE001  it belongs to those who wait, not to this task
        outcomes = [error for _ in some]
    for (_, future), outcome in zip(some, outcomes, strict=True):
        if future.done():
            continue
        if outcome is None:
            future.set_result(None)
        else:
            future.set_exception(outcome)
