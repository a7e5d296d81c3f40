"""An answer that waits for a commit."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

from app.protocol.events import Event


class Later(NamedTuple):
    """The answer to the command `ref`: `event` makes it from the result of `future`."""

    ref: int
    future: asyncio.Future[Any]
    event: Callable[[Any], Event]
