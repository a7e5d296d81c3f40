"""What nobody tells, found in the database: what the bus lost, sign-ins that time has ended, and what goes for good:
what was removed long ago, files that nobody needs, and cards of links that nobody would be shown again."""

import asyncio
import logging
import math
from typing import TYPE_CHECKING

from app.chat import accounts, cards, community, programs, removal, sweeping
from app.errors import RoostError
from app.realtime.live_room import LiveRoom
from app.services import Services

if TYPE_CHECKING:
    from app.realtime.hub import Hub

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks while something is being missed (DELIVERY D11)."""
SAID_EVERY, BELIEVED = 10.0, 45.0
"""Seconds between two words, in the database, that the bus does not carry what is said here; and for how long others
look there after one. They know by themselves that somebody is silent, but not for ever: it may be dead."""
SETTLED = 1.0
"""Seconds until the bus certainly listens to a room that it was told to listen to."""
CHECKED_EVERY = 300.0
"""Seconds (SECURITY S8)."""
SKEW = 300_000
"""Milliseconds by which the clocks of two servers may differ before a joining is overlooked."""


class Lookout:
    """Looks how far the rooms have come, and whether sign-ins were ended or roles given: one question, however many
    there are.

    That happens as often as a heartbeat (DELIVERY D6); every second while the bus is not up, here or in a process that
    says so, and once when it is up again (DELIVERY D11, D15). It has a task of its own, so that nothing else waits for
    a database that hangs.
    """

    def __init__(self, services: Services, hub: "Hub") -> None:
        self._services = services
        self._hub = hub
        self._clock = services.clock
        self._doubted = self._joins_doubted = self._failing = False
        self._began_at = self._swept_at = self._joins_at = self._checked_at = self._said_at = -math.inf
        self._unheard: int | None = None
        self._unheard_until = -math.inf
        self._sure_at = self._clock.now()
        self._revoked: int | None = None
        self._roles: int | None = None
        self._new: dict[LiveRoom, float] = {}
        self._task: asyncio.Task[None] | None = None

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def is_idle(self) -> bool:
        """Nothing is looked for, and there is no doubt that something is missing."""
        return self._task is None and not self._doubted

    def listen_to(self, live: LiveRoom) -> None:
        """The bus has just been told to. That may take a moment, and behind the last change in it no gap will show."""
        self._new[live] = self._clock.monotonic()

    def revoked(self, number: int) -> None:
        """The bus told of something that was taken from somebody, as the `number`-th."""
        if self._revoked is not None and number == self._revoked + 1:
            self._revoked = number
        elif self._revoked is None or number > self._revoked:
            self.doubt()

    def doubt(self, *, joins: bool = False) -> None:
        """Something may have been missed until now; `joins`: who joined a room, too."""
        self._doubted = True
        self._joins_doubted |= joins
        self.glance()

    def glance(self) -> None:
        """Begin to look if there is a reason. To be called several times a second."""
        now = self._clock.monotonic()
        if not self._services.bus.up:
            self._doubted = self._joins_doubted = True
        elif not self._joins_doubted:
            self._sure_at = self._clock.now()
        if self._task is None and now - self._began_at >= EVERY and self._has_reason(now):
            self._began_at = now
            self._task = asyncio.get_running_loop().create_task(self._look_around())

    async def look(self) -> None:
        """At everything. Raises Unavailable or StorageFull; there is doubt then."""
        now, up = self._clock.monotonic(), self._services.bus.up
        self._swept_at, self._doubted = now, not up
        try:
            await self._look_at(list(self._hub.rooms.values()))
            # That takes longer, and may wait while the bus is not up.
            if self._joins_doubted and (up or self._is_due(self._joins_at, now)):
                await self._look_for_joins(now, up=up)
            if not up and now - self._said_at >= SAID_EVERY:
                await self._say_unheard(now)
        except RoostError:
            self._doubted = True
            raise

    async def end_stale_sessions(self) -> None:
        """Hang up on those whose session or token has run out, or was ended without our hearing of it. Raises
        Unavailable or StorageFull."""
        ended = await accounts.ended_sessions(self._services, list(self._hub.session_ids()))
        void = await programs.ended(self._services, list(self._hub.token_ids()))
        if ended or void:
            await self._hang_up(ended, void)

    def _has_reason(self, now: float) -> bool:
        return self._must_sweep(now) or self._first_settled(now)

    def _must_sweep(self, now: float) -> bool:
        return self._doubted or now < self._unheard_until or self._is_due(self._swept_at, now)

    def _is_due(self, last: float, now: float) -> bool:
        return now - last >= self._hub.heartbeat

    def _first_settled(self, now: float) -> bool:
        return bool(self._new) and now - next(iter(self._new.values())) >= SETTLED

    async def _look_around(self) -> None:
        try:
            await self._look_where_needed(self._clock.monotonic())
        except RoostError as error:
            if not self._failing:
                log.warning("the database does not answer, it is asked again every second: %s", error)
            self._failing = True
        except Exception:
            log.exception("a look at the database broke")
        else:
            self._failing = False
        finally:
            self._task = None

    async def _look_where_needed(self, now: float) -> None:
        settled = [live for live, at in self._new.items() if now - at >= SETTLED]
        if self._must_sweep(now):
            await self.look()
        else:
            await self._look_at([live for live in settled if self._hub.is_live(live)])
        for live in settled:
            del self._new[live]
        if now - self._checked_at >= CHECKED_EVERY:
            await self.end_stale_sessions()
            await removal.purge(self._services)
            await cards.purge(self._services)
            await sweeping.sweep(self._services)
            self._checked_at = now

    async def _look_at(self, lives: list[LiveRoom]) -> None:
        state = await community.state(self._services, [live.id for live in lives])
        for live in lives:
            self._hub.notice_head(live, state.heads[live.id])
        if self._revoked is None or state.revoked > self._revoked:
            await self._revoke(state.revoked)
        if self._roles is None:
            # Nobody knows which were given before this look, to those who came before it.
            here = await community.people(self._services, self._hub.people())
            self._hub.tell_of([user for user in here if not self._hub.knows_role_of(user)])
        elif state.roles > self._roles:
            self._hub.tell_of(await community.given_roles(self._services, state.roles - self._roles))
        self._roles = state.roles
        if self._unheard is not None and state.unheard > self._unheard:
            self._unheard_until = self._clock.monotonic() + BELIEVED
            self._joins_doubted = True
        self._unheard = state.unheard

    async def _revoke(self, revoked: int) -> None:
        self._services.cache.clear()
        ended = await community.ended_sessions(self._services, self._hub.session_ids())
        void = await community.ended_tokens(self._services, self._hub.token_ids())
        await self._hang_up(ended, void)
        for user in await community.people(self._services, self._hub.people()):
            self._hub.restrain(user.id, user.muted_until, user.trusted_at)
        await self._hub.readers.check()
        self._revoked = max(revoked, self._revoked or 0)

    async def _hang_up(self, ended: set[int], void: set[int]) -> None:
        """On those whose sessions or tokens have ended, and on who is banned, who is told that: theirs have ended, too.
        Bans are looked for after the sessions, or one that comes in between would be no ban yet."""
        self._hub.put_out(await community.banned(self._services, self._hub.people()))
        self._hub.end_sessions(ended)
        self._hub.end_programs(void)

    async def _say_unheard(self, now: float) -> None:
        self._said_at = now
        number = await community.say_unheard(self._services)
        if number == (self._unheard or 0) + 1:
            self._unheard = number

    async def _look_for_joins(self, now: float, *, up: bool) -> None:
        for joining in await community.joined_since(self._services, self._sure_at - SKEW):
            self._hub.let_enter(joining)
        self._joins_at = now
        self._joins_doubted = not up
