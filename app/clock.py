"""The two clocks: wall time for what people read, monotonic time for everything that waits (DELIVERY D14)."""

import time


class Clock:
    """Tests hand in their own."""

    def now(self) -> int:
        """Milliseconds since 1970, UTC."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return time.monotonic()
