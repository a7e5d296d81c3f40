"""One server process, from its first breath to its last: listen, open, serve, drain."""

import asyncio
import contextlib
import gc
import logging
import sys
from socket import socket
from time import monotonic

from app.application import Application
from app.bus.base import Bus
from app.bus.choice import open_bus
from app.chat import cards, deliveries, first_owner, links, threads
from app.ending import aside, asked_to_stop, end_at_last
from app.errors import StorageFull, Unavailable
from app.gateway.server import Gateway
from app.jobs.worker import Worker
from app.listening import Listener, allow_many_files, bound
from app.memory.limits import Limit
from app.realtime.hub import Hub
from app.realtime.indexer import Indexer
from app.realtime.pulse import Pulse
from app.services import Services, make_services
from app.settings import Settings
from app.standin.application import PREFIX
from app.standin.guard import ADDRESS, require_local
from app.standin.keys import pointed_at_standin
from app.standin.state import State
from app.storage.jobs import WEBHOOK
from app.storage.migrate import migrate
from app.storage.store import claim_database, open_store

log = logging.getLogger(__name__)

AGAIN_AFTER = 2.0
FINISHING = 18.0
"""From being told to stop until answers that are still being made are no longer waited for: before LAST, and longer
than a farewell to thousands takes. In seconds (DELIVERY D10)."""


class Server:
    """`start` returns when the port answers and the database is open; `stop` when everybody has been let go."""

    def __init__(self, settings: Settings, bus: Bus | None = None) -> None:
        self.settings, self._standin = with_standin(settings)
        self._bus = bus
        self.application = Application(self.settings, self._standin)
        self._http = Listener(self.application, connections_per_address(self.settings))
        self._gateway = Gateway(self.settings)
        self._pulse: Pulse | None = None
        self._indexer: Indexer | None = None
        self._worker: Worker | None = None
        self._services: Services | None = None
        self.port = settings.port
        self.gateway_port = settings.gateway_port
        """None: programs that speak TCP alone are not let in."""

    async def start(self) -> None:
        """Listen before anything slow: a platform kills what does not answer within a minute (HOSTING H7).

        Raises SettingsError when another server holds the database, or the port is taken."""
        sockets = bound(self.port, ADDRESS if self._standin else self.settings.bind_address)
        self.port = sockets[0].getsockname()[1]
        self._gateway_sockets = self._bound_gateway()
        self._claim = claim_database(self.settings.database_url)
        self._http.add_sockets(sockets)
        log.info("listening on port %d, open %s", self.port, self.settings.public_url)
        await self._open()
        share_interpreter()
        settle_memory()

    async def stop(self) -> None:
        """Take no more visitors, tell those who are here when to return, finish what was accepted (DELIVERY D10)."""
        begun = monotonic()
        self._http.stop()
        self._gateway.leave()
        self.application.leave()
        if self._worker is not None:
            await self._worker.stop()
        if self._pulse is not None and self._services is not None:
            await self._pulse.stop()
            await self._pulse.say_goodbye()
            await self._http.answered(FINISHING - (monotonic() - begun))
            await self.application.hub.close()
            if self._indexer is not None:
                await self._indexer.stop()
            await self._services.store.close()
            await self._services.bus.close()
        await self._http.close_all_connections()
        self._claim.close()

    def _bound_gateway(self) -> list[socket]:
        """Who connects before the database is open waits in the kernel."""
        if self.gateway_port is None:
            return []
        sockets = bound(self.gateway_port, self.settings.gateway_address, "GATEWAY_PORT")
        self.gateway_port = sockets[0].getsockname()[1]
        log.info("listening on port %d for programs that speak TCP alone", self.gateway_port)
        return sockets

    async def _open(self) -> None:
        while not self.application.is_open:
            try:
                await self._open_services()
            except (Unavailable, StorageFull) as error:
                log.warning("the database cannot be opened, trying again: %s", error.__cause__ or error)
                await asyncio.sleep(AGAIN_AFTER)

    async def _open_services(self) -> None:
        for name in await aside(migrate, self.settings.database_url):
            log.info("migrated: %s", name)
        store = await open_store(self.settings.database_url, connections=self.settings.database_pool)
        bus = self._bus or open_bus(self.settings, store.epoch)
        self._services = make_services(self.settings, store, bus)
        hub = Hub(self._services, self.application.assets.release)
        await hub.start()
        self._pulse = Pulse(self._services, hub)
        self._pulse.start()
        self._indexer = Indexer(self._services)
        self._indexer.start()
        if self.settings.link_cards:
            self._worker = Worker(self._services, {links.CARD: cards.draw, WEBHOOK: deliveries.tell})
            self._worker.start()
        self.application.open(self._services, hub)
        self._gateway.open(self._gateway_sockets, self._services, hub)
        log.info("ready")
        with contextlib.suppress(Unavailable, StorageFull):  # whoever is here already is served all the same
            await self._say_how_to_own(self._services)
            await threads.look_back(self._services)

    async def _say_how_to_own(self, services: Services) -> None:
        code = await first_owner.new_code(services)
        if code is not None:
            log.warning("nobody is owner yet: sign in, then enter %s at %s/first-owner", code, self.settings.public_url)


def connections_per_address(settings: Settings) -> Limit | None:
    """None behind a proxy, from whose address all come."""
    return None if settings.trust_proxy else Limit(settings.limit_connections_per_10_seconds, 10)


def with_standin(settings: Settings) -> tuple[Settings, State | None]:
    """The settings, led to our own stand-in for X when it is on and no keys are set."""
    if not settings.twitter_standin:
        return settings, None
    require_local(settings)
    return pointed_at_standin(settings, settings.public_url + PREFIX), State(settings)


def share_interpreter() -> None:
    """While the event loop is busy a thread of the database waits half a millisecond for the interpreter, not Python's
    five: a transaction asks for it ten times. Beside a room of 10,000 the slowest in a hundred messages of small rooms
    took 74 ms, and take 35."""
    sys.setswitchinterval(0.000_5)


def settle_memory() -> None:
    """What start-up made stays for good: looking through it at each collection costs 40 % of a reconnect storm."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 100)


async def serve(settings: Settings, bus: Bus | None = None) -> None:
    """Serve until SIGTERM or SIGINT, which may come several times."""
    allow_many_files()
    server = Server(settings, bus)
    stopping = asyncio.ensure_future(asked_to_stop())
    starting = asyncio.ensure_future(server.start())
    await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()
    await stopping
    end_at_last()
    starting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await starting
    log.info("stopping")
    await server.stop()
    log.info("stopped")
