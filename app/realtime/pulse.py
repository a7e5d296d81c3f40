"""What the hub does by the clock: activity and presence every second, heartbeats and checks, and the farewell."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from app.bus.base import room_topic
from app.chat import presence
from app.memory.presence import Moves, Presence
from app.protocol import events
from app.protocol.close_codes import CloseCode
from app.protocol.codec import encode_event
from app.realtime.connection import Connection
from app.realtime.hub import Hub
from app.realtime.live_room import LiveRoom
from app.realtime.outgoing import WRITES_PER_TURN
from app.realtime.summaries import Summaries
from app.services import Services

log = logging.getLogger(__name__)

TICK = 1.0
LOOKS = 10
"""At the event loop's lateness within a tick: what blocks it between two of them is not seen."""
RETURN = (5.0, 15.0)
"""Seconds from the last farewell: a server needs about the first to start, and a thousand who come spread over the rest
are a hundred a second."""
CLOSED_PER_SECOND = 100
DRAIN = 15.0
SETTLING = 0.5
"""Seconds (DELIVERY D10)."""
MOST_NAMED = 20
"""People of whom a room is told within a second that they came or went: more of them are a number only. So many more
may have gone idle or come back: further ones have their turn in the next second."""


class Pulse:
    """The hub's clockwork."""

    def __init__(self, services: Services, hub: Hub) -> None:
        self._services = services
        self._hub = hub
        self._monotonic = services.clock.monotonic
        self._summaries = Summaries(services)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._summaries.close()

    async def tell(self) -> None:
        """Activity and presence, of what came together since the last call."""
        self._tell_activity()
        self._tell_presence()
        self._summaries.begin()

    async def beat(self) -> None:
        """A heartbeat to everybody, with the heads that changed; browsers do not see pings, so it is never left out."""
        self._hub.tell_everybody()
        frames: dict[tuple[int, ...], bytes] = {}
        changed = self._take_changed_heads()
        for count, connection in enumerate(list(self._hub.connections)):
            if count % WRITES_PER_TURN == WRITES_PER_TURN - 1:
                await asyncio.sleep(0)
            self._beat_one(connection, changed, frames)
        await self._hub.readers.beat()

    async def say_goodbye(self) -> None:
        """Tell everybody that the server restarts and when to return, send the answers of what was accepted, then hang
        up, a hundred a second at most (DELIVERY D10)."""
        await self._hub.readers.say_goodbye()
        connections = list(self._hub.connections)
        for place, connection in enumerate(connections):
            connection.send(events.ServerRestarting(after=return_after(place, len(connections))))
        deadline = self._monotonic() + DRAIN
        for start in range(0, len(connections), CLOSED_PER_SECOND // 10):
            if self._monotonic() < deadline:
                await self._settle()
            for connection in connections[start : start + CLOSED_PER_SECOND // 10]:
                connection.close(CloseCode.RESTARTING)
            if self._monotonic() < deadline:
                await asyncio.sleep(0.1)

    async def _settle(self) -> None:
        """Until the log rests, which on a busy server may be never."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLING):
                await self._services.store.log.settle()

    async def _run(self) -> None:
        beat = self._monotonic()
        while True:
            await self._wait()
            now = self._monotonic()
            await self._attempt(self.tell)
            if now - beat >= self._hub.heartbeat:
                beat = now
                await self._attempt(self.beat)

    async def _wait(self) -> None:
        for _ in range(LOOKS):
            before = self._monotonic()
            await asyncio.sleep(TICK / LOOKS)
            self._services.metrics.loop_lag.add(max(0.0, self._monotonic() - before - TICK / LOOKS))
            self._hub.lookout.glance()

    async def _attempt(self, act: Callable[[], Awaitable[None]]) -> None:
        """Without its clockwork a hub would go silent for everybody, so one broken round must not end it."""
        try:
            await act()
        except Exception:
            log.exception("a round of the hub broke")

    def _tell_activity(self) -> None:
        """One coalesced word per room with posts to its members who look elsewhere: cost follows attention."""
        active, self._hub.active_rooms = self._hub.active_rooms, set()
        for live in active:
            if not live.elsewhere.empty:
                live.elsewhere.add(activity(live))

    def _tell_presence(self) -> None:
        """To those who look at a room, or are in a direct one, and to other processes."""
        self._services.presence.forget_gone()
        if self._hub.was_asked:
            self._hub.tell_everybody()
        presence.tell_moves(self._services)
        people = self._services.presence
        moves, shifts = people.take_moves(), people.take_shifts(MOST_NAMED)
        for room_id in moves | shifts:
            live = self._hub.rooms.get(room_topic(room_id))
            if live is not None and (audiences := live.watching_people):
                told = encode_event(presence_changed(people, room_id, moves.get(room_id, {}), shifts.get(room_id, ())))
                for audience in audiences:
                    audience.add(told)

    def _take_changed_heads(self) -> dict[int, int]:
        """Those not yet told. A head must not overtake what waits to be written: its reader would miss what is on its
        way. A room that always has something on its way shows its holes by itself."""
        changed = [
            live for live in self._hub.rooms.values() if live.seq != live.beaten_seq and not live.open_here.waiting
        ]
        for live in changed:
            live.beaten_seq = live.seq
        return {live.id: live.seq for live in changed}

    def _beat_one(self, connection: Connection, changed: dict[int, int], frames: dict[tuple[int, ...], bytes]) -> None:
        connection.transport.ping()
        if not connection.started:
            return
        rooms_changed = tuple(room_id for room_id in connection.rooms if room_id in changed)
        if rooms_changed not in frames:
            heads = {str(room_id): changed[room_id] for room_id in rooms_changed}
            frames[rooms_changed] = encode_event(events.Heartbeat(heads=heads))
        connection.transport.write(connection.transport.framing.frame(frames[rooms_changed]))


def return_after(place: int, count: int) -> float:
    """Seconds after which to return, for the one at this place among `count` who are let go.

    They return once all are gone: who comes earlier may find nobody and tries again, and then they come all at once. In
    the order in which they were let go, so that nobody is away for longer than others."""
    first, last = RETURN
    gone = min(count / CLOSED_PER_SECOND, DRAIN)
    return round(gone + first + (last - first) * (place + random.random()) / count, 1)


def presence_changed(people: Presence, room_id: int, moves: Moves, shifted: Iterable[int]) -> events.PresenceChanged:
    online = people.online_in(room_id)
    if len(moves) > MOST_NAMED:
        # Not those who went idle either: names would say that these are all.
        return events.PresenceChanged(room=room_id, online=online)
    here = dict.fromkeys([*(user_id for user_id, came in moves.items() if came), *shifted])
    return events.PresenceChanged(
        room=room_id,
        online=online,
        came=[user_id for user_id in here if not people.is_idle(user_id)],
        went=[user_id for user_id, came in moves.items() if not came],
        idle=[user_id for user_id in here if people.is_idle(user_id)],
    )


def activity(live: LiveRoom) -> bytes:
    return encode_event(events.RoomActivity(room=live.id, number=live.latest_number, seq=live.seq))
