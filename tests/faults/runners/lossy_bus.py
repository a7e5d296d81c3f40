"""A server whose bus loses, doubles and swaps changes of rooms: `python -m tests.faults.runners.lossy_bus MODE LOG`.

MODE is `mixed`, for a tenth of each at random, or `tail`, which loses the messages that say TAIL. LOG gets a line for
each loss: what was lost, and when the change behind it showed that something is missing.
"""

import random
import sys
import time
from pathlib import Path
from typing import TextIO

from app.bus.memory import MemoryBus
from app.server import serve
from tests.faults.runners import run
from tests.support.buses import LossyBus, mixed

TAIL = b"the last of a burst"


class AccountedBus(LossyBus):
    """Writes down what it loses once that can be noticed."""

    def __init__(self, mode: str, log: TextIO) -> None:
        super().__init__(MemoryBus(), {"mixed": mixed(random.Random()), "tail": tail}[mode])
        self._log = log
        self._lost: dict[str, list[int]] = {}

    def lose(self, topic: str, seq: int) -> None:
        self._lost.setdefault(topic, []).append(seq)

    def show_losses(self, topic: str) -> None:
        for lost in self._lost.pop(topic, []):
            self._log.write(f"{topic.removeprefix('room:')} {lost} {time.monotonic()}\n")


def tail(body: bytes) -> str:
    return "lose" if TAIL in body else "pass"


if __name__ == "__main__":
    with Path(sys.argv[2]).open("w", buffering=1) as log:
        run(lambda settings: serve(settings, AccountedBus(sys.argv[1], log)))
