"""Who is connected to this process."""

from collections.abc import Callable

GRACE = 15.0
"""Seconds after the last connection before somebody counts as gone, so that a reload does not blink. A line that died
without a word is given up after 40, and a minute is what others are told wrong things for at most (DELIVERY F8)."""


class Presence:
    """Counts connections per person."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._connections: dict[int, int] = {}
        self._leaving: dict[int, float] = {}

    def came(self, user_id: int) -> None:
        """Another connection of this person is here."""
        self._leaving.pop(user_id, None)
        self._connections[user_id] = self._connections.get(user_id, 0) + 1

    def went(self, user_id: int) -> None:
        """A connection of this person is gone; with the last one the grace begins."""
        self._connections[user_id] -= 1
        if self._connections[user_id] == 0:
            del self._connections[user_id]
            self._leaving[user_id] = self._monotonic() + GRACE

    def take_gone(self) -> list[int]:
        """The people whose grace has ended since the last call."""
        now = self._monotonic()
        gone = [user_id for user_id, end in self._leaving.items() if end <= now]
        for user_id in gone:
            del self._leaving[user_id]
        return gone

    @property
    def count(self) -> int:
        """People here, those in their grace included."""
        return len(self._connections) + len(self._leaving)
