"""The plain numbers of one process, counted where things happen. `app/realtime/figures.py` shows them to Prometheus.

Counting costs a message next to nothing this way: a counter of prometheus_client takes a lock and a microsecond.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
WAITS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""Seconds."""


class Spread:
    """How many of the values seen lie at or below each of `bounds`."""

    __slots__ = ("_bounds", "_counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    def counts(self) -> dict[float, int]:
        """By bound, the last of which is infinite."""
        return dict(zip((*self._bounds, float("inf")), self._counts, strict=True))


class Waits:
    """How many wait for an answer now, and how long those waited that have it, whatever it was."""

    __slots__ = ("now", "seconds")

    def __init__(self) -> None:
        self.now = 0
        self.seconds = Spread(WAITS)

    @contextmanager
    def timed(self) -> Iterator[None]:
        self.now += 1
        begun = monotonic()
        try:
            yield
        finally:
            self.now -= 1
            self.seconds.add(monotonic() - begun)


@dataclass(slots=True)
class Metrics:
    """What nobody else keeps count of."""

    sends_answered: int = 0
    messages_indexed: int = 0
    gaps_filled: int = 0
    resets: int = 0
    slow_closes: int = 0
    sign_ins: int = 0
    bus_breaks: int = 0
    files_taken: int = 0
    file_bytes: int = 0
    """Of those, as they are kept."""
    links_looked_up: Counter[str] = field(default_factory=Counter)
    """By what came of it: card, nothing, failed or refused."""
    webhooks_told: Counter[str] = field(default_factory=Counter)
    """By what came of it: heard, gone or failed."""
    commands_failed: Counter[str] = field(default_factory=Counter)
    """By the code of the error."""
    loop_lag: Spread = field(default_factory=lambda: Spread(LAGS))
