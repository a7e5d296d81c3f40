"""The live way in for browsers and programs: /ws."""

import binascii
from functools import partial
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketHandler as TornadoWebSocketHandler

from app.chat import accounts
from app.errors import BadRequest, Forbidden, NotSignedIn, RoostError
from app.handlers.base import BaseHandler
from app.handlers.takeover import take_over
from app.handlers.websocket_transport import WebSocketTransport
from app.memory.limits import Limit
from app.models import Visitor
from app.protocol.close_codes import CloseCode
from app.realtime.connection import Connection

KEY_BYTES = 16


class WebSocketHandler(TornadoWebSocketHandler, BaseHandler):
    """GET /ws: who it is and from where, then Tornado's handshake; then a WebSocketTransport has the socket and this
    handler is gone.

    Answers 401 to who is not signed in, 403 to a page of another site, 429 to an address that was refused too often.
    """

    async def prepare(self) -> None:
        await super().prepare()
        if self._finished:
            return
        try:
            self._check_handshake()
            self._check_visitor()
        except RoostError:
            self.services.limits.take(f"connect:{self.client_address}", self._refusals)
            raise

    async def open(self) -> None:
        visitor = self.signed_in
        if not self.hub.has_place_for(visitor.user.id):
            # A browser shows its page nothing of a refused handshake, but it does show a close code.
            self.close(CloseCode.TOO_MANY_CONNECTIONS, CloseCode.TOO_MANY_CONNECTIONS.sentence)
            return
        connect = partial(Connection, self.services, self.hub, visitor)
        try:
            await take_over(self, partial(WebSocketTransport, connect))
        except StreamClosedError:
            return  # gone before it began

    def on_message(self, message: str | bytes) -> None:
        """Only a client that is being turned away still talks to Tornado; nobody listens."""

    def check_origin(self, origin: str) -> bool:
        """Tornado asks for what looks foreign by its Host header, which a proxy may have changed."""
        return self._comes_from_here()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A sentence in plain text: no person sees a page here."""
        error = kwargs.get("exc_info", (None, None))[1]
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        if isinstance(error, RoostError):
            self.write(error.message)
            if error.retry_after is not None:
                self.set_header("Retry-After", str(max(1, round(error.retry_after))))
        self.set_status(error.status if isinstance(error, RoostError) else status_code)
        self.finish()  # type: ignore[unused-awaitable]  # Tornado's way: what is written is sent without waiting

    async def _recognised(self) -> Visitor | None:
        token = self.bearer_token
        return await super()._recognised() if token is None else await accounts.resume_bearer(self.services, token)

    def _check_handshake(self) -> None:
        """What Tornado leaves out of RFC 6455 section 4.2.1."""
        if self.request.version == "HTTP/1.0":
            raise BadRequest("A WebSocket needs HTTP/1.1.")
        if not is_handshake_key(self.request.headers.get("Sec-WebSocket-Key", "")):
            raise BadRequest(
                "This is the address of the WebSocket. Its handshake needs a Sec-WebSocket-Key of 16 bytes."
            )

    def _check_visitor(self) -> None:
        if self.visitor is None:
            raise NotSignedIn
        if not self._comes_from_here():
            raise Forbidden

    def _comes_from_here(self) -> bool:
        """A browser sends the cookie along whatever page asks, so a cookie alone proves nothing (SECURITY S15). No page
        of another site can send a bearer token."""
        headers = self.request.headers
        return (
            self.bearer_token is not None
            or headers.get("Origin") == self.settings_.public_origin
            or headers.get("Sec-Fetch-Site") == "same-origin"
        )

    @property
    def _refusals(self) -> Limit:
        return Limit(self.settings_.limit_connect_per_minute, 60)


def is_handshake_key(key: str) -> bool:
    """RFC 6455 section 4.1: 16 bytes in base64."""
    try:
        return len(binascii.a2b_base64(key, strict_mode=True)) == KEY_BYTES
    except ValueError:  # binascii.Error, or characters beyond ASCII
        return False
