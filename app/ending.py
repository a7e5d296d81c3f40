"""How a process ends when it is told to, whatever is still under way in it."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

ENDS = (signal.SIGTERM, signal.SIGINT)
LAST = 20.0
"""Seconds; a platform kills after 30 (DELIVERY D10)."""


async def asked_to_stop() -> None:
    """Returns when SIGTERM or SIGINT has come. Later ones are ignored to the very end: a platform may send several, and
    one that came after a loop had closed, and had put back the handlers from before, would kill what has ended well."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for name in ENDS:
        signal.signal(name, lambda *_: loop.call_soon_threadsafe(asked.set))
    await asked.wait()
    for name in ENDS:
        signal.signal(name, signal.SIG_IGN)


def end_at_last() -> None:
    """Whatever holds the end up, a commit that waits for a dead database or a loop that is blocked: it is not waited
    for until the platform kills, which it reports as a fault."""
    timer = threading.Timer(LAST, _give_up)
    timer.daemon = True
    timer.start()


async def aside(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `fn` in a thread that the end of the process does not wait for, unlike one of `asyncio.to_thread`."""
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001  it is raised where the result is waited for
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(done)


def _give_up() -> None:
    log.error("not done after %.0f s, ending all the same", LAST)
    os._exit(1)
