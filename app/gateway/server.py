"""The live way in for programs that speak TCP alone (docs/protocol.md, "Over TCP")."""

import asyncio
import logging
from contextlib import suppress
from functools import partial
from socket import socket

from app.chat import access, accounts
from app.errors import BadCommand, NotSignedIn, RoostError, TooFast
from app.gateway.entrance import Entrance
from app.gateway.tls import server_context
from app.gateway.transport import GatewayTransport
from app.memory.counting import counted_as
from app.memory.limits import Limit
from app.models import Visitor
from app.protocol.close_codes import CloseCode
from app.protocol.codec import decode_auth, encode_event
from app.protocol.framing import LENGTH_PREFIXED
from app.protocol.length_prefix import BadLength
from app.realtime.connection import Connection
from app.realtime.hub import Hub
from app.realtime.outcome import failed
from app.services import Services
from app.settings import Settings

log = logging.getLogger(__name__)

ENTERING = 10.0
"""Seconds from the connection to the whole of its first command, TLS and the look at the token included."""
MOST_ENTERING = 1_000
"""Connections at that stage: one more, and the oldest of them makes room."""
AGAIN_AFTER = 1.0
"""Seconds until the next try, after one failed to take a connection."""
WRONG_TRIES = Limit(5, 60)
"""Of one address (SECURITY S55)."""
SAID = Limit(1, 60)


class Gateway:
    """Takes TCP connections, with TLS where there is a certificate, and makes each a Connection of whoever its token
    belongs to."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError when there is a certificate that cannot be used."""
        self._tls = (
            server_context(settings.gateway_certificate, settings.gateway_key) if settings.gateway_certificate else None
        )
        # Behind a proxy too: that is one for HTTP, and has no part in this port.
        self._per_address = Limit(settings.limit_connections_per_10_seconds, 10)
        self._entering: dict[Entrance, asyncio.Task[None]] = {}
        self._accepting: list[asyncio.Task[None]] = []
        self._services: Services
        self._hub: Hub

    def open(self, sockets: list[socket], services: Services, hub: Hub) -> None:
        """Take connections from these listening sockets."""
        self._services, self._hub = services, hub
        self._accepting = [asyncio.get_running_loop().create_task(self._accept(each)) for each in sockets]

    def leave(self) -> None:
        """Take no more connections. Those whose person is known are the hub's to close."""
        for task in self._accepting:
            task.cancel()
        for entrance, task in list(self._entering.items()):
            if not task.done():
                task.cancel()
                entrance.refuse(CloseCode.RESTARTING)

    # Entering

    async def _accept(self, listening: socket) -> None:
        """One by one, so that a connection counts from its first moment, and not only after its handshake."""
        with listening:
            while True:
                try:
                    accepted, (address, *_) = await asyncio.get_running_loop().sock_accept(listening)
                except OSError as error:  # gone again, or there are no files left
                    log.warning("the gateway cannot take connections: %s", error.strerror)
                    await asyncio.sleep(AGAIN_AFTER)
                else:
                    self._receive(accepted, address)

    def _receive(self, accepted: socket, address: str) -> None:
        try:
            self._count(address)
        except TooFast:
            accepted.close()
            return
        while len(self._entering) >= MOST_ENTERING:
            next(iter(self._entering)).abort()
        entrance = Entrance(accepted, address, self._forget)
        self._entering[entrance] = asyncio.get_running_loop().create_task(self._let_in(entrance))

    def _count(self, address: str) -> None:
        """Before the handshake. Raises TooFast for one connection too many (SECURITY S51)."""
        limits = self._services.limits
        try:
            limits.take(f"gateway.connect:{counted_as(address)}", self._per_address)
        except TooFast:
            with suppress(TooFast):
                limits.take("gateway.connect", SAID)
                log.warning("an address that connects to the gateway too often is hung up on")
            raise

    def _forget(self, entrance: Entrance) -> None:
        task = self._entering.pop(entrance, None)
        if task is not None:
            task.cancel()

    async def _let_in(self, entrance: Entrance) -> None:
        try:
            async with asyncio.timeout(ENTERING):
                await entrance.begin(self._tls, ENTERING)
                visitor = await self._recognised(entrance, await entrance.first())
        except TimeoutError:
            self._refuse(entrance, NotSignedIn(), CloseCode.NOT_SIGNED_IN)
        except OSError:  # no TLS, or none that is spoken here
            entrance.abort()
        except BadLength as bad:
            entrance.refuse(bad.code)
        except BadCommand as error:
            self._refuse(entrance, error, CloseCode.POLICY_VIOLATION)
        except RoostError as error:
            self._refuse(entrance, error, CloseCode.TRY_AGAIN_LATER if error.temporary else CloseCode.NOT_SIGNED_IN)
        except Exception:
            log.exception("a program could not be let in")
            self._refuse(entrance, RoostError(), CloseCode.INTERNAL_ERROR)
        else:
            del self._entering[entrance]
            connect = partial(Connection, self._services, self._hub, visitor)
            entrance.hand_over(partial(GatewayTransport, connect))

    async def _recognised(self, entrance: Entrance, body: bytes) -> Visitor:
        """Raises BadCommand, NotSignedIn, Forbidden, or TooFast for who was refused too often."""
        visitor = await accounts.resume_bearer(self._services, decode_auth(body).token)
        try:
            access.allow(visitor, "chat.use")
        except RoostError:
            self._services.limits.take(f"gateway:{counted_as(entrance.address)}", WRONG_TRIES)
            raise
        assert visitor is not None, "nobody may do nothing"
        return visitor

    def _refuse(self, entrance: Entrance, error: RoostError, code: CloseCode) -> None:
        event = failed(self._services, error, None)
        entrance.refuse(code, LENGTH_PREFIXED.frame(encode_event(event)))
