"""Waiting for what will come, instead of sleeping."""

import asyncio
from collections.abc import Callable

PATIENCE = 10.0
"""Seconds until a wait is a failure; what is waited for takes a small part of it."""


async def until(condition: Callable[[], object]) -> None:
    """Return once the condition holds; TimeoutError when it never does."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  the condition looks at code that knows of no Event
            await asyncio.sleep(0.005)
