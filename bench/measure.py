"""One measurement in a process of its own: `python -m bench.measure PEER MODE NUMBERS FOLDER` prints its figures.

A process of its own leaves nothing behind for the next one: no open sockets, no grown heap.
"""

import gc
import json
import sys
from pathlib import Path

from bench import plan
from bench.machine import GENERATOR_CORE, raise_file_limit, use_core
from bench.modes.stage import Figures
from bench.servers import SERVERS


def measure(peer: str, mode: str, numbers: dict[str, float], folder: Path) -> Figures:
    """Raises Unexpected when a delivery was wrong or missing."""
    raise_file_limit()
    use_core(GENERATOR_CORE)
    gc.disable()
    chosen = next(each.mode for each in [*plan.full(), *plan.short()] if each.mode.__name__ == mode)
    return chosen(SERVERS[peer], folder, **numbers)


def main() -> None:
    peer, mode, numbers, folder = sys.argv[1:]
    print(json.dumps(measure(peer, mode, json.loads(numbers), Path(folder))))


if __name__ == "__main__":
    main()
