"""A connection of which nobody knows yet whose it is."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from app.gateway.transport import GatewayTransport, farewell, hang_up
from app.protocol.close_codes import CloseCode
from app.protocol.framing import LENGTH_BYTES
from app.protocol.length_prefix import BadLength, announced_length
from app.realtime.socket_transport import CLOSING_TIME

FIRST_LIMIT = 4_096
"""Bytes of the first command: more than a token needs."""


class Entrance(asyncio.BufferedProtocol):
    """Takes one small frame, and leaves all else to the kernel until somebody has looked at it (SECURITY S55)."""

    def __init__(self, accepted: socket.socket, address: str, went: Callable[["Entrance"], None]) -> None:
        """`address` is the other end's, for the limits; `went` is told once the connection is gone."""
        self.address = address
        self._accepted = accepted
        self._went = went
        self._transport: asyncio.Transport | None = None
        self._refused = False
        self._room = bytearray(LENGTH_BYTES + FIRST_LIMIT)
        self._filled = 0
        self._rest = b""
        self._first: asyncio.Future[bytes | BadLength] = asyncio.get_running_loop().create_future()
        self._successor: GatewayTransport | None = None

    # For the gateway

    async def begin(self, tls: ssl.SSLContext | None, seconds: float) -> None:
        """The handshake, where there is one. Raises OSError when it fails, or takes longer."""
        await asyncio.get_running_loop().connect_accepted_socket(
            lambda: self, self._accepted, ssl=tls, ssl_handshake_timeout=seconds if tls else None
        )

    async def first(self) -> bytes:
        """The body of the first frame. Raises BadLength."""
        body = await self._first
        if isinstance(body, BadLength):
            raise body
        self._rest = bytes(self._room[LENGTH_BYTES + len(body) : self._filled])
        return body

    def hand_over(self, make: Callable[[bytes], GatewayTransport]) -> None:
        """From here on the connection is somebody's; `make` gets what came after the first frame."""
        assert self._transport is not None
        self._successor = make(self._rest)
        self._transport.set_protocol(self._successor)
        self._successor.connection_made(self._transport)

    def refuse(self, code: CloseCode, last_words: bytes = b"") -> None:
        """Say why, in a frame of its own or not, and hang up."""
        if self._transport is None or self._refused:
            self.abort()
            return
        self._refused = True
        self._transport.write(last_words + farewell(code))
        hang_up(self._transport)
        self._transport.resume_reading()
        asyncio.get_running_loop().call_later(CLOSING_TIME, self._transport.abort)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        else:  # within the handshake, of which the loop owns the transport
            with suppress(OSError):
                self._accepted.shutdown(socket.SHUT_RDWR)
        self._went(self)

    # For asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # No isinstance here: uvloop's transports do what asyncio.Transport says without being one.
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        if self._refused:  # what still comes is dropped
            self._filled = 0
        return memoryview(self._room)[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        self._filled += nbytes
        if self._refused or self._first.done() or self._filled < LENGTH_BYTES:
            return
        try:
            end = LENGTH_BYTES + announced_length(self._room, 0, FIRST_LIMIT)
        except BadLength as bad:
            self._take(bad)
        else:
            if self._filled >= end:
                self._take(bytes(self._room[LENGTH_BYTES:end]))

    def connection_lost(self, exc: Exception | None) -> None:
        self._went(self)
        if self._successor is not None:  # TLS tells whoever was there when it noticed
            self._successor.connection_lost(exc)

    def _take(self, first: bytes | BadLength) -> None:
        assert self._transport is not None
        self._transport.pause_reading()
        self._first.set_result(first)
