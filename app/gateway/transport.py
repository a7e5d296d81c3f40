"""A TCP connection's bytes: from an asyncio transport, with TLS or without, to a Connection and back."""

import asyncio
from collections.abc import Callable

from app.protocol.close_codes import CloseCode
from app.protocol.codec import encode_closed
from app.protocol.framing import LENGTH_PREFIXED, Framing
from app.protocol.length_prefix import BadLength, LengthPrefixReader
from app.realtime.connection import Connection
from app.realtime.transport import Transport
from app.realtime.two_way_transport import TwoWayTransport

LINGERING = 1.0
"""Seconds from the farewell until TLS is closed."""


class GatewayTransport(TwoWayTransport):
    """Length-prefixed frames; the farewell is a frame that says why, and the end of the stream."""

    __slots__ = ("_reader",)

    framing: Framing = LENGTH_PREFIXED

    def __init__(self, connect: Callable[[Transport], Connection], early: bytes) -> None:
        super().__init__(connect, early)
        self._reader = LengthPrefixReader()

    # For the connection

    def ping(self) -> None:
        """There is no such frame. A heartbeat comes with each ping, and the kernel waits for its confirmation."""

    def close(self, code: CloseCode) -> None:
        if not self._ended:
            self._end(farewell(code))
            hang_up(self._socket)
            self.resume()  # or the client's end would not be seen

    # For asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._let_kernel_watch()

    # Reading

    def _take(self, piece: bytes) -> None:
        """After our farewell the rest is read and dropped: to close while it still comes in would make the kernel reset
        the connection and drop the farewell."""
        try:
            for body in self._reader.feed(piece):
                if not self._ended:
                    self._connection.receive(body)
        except BadLength as bad:
            self.close(bad.code)


def farewell(code: CloseCode) -> bytes:
    return LENGTH_PREFIXED.frame(encode_closed(code))


def hang_up(transport: asyncio.Transport) -> None:
    """End the stream after what is written. TLS has no half of it to close: the client is given a moment to close
    first, having read why."""
    if transport.can_write_eof():
        transport.write_eof()
    else:
        asyncio.get_running_loop().call_later(LINGERING, transport.close)
