"""Holes in what the bus told of a room, filled from the database."""

import asyncio
import logging
from collections.abc import Callable

from app.chat import rooms
from app.errors import RoostError
from app.protocol.codec import encode_event
from app.protocol.events import MessagePosted
from app.realtime.live_room import LiveRoom
from app.services import Services

log = logging.getLogger(__name__)

ON_ITS_WAY = 0.03
"""Seconds that a change is waited for before it counts as lost: two processes that post in one room at the same time
hear their own message first, and each would ask the database for the other's."""
AGAIN_AFTER = 1.0
"""Seconds until a database that did not answer is asked again."""
AT_ONCE = 3
"""Rooms of which the database is asked at the same time: after a break all have holes, and people ask as well."""


class Repairs:
    """One at a time for each room. `hand_out` passes on the next change of a room; `is_live` tells whether anybody here
    is still told of it."""

    def __init__(
        self,
        services: Services,
        hand_out: Callable[[LiveRoom, int, bytes], None],
        is_live: Callable[[LiveRoom], bool],
    ) -> None:
        self._services = services
        self._hand_out = hand_out
        self._is_live = is_live
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)

    def begin(self, live: LiveRoom) -> None:
        """Fill what is missing after `live.seq`, soon."""
        if not live.repairing:
            live.repairing = True
            task = asyncio.get_running_loop().create_task(self._repair(live))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def look(self, live: LiveRoom) -> None:
        """Fill what is missing, of which no change that came early tells: once more when the database is just being
        asked, for its answer may be older than what was lost."""
        live.doubted = True
        self.begin(live)

    @property
    def idle(self) -> bool:
        return not self._tasks

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _repair(self, live: LiveRoom) -> None:
        """However often it takes to reach the database."""
        if not live.doubted:
            await asyncio.sleep(ON_ITS_WAY)
        if live.ahead or live.doubted:
            await self._ask(live)
        live.repairing = False
        if live.ahead or live.doubted:
            self.begin(live)

    async def _ask(self, live: LiveRoom) -> None:
        async with self._turns:
            live.doubted = False
            filled = await self._fill(live)
        if not filled:
            live.doubted = True
            await asyncio.sleep(AGAIN_AFTER)

    async def _fill(self, live: LiveRoom) -> bool:
        """Whether the database answered, and what it knows was handed out, with what had waited behind it."""
        early = set(live.ahead)
        try:
            head, missed = await rooms.missed(self._services, live.id, live.seq)
        except Exception as error:
            log.warning("room %d: a gap stays open: %s", live.id, error, exc_info=not isinstance(error, RoostError))
            return not self._is_live(live)
        self._pass_on(live, missed)
        live.advance(max(live.seq, head))
        # What came before the answer and is above it never was: the database is the truth.
        live.ahead = {seq: body for seq, body in live.ahead.items() if seq > live.seq and seq not in early}
        for seq, body in live.next_ahead():
            self._hand_out(live, seq, body)
        return True

    def _pass_on(self, live: LiveRoom, missed: list[rooms.Change]) -> None:
        """In the order of their changes. A post that was edited since stands behind later ones there, and is not the
        latest for that."""
        latest, number = live.latest_post, live.latest_number
        for change in missed:
            if change.seq > live.seq:
                body = encode_event(change)
                self._hand_out(live, change.seq, body)
                self._services.metrics.gaps_filled += 1
                if isinstance(change, MessagePosted) and change.message.number > number:
                    latest, number = body, change.message.number
        live.latest_post = latest
