"""When to come back (docs/protocol.md, "Coming back")."""

import random
from collections.abc import Callable

DOUBLED = 5
"""Times; more would be above LONGEST, and after a night above what a number holds."""
FIRST, LONGEST = 3.0, 30.0
"""Seconds: clients who lost the same server do not return in one instant, nor stay away for long."""


class Returning:
    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._failures = 0
        self._at: float | None = None

    def announced(self, at: float) -> None:
        """The server restarts, and asked to come back at this time."""
        self._at = at

    def worked(self) -> None:
        self._failures = 0
        self._at = None

    def wait(self, now: float, at_least: float = 0.0) -> float:
        """Seconds from now, after a line that ended."""
        if self._at is not None and self._at > now:
            return max(self._at - now, at_least)
        longest = FIRST if self._failures == 0 else min(LONGEST, 2.0 ** min(self._failures, DOUBLED))
        self._failures += 1
        return max(self._chance() * longest, at_least)
