"""The newest of what happens, for any number of readers, each at its own pace."""

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Feed(Generic[T]):
    """Keeps `most` items: a reader who stops costs nothing, and finds what it missed dropped."""

    def __init__(self, most: int) -> None:
        self._items: deque[T] = deque(maxlen=most)
        self._more = asyncio.Event()
        self.end = 0
        """Where the next item will stand."""
        self.over: Exception | None = None

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    @property
    def begin(self) -> int:
        """Where the oldest item stands."""
        return self.end - len(self._items)

    def append(self, item: T) -> None:
        self._items.append(item)
        self.end += 1
        self._wake()

    def finish(self, problem: Exception) -> None:
        """Nothing comes any more: who has read all of it is told why."""
        self.over = self.over or problem
        self._wake()

    async def at(self, place: int) -> T:
        """The item at a place from `begin` on, once it is there."""
        while place >= self.end:
            if self.over is not None:
                raise self.over
            await self._more.wait()
        return self._items[place - self.begin]

    def _wake(self) -> None:
        self._more.set()
        self._more = asyncio.Event()
