"""A server whose bus loses, doubles and swaps changes of rooms: `python -m tests.faults.runners.lossy_bus MODE LOG`.

MODE is `mixed`, for a tenth of each at random, or `tail`, which loses the messages that say TAIL. LOG gets a line for
each loss: what was lost, and when the change behind it showed that something is missing.
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from app.bus.base import Bus, Deliver
from app.bus.memory import MemoryBus
from app.server import serve
from tests.faults.runners import run

TAIL = b"the last of a burst"
SHARE = 0.1


class LossyBus:
    """Passes on to another bus what it does not lose. What is swapped waits for the next change of its room."""

    def __init__(self, bus: Bus, fate: Callable[[bytes], str], log: TextIO) -> None:
        self._bus = bus
        self._fate = fate
        self._log = log
        self._late: dict[str, list[tuple[int, bytes]]] = {}
        self._lost: dict[str, list[int]] = {}

    async def start(self, deliver: Deliver, lost: Callable[[], None]) -> None:
        await self._bus.start(deliver, lost)

    def subscribe(self, topic: str) -> None:
        self._bus.subscribe(topic)

    def unsubscribe(self, topic: str) -> None:
        self._bus.unsubscribe(topic)

    async def close(self) -> None:
        await self._bus.close()

    def publish(self, topic: str, seq: int, body: bytes) -> None:
        fate = self._fate(body) if seq else "pass"
        if fate == "lose":
            self._lost.setdefault(topic, []).append(seq)
        elif fate == "swap":
            self._late.setdefault(topic, []).append((seq, body))
        else:
            self._pass(topic, seq, body)
            if fate == "double":
                self._bus.publish(topic, seq, body)

    def _pass(self, topic: str, seq: int, body: bytes) -> None:
        for lost in self._lost.pop(topic, []) if seq else []:
            self._log.write(f"{topic.removeprefix('room:')} {lost} {time.monotonic()}\n")
        self._bus.publish(topic, seq, body)
        for late_seq, late_body in self._late.pop(topic, []) if seq else []:
            self._bus.publish(topic, late_seq, late_body)


def mixed(_: bytes) -> str:
    return random.choices(("lose", "double", "swap", "pass"), (SHARE, SHARE, SHARE, 1 - 3 * SHARE))[0]


def tail(body: bytes) -> str:
    return "lose" if TAIL in body else "pass"


if __name__ == "__main__":
    fate = {"mixed": mixed, "tail": tail}[sys.argv[1]]
    with Path(sys.argv[2]).open("w", buffering=1) as log:
        run(lambda settings: serve(settings, LossyBus(MemoryBus(), fate, log)))
