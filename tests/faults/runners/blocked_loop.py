"""A server whose event loop stands still for half a second, every five.

Start it with `python -m tests.faults.runners.blocked_loop`.
"""

import asyncio
import random
import time

from app.server import serve
from app.settings import Settings
from tests.faults.runners import run

EVERY, VARIED, BLOCK = 5.0, 0.5, 0.5
"""Seconds; the time between two blocks varies, or they would always meet the same timer."""


async def serve_haltingly(settings: Settings) -> None:
    blocking = asyncio.create_task(block_again_and_again())
    try:
        await serve(settings)
    finally:
        blocking.cancel()


async def block_again_and_again() -> None:
    while True:
        await asyncio.sleep(EVERY + random.uniform(-VARIED, VARIED))
        time.sleep(BLOCK)  # noqa: ASYNC251  that is the fault


if __name__ == "__main__":
    run(serve_haltingly)
