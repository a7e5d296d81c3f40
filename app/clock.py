"""The two clocks: wall time for what people read, monotonic time for everything that waits (DELIVERY D14)."""

import time


class Clock:
    """Tests hand in their own."""

    def __init__(self) -> None:
        self._begun = self.now() - int(self.monotonic() * 1000)

    def now(self) -> int:
        """Milliseconds since 1970, UTC."""
        return time.time_ns() // 1_000_000

    def steady(self) -> int:
        """The same, except that somebody who sets the clock while we run does not move it: for what runs out."""
        return self._begun + int(self.monotonic() * 1000)

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return time.monotonic()
