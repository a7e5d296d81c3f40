"""The live way in for browsers and programs: /ws."""

import binascii
import re
from functools import partial

from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketHandler as TornadoWebSocketHandler

from app.errors import BadRequest
from app.handlers.live import LiveHandler
from app.handlers.takeover import held_stream, take_over
from app.handlers.websocket_transport import WebSocketTransport
from app.protocol.close_codes import CloseCode
from app.realtime.connection import Connection

KEY_BYTES = 16


class WebSocketHandler(TornadoWebSocketHandler, LiveHandler):
    """GET /ws: who it is and from where, then Tornado's handshake; then a WebSocketTransport has the socket and this
    handler is gone."""

    stays = True

    def check_request(self) -> None:
        self._check_handshake()
        super().check_request()

    async def open(self) -> None:
        visitor = self.signed_in
        if not self.hub.has_place_for(visitor.user.id):
            # A browser shows its page nothing of a refused handshake, but it does show a close code.
            self.close(CloseCode.TOO_MANY_CONNECTIONS, CloseCode.TOO_MANY_CONNECTIONS.sentence)
            return
        connect = partial(Connection, self.services, self.hub, visitor)
        try:
            await take_over(held_stream(self), partial(WebSocketTransport, connect))
        except StreamClosedError:
            return  # gone before it began

    def on_message(self, message: str | bytes) -> None:
        """Only a client that is being turned away still talks to Tornado; nobody listens."""

    def check_origin(self, origin: str) -> bool:
        """Tornado asks for what looks foreign by its Host header, which a proxy may have changed."""
        return self.comes_from_here()

    def _check_handshake(self) -> None:
        """What Tornado leaves out of RFC 6455 section 4.2.1."""
        if self.request.version == "HTTP/1.0":
            raise BadRequest("A WebSocket needs HTTP/1.1.")
        if not is_handshake_key(self.request.headers.get("Sec-WebSocket-Key", "")):
            raise BadRequest(
                "This is the address of the WebSocket. Its handshake needs a Sec-WebSocket-Key of 16 bytes."
            )
        if "websocket" in re.split(r"\s*,\s*", self.request.headers.get("Upgrade", "").lower()):
            self.request.headers["Upgrade"] = "websocket"  # it may be one of several, which Tornado refuses


def is_handshake_key(key: str) -> bool:
    """RFC 6455 section 4.1: 16 bytes in base64."""
    try:
        return len(binascii.a2b_base64(key, strict_mode=True)) == KEY_BYTES
    except ValueError:  # binascii.Error, or characters beyond ASCII
        return False
