"""Everything the domain needs from outside itself, in one bundle that is handed around and never changes."""

import asyncio
from dataclasses import dataclass, field

from app.bus.base import Bus
from app.clock import Clock
from app.files.choice import Files, open_files
from app.memory.batches import Batches
from app.memory.cache import Cache
from app.memory.echoes import Echoes
from app.memory.limits import Limits
from app.memory.openings import Opening
from app.memory.presence import Presence
from app.metrics import Metrics
from app.models import Membership, Place, Reacting, Room, Visitor
from app.outbound.fetcher import Fetcher
from app.outbound.previews import Previews
from app.settings import Settings
from app.storage.store import Store

MEMBERSHIPS_KEPT = 100_000
ROOMS_KEPT = 20_000
SESSIONS_KEPT = 20_000
OPENINGS_KEPT = 32
"""Of 50 messages as a rule, and at most 256 KiB of them."""
SITEMAP_KEPT = 600.0
"""Seconds: it is many small questions to the database, and what it tells is of days."""
BELIEVED = 60.0
"""Seconds a cached answer holds when no event corrects it, which bounds the harm of a lost one."""


@dataclass(frozen=True, slots=True)
class Caches:
    """`memberships` by (room id, user id), `rooms` by id, for their rules alone: the counters are old; `sessions` by
    token hash; `sitemaps` has one entry, without a name. Corrected by the hub from events. `openings`, by room id and
    the change from which somebody asked, are compared with the room each time, and need no correction."""

    memberships: Cache[tuple[int, int], Membership]
    rooms: Cache[int, Room]
    sessions: Cache[str, Visitor]
    sitemaps: Cache[str, list[Place]]
    openings: Cache[tuple[int, int | None], Opening]

    def clear(self) -> None:
        self.memberships.clear()
        self.rooms.clear()
        self.sessions.clear()
        self.sitemaps.clear()
        self.openings.clear()


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    store: Store
    bus: Bus
    clock: Clock
    presence: Presence
    limits: Limits
    cache: Caches
    echoes: Echoes
    files: Files
    reactions: Batches[Reacting]
    sessions_used: Batches[int]
    tokens_used: Batches[int]
    fetcher: Fetcher
    previews: Previews
    metrics: Metrics = field(default_factory=Metrics)
    jobs: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there are some to do."""
    stirred: set[int] = field(default_factory=set)
    """The ids of threads in which something has changed, and perhaps of rooms, of which it is not told yet."""
    begun: set[int] = field(default_factory=set)
    """The ids of direct rooms whose first message was sent once more: perhaps nobody has heard of it."""


def make_services(settings: Settings, store: Store, bus: Bus, clock: Clock | None = None) -> Services:
    """The bundle with a fresh short memory."""
    clock = clock or Clock()
    return Services(
        settings=settings,
        store=store,
        bus=bus,
        clock=clock,
        presence=Presence(clock.monotonic),
        limits=Limits(clock.monotonic),
        echoes=Echoes(clock.monotonic),
        files=open_files(settings),
        reactions=Batches(),
        sessions_used=Batches(),
        tokens_used=Batches(),
        # One each, or webhooks whose names nobody looks up hold the threads that the names of links wait for.
        fetcher=Fetcher(settings.public_url),
        previews=Previews(Fetcher(settings.public_url)),
        cache=Caches(
            memberships=Cache(MEMBERSHIPS_KEPT, BELIEVED, clock.monotonic),
            rooms=Cache(ROOMS_KEPT, BELIEVED, clock.monotonic),
            sessions=Cache(SESSIONS_KEPT, BELIEVED, clock.monotonic),
            sitemaps=Cache(1, SITEMAP_KEPT, clock.monotonic),
            openings=Cache(OPENINGS_KEPT, BELIEVED, clock.monotonic),
        ),
    )
