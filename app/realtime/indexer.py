"""Indexer: makes what was posted findable, in the background."""

import asyncio
import logging
import math

from app.chat import indexing
from app.errors import RoostError
from app.services import Services

log = logging.getLogger(__name__)

EVERY = 0.25
"""Seconds between two looks at what was posted here; a message is found within a second."""
LOOKED_EVERY = 60.0
"""Seconds between two looks into the database, for what others left behind: an import, or a process that ended."""
REST = 9.0
"""For each second of work, so many without: however much there is to do, those who write come first. What is posted is
found within a second as long as it is less than some 2,000 messages a second."""
LEAST_REST = 0.02
"""Seconds until a room that is not done is looked at again: that somebody else holds it is told in no time."""


class Indexer:
    """One task. The log says in which rooms something was posted here, so an idle community costs a question a minute.
    Several processes may work on one database: each room is claimed for a transaction."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._monotonic = services.clock.monotonic
        self._behind: dict[int, None] = {}
        self._looked_at = -math.inf
        self._failing = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """What is not findable yet will be when a server starts."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self._catch_up()
                self._failing = False
            except RoostError as error:
                if not self._failing:
                    log.warning("messages cannot be made findable, it is tried again: %s", error)
                self._failing = True
                self._looked_at = -math.inf  # the room that was under way is not in `_behind` any more
            except Exception:
                log.exception("making messages findable broke")
            await asyncio.sleep(EVERY)

    async def _catch_up(self) -> None:
        """As far as is known."""
        self._take_posted()
        if self._monotonic() - self._looked_at >= LOOKED_EVERY:
            self._behind |= dict.fromkeys(await indexing.rooms_behind(self._services))
            self._looked_at = self._monotonic()
        while self._behind:
            # In turn: a room that was imported must not keep the others waiting.
            room_id = next(iter(self._behind))
            del self._behind[room_id]
            begun = self._monotonic()
            has_more = await indexing.index_some(self._services, room_id)
            if has_more:
                self._behind[room_id] = None
            rest = REST * (self._monotonic() - begun)
            await asyncio.sleep(max(rest, LEAST_REST) if has_more else rest)
            self._take_posted()

    def _take_posted(self) -> None:
        log = self._services.store.log
        posted, log.posted_in = log.posted_in, set()
        # First those in which somebody speaks now.
        self._behind = dict.fromkeys(posted) | self._behind
