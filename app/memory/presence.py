"""Who is connected to this process."""

from collections.abc import Callable

GRACE = 30.0
"""Seconds after the last connection before somebody counts as gone, so that a reload does not blink."""


class Presence:
    """Counts connections per person and gathers what changed until somebody takes it."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._connections: dict[int, int] = {}
        self._leaving: dict[int, float] = {}
        self._came: set[int] = set()

    def came(self, user_id: int) -> None:
        """Another connection of this person is here."""
        if user_id not in self._connections and self._leaving.pop(user_id, None) is None:
            self._came.add(user_id)
        self._connections[user_id] = self._connections.get(user_id, 0) + 1

    def went(self, user_id: int) -> None:
        """A connection of this person is gone; with the last one the grace begins."""
        self._connections[user_id] -= 1
        if self._connections[user_id] == 0:
            del self._connections[user_id]
            self._leaving[user_id] = self._monotonic() + GRACE

    def is_online(self, user_id: int) -> bool:
        return user_id in self._connections or user_id in self._leaving

    def take_changes(self) -> tuple[list[int], list[int]]:
        """People who came and went since the last call, each list sorted."""
        now = self._monotonic()
        gone = [user_id for user_id, end in self._leaving.items() if end <= now]
        for user_id in gone:
            del self._leaving[user_id]
        came, self._came = self._came - set(gone), set()
        return sorted(came), sorted(gone)

    @property
    def count(self) -> int:
        return len(self._connections)
