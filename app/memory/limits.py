"""Rate limits of this process (SECURITY S51)."""

from collections.abc import Callable
from typing import NamedTuple

from app.errors import TooFast

SWEEP_ABOVE = 10_000
ROUNDING = 1e-9
"""Seconds that adding fractions may be wrong by."""


class Limit(NamedTuple):
    """At most `most` within `seconds`, in a burst or spread."""

    most: int
    seconds: float


class Limits:
    """One number per key: the time at which the key's burst is paid off (the generic cell rate algorithm)."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._paid_off: dict[str, float] = {}
        self._sweep_above = SWEEP_ABOVE

    def take(self, key: str, limit: Limit) -> None:
        """Count one act of `key`; raises TooFast with the seconds to wait, and then counts nothing."""
        now = self._monotonic()
        start = max(now, self._paid_off.get(key, 0.0))
        step = limit.seconds / limit.most
        wait = start + step - now - limit.seconds
        if wait > ROUNDING:
            raise TooFast(wait)
        self._paid_off[key] = start + step
        if len(self._paid_off) > self._sweep_above:
            self._sweep(now)

    def left(self, key: str, limit: Limit) -> tuple[int, float]:
        """How many acts of `key` are free at this moment, and the seconds until all are."""
        owed = max(0.0, self._paid_off.get(key, 0.0) - self._monotonic())
        step = limit.seconds / limit.most
        return int(max(0.0, limit.seconds - owed) / step + ROUNDING), owed

    def give_back(self, key: str) -> None:
        """Nothing came of what was counted: forget all acts of `key`."""
        self._paid_off.pop(key, None)

    def give_one_back(self, key: str, limit: Limit) -> None:
        """The last act of `key` that was counted does not count."""
        self._paid_off[key] -= limit.seconds / limit.most

    def _sweep(self, now: float) -> None:
        self._paid_off = {key: time for key, time in self._paid_off.items() if time > now}
        self._sweep_above = max(SWEEP_ABOVE, 2 * len(self._paid_off))
