"""A bus that does what a bus may do: lose, double and reorder."""

import random
from collections.abc import Callable

from app.bus.base import Deliver
from app.bus.memory import MemoryBus


class UnreliableBus(MemoryBus):
    """Of the durable events one in ten each is lost, doubled, and held back until a later one has passed.

    `drop_all` loses everything from then on.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.drop_all = False
        self.lost_events = self.doubled = self.swapped = 0
        self._random = random.Random(seed)
        self._held: list[tuple[str, int, bytes]] = []

    def publish(self, topic: str, seq: int, body: bytes) -> None:
        if self.drop_all:
            return
        if seq == 0:
            super().publish(topic, seq, body)
            return
        fate = self._random.random()
        if fate < 0.1:
            self.lost_events += 1
            return
        if fate < 0.2:
            self.swapped += 1
            self._held.append((topic, seq, body))
            return
        super().publish(topic, seq, body)
        if fate < 0.3:
            self.doubled += 1
            super().publish(topic, seq, body)
        held, self._held = self._held, []
        for event in held:
            super().publish(*event)

    def break_off(self) -> None:
        """As after a lost connection between processes."""
        self.lost_callback()

    async def start(self, deliver: Deliver, lost: Callable[[], None]) -> None:
        await super().start(deliver, lost)
        self.lost_callback = lost
