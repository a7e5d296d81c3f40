"""A server whose event loop stands still for half a second, every five.

Start it with `python -m tests.faults.runners.blocked_loop`.
"""

import asyncio
import time

from app.server import serve
from app.settings import Settings
from tests.faults.runners import run

EVERY = 5.0
BLOCK = 0.5
"""Seconds."""


async def serve_haltingly(settings: Settings) -> None:
    blocking = asyncio.create_task(block_again_and_again())
    try:
        await serve(settings)
    finally:
        blocking.cancel()


async def block_again_and_again() -> None:
    while True:
        await asyncio.sleep(EVERY)
        time.sleep(BLOCK)  # noqa: ASYNC251  that is the fault


if __name__ == "__main__":
    run(serve_haltingly)
