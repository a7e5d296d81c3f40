"""So many requests begin in one turn of the event loop, and messages have their part of each."""

import asyncio
from collections import deque

MOST = 2
"""When 5,000 requests come at once, as from 500 who ask for ten pages each, members would wait for all of them: over a
second. With eight a turn they wait twice as long as with two."""


class Turns:
    """Those for whom there is no room in a turn wait for a later one, first come first served."""

    def __init__(self) -> None:
        self._begun = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take(self) -> asyncio.Future[None] | None:
        """None: begin now. Otherwise begin when it is done."""
        loop = asyncio.get_running_loop()
        if self._begun == 0:
            loop.call_soon(self._next)
        if self._begun < MOST:
            self._begun += 1
            return None
        turn = loop.create_future()
        self._waiting.append(turn)
        return turn

    def _next(self) -> None:
        self._begun = 0
        while self._waiting and self._begun < MOST:
            turn = self._waiting.popleft()
            if not turn.done():  # somebody may have left
                turn.set_result(None)
                self._begun += 1
        if self._begun:
            asyncio.get_running_loop().call_soon(self._next)
