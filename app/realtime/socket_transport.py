"""What all transports share: an asyncio transport under a Connection, with a bound on what waits to be read."""

import asyncio
import socket
from typing import ClassVar, Generic, TypeVar, cast

from app.realtime.transport import Talk

BACKLOG_LIMIT = 1024 * 1024
"""Bytes that may wait for a client who does not read; beyond, the connection is aborted (DELIVERY D8)."""

CLOSING_TIME = 5.0
"""Seconds for the client's part in closing, and for reading what it has not read yet."""

SILENCE_LIMIT = 20_000
"""Milliseconds after which a client that confirms nothing it was sent is dead. With something every 20 s it is found
within 40 s, as over a WebSocket (DELIVERY D9)."""


T = TypeVar("T", bound=Talk)


class SocketTransport(asyncio.Protocol, Generic[T]):
    """What asyncio calls a protocol and a `Connection` its transport; a subclass knows how its bytes are read, and may
    let less than BACKLOG_LIMIT wait.

    Once it has ended, with a farewell written or aborted, nothing more is written and no message handed on.
    `Connection.closed` comes in a later turn of the event loop, never from within a call of these methods.
    """

    __slots__ = ("_connection", "_deadline", "_ended", "_socket")

    backlog: ClassVar[int] = BACKLOG_LIMIT
    _socket: asyncio.Transport

    def __init__(self, connection: T) -> None:
        self._connection = connection
        self._ended = False
        self._deadline: asyncio.TimerHandle | None = None

    # For the connection

    @property
    def buffered(self) -> int:
        return self._socket.get_write_buffer_size()

    def write(self, data: bytes) -> None:
        if not self._ended:
            self._socket.write(data)

    # For asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # No isinstance here: uvloop's transports do what asyncio.Transport says without being one.
        self._socket = cast("asyncio.Transport", transport)
        self._socket.set_write_buffer_limits(high=self.backlog)
        self._connection.start()

    def pause_writing(self) -> None:
        """More than `backlog` waits. A farewell would only queue up behind it."""
        self._connection.services.metrics.slow_closes += 1
        self._abort()

    def eof_received(self) -> None:
        self._abort()

    def connection_lost(self, _: Exception | None) -> None:
        self._ended = True
        if self._deadline is not None:
            self._deadline.cancel()
        connection = self._connection
        # The two hold each other. Left to the garbage collector, which seldom looks at what has lived for long, all who
        # came and went would stay in memory.
        del self._connection
        connection.closed()

    def _let_kernel_watch(self) -> None:
        """For clients who are not asked to answer: the kernel waits for their confirmation instead. Without this
        option, as on macOS, it gives up later, after its own number of tries."""
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            self._socket.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_LIMIT)

    # Ending

    def _end(self, farewell: bytes) -> None:
        self._ended = True
        self._socket.write(farewell)
        self._deadline = asyncio.get_running_loop().call_later(CLOSING_TIME, self._socket.abort)

    def _abort(self) -> None:
        self._ended = True
        self._socket.abort()
