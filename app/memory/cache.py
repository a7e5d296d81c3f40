"""What this process has just read from the database and may believe for a while."""

from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """A bounded memory whose entries are dropped by the event that makes them wrong.

    A reader takes `version` before it asks the database and hands it to `put`: without that, an answer read before a
    revocation and put after it would stay.
    """

    def __init__(self, size: int, seconds: float, monotonic: Callable[[], float]) -> None:
        self._size = size
        self._seconds = seconds
        self._monotonic = monotonic
        self._entries: dict[Key, tuple[float, Value]] = {}
        self.version = 0

    def get(self, key: Key) -> Value | None:
        entry = self._entries.get(key)
        if entry is None or entry[0] < self._monotonic():
            return None
        return entry[1]

    def put(self, key: Key, value: Value, version: int) -> None:
        if version != self.version:
            return
        if len(self._entries) >= self._size:
            self._entries.clear()
        self._entries[key] = (self._monotonic() + self._seconds, value)

    def drop(self, key: Key) -> None:
        """Forget an entry that is wrong now, and distrust answers on their way."""
        self.version += 1
        self._entries.pop(key, None)

    def drop_where(self, wrong: Callable[[Key, Value], bool]) -> None:
        """Forget the entries that are wrong now, and distrust answers on their way."""
        self.version += 1
        for key in [key for key, (_, value) in self._entries.items() if wrong(key, value)]:
            del self._entries[key]

    def clear(self) -> None:
        self.version += 1
        self._entries.clear()
