"""Opening what Tornado opens: it cannot be called off, so what comes when nobody waits any more is closed."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


async def opened(opening: Awaitable[T], close: Callable[[T], None]) -> T:
    task = asyncio.ensure_future(opening)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(partial(_close_late, close))
        raise


def _close_late(close: Callable[[Any], None], task: "asyncio.Future[Any]") -> None:
    if not task.cancelled() and task.exception() is None:
        close(task.result())
