"""What transports share whose socket carries commands as well: a bounded number of bytes is read in one turn."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable

from app.protocol.close_codes import CloseCode
from app.protocol.framing import Framing
from app.realtime.connection import Connection
from app.realtime.socket_transport import SocketTransport
from app.realtime.transport import Transport

READ_PER_TURN = 8 * 1024
"""Bytes of one client that are looked at in one turn of the event loop: a flood of tiny frames holds nobody up."""


class TwoWayTransport(SocketTransport[Connection]):
    """Frames in, frames out; a subclass knows how frames are told apart, and what is said at the end."""

    __slots__ = ("_paused", "_unread")

    framing: Framing

    def __init__(self, connect: Callable[[Transport], Connection], early: bytes) -> None:
        """`early` are the bytes that came before the socket was ours."""
        super().__init__(connect(self))
        self._unread = early
        self._paused = False

    @abstractmethod
    def ping(self) -> None: ...

    @abstractmethod
    def close(self, code: CloseCode) -> None: ...

    @abstractmethod
    def _take(self, piece: bytes) -> None:
        """The next bytes of the client."""

    # For the connection

    def pause(self) -> None:
        if not self._ended:
            self._paused = True
            self._socket.pause_reading()

    def resume(self) -> None:
        self._paused = False
        self._read_on()

    # For asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._read_on()

    def data_received(self, data: bytes) -> None:
        self._unread += data
        self._read()

    # Reading

    def _read_on(self) -> None:
        """The next turn of what has come in."""
        if self._paused or self._socket.is_closing():
            return
        self._read()
        if not self._unread and not self._paused:
            self._socket.resume_reading()

    def _read(self) -> None:
        piece, self._unread = self._unread[:READ_PER_TURN], self._unread[READ_PER_TURN:]
        self._take(piece)
        if self._unread:
            self._socket.pause_reading()
            asyncio.get_running_loop().call_soon(self._read_on)
