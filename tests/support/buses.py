"""A bus that does what a bus may do: lose, double and reorder."""

import random
from collections import Counter
from collections.abc import Callable

from app.bus.base import Bus, Deliver

Fate = Callable[[bytes], str]
"""What becomes of these bytes: `lose`, `double`, `swap` or `pass`."""
SHARE = 0.1


class LossyBus:
    """Passes on to another bus what it does not lose. What is swapped waits for the next change of its topic; hints
    always pass. `fate` says what becomes of each body, and `fates` counts it."""

    def __init__(self, bus: Bus, fate: Fate) -> None:
        self.fate = fate
        self.fates: Counter[str] = Counter()
        self._bus = bus
        self._late: dict[str, list[tuple[int, bytes]]] = {}

    @property
    def up(self) -> bool:
        return self._bus.up

    async def start(self, deliver: Deliver, lost: Callable[[], None]) -> None:
        await self._bus.start(deliver, lost)

    def subscribe(self, topic: str) -> None:
        self._bus.subscribe(topic)

    def unsubscribe(self, topic: str) -> None:
        self._bus.unsubscribe(topic)

    async def close(self) -> None:
        await self._bus.close()

    def publish(self, topic: str, seq: int, body: bytes) -> None:
        fate = self.fate(body) if seq else "pass"
        self.fates[fate] += 1
        if fate == "lose":
            self.lose(topic, seq)
        elif fate == "swap":
            self._late.setdefault(topic, []).append((seq, body))
        else:
            self._pass(topic, seq, body)
            if fate == "double":
                self._bus.publish(topic, seq, body)

    def lose(self, topic: str, seq: int) -> None:
        """For those who keep account of it."""

    def show_losses(self, topic: str) -> None:
        """From here on it can be noticed what was lost of this topic."""

    def _pass(self, topic: str, seq: int, body: bytes) -> None:
        if seq:
            self.show_losses(topic)
        self._bus.publish(topic, seq, body)
        for late_seq, late_body in self._late.pop(topic, []) if seq else []:
            self._bus.publish(topic, late_seq, late_body)


def mixed(chance: random.Random) -> Fate:
    """A tenth each is lost, doubled and swapped."""
    fates, shares = ("lose", "double", "swap", "pass"), (SHARE, SHARE, SHARE, 1 - 3 * SHARE)
    return lambda _: chance.choices(fates, shares)[0]
