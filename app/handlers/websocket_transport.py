"""A WebSocket's bytes: from an asyncio transport to a Connection and back."""

import asyncio
from collections.abc import Callable

from app.handlers.socket_transport import SocketTransport
from app.protocol.close_codes import CloseCode
from app.protocol.framing import (
    WEBSOCKET,
    Framing,
    websocket_close_frame,
    websocket_ping_frame,
    websocket_pong_frame,
)
from app.protocol.websocket import Close, Event, FrameReader, Ping, ProtocolError
from app.realtime.connection import Connection
from app.realtime.transport import Transport

READ_PER_TURN = 8 * 1024
"""Bytes of one client that are looked at in one turn of the event loop: a flood of tiny frames holds nobody up."""

_PING = websocket_ping_frame()


class WebSocketTransport(SocketTransport[Connection]):
    """Frames in, frames out; the farewell is a close frame."""

    __slots__ = ("_heard", "_paused", "_reader", "_unread")

    framing: Framing = WEBSOCKET

    def __init__(self, connect: Callable[[Transport], Connection], early: bytes) -> None:
        """`early` are the bytes that came before the socket was ours."""
        super().__init__(connect(self))
        self._reader = FrameReader()
        self._unread = early
        self._heard = True
        self._paused = False

    # For the connection

    def ping(self) -> None:
        """Nobody is called silent while we do not listen."""
        if self._ended:
            return
        if self._heard or self._paused:
            self._heard = False
            self._socket.write(_PING)
        else:
            self._abort()

    def pause(self) -> None:
        if not self._ended:
            self._paused = True
            self._socket.pause_reading()

    def resume(self) -> None:
        self._paused = False
        self._read_on()

    def close(self, code: CloseCode) -> None:
        """Begin the closing handshake; from here on only the client's close frame is waited for."""
        if not self._ended:
            self._end(websocket_close_frame(code, code.sentence))
            self.resume()  # or the client's close frame would not be seen

    # For asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._read_on()

    def data_received(self, data: bytes) -> None:
        self._heard = True
        self._unread += data
        self._read()

    # Reading and ending

    def _read_on(self) -> None:
        """The next turn of what has come in."""
        if self._paused or self._socket.is_closing():
            return
        self._read()
        if not self._unread and not self._paused:
            self._socket.resume_reading()

    def _read(self) -> None:
        piece, self._unread = self._unread[:READ_PER_TURN], self._unread[READ_PER_TURN:]
        for event in self._reader.feed(piece):
            if type(event) is not bytes:
                self._obey(event)
            elif not self._ended:
                self._connection.receive(event)
        if self._unread:
            self._socket.pause_reading()
            asyncio.get_running_loop().call_soon(self._read_on)

    def _obey(self, event: Event) -> None:
        if isinstance(event, Ping):
            self.write(websocket_pong_frame(event.payload))
        elif isinstance(event, Close):
            self._answer_close(event)
        elif isinstance(event, ProtocolError):
            self._refuse(event)

    def _answer_close(self, close: Close) -> None:
        if not self._ended:
            self._end(websocket_close_frame(close.code))
        self._socket.close()

    def _refuse(self, error: ProtocolError) -> None:
        """Say why, then give the client time to read it: to close while its bytes still come in would make the kernel
        reset the connection and drop our close frame (RFC 6455 section 7.1.1)."""
        if self._ended:
            self._abort()
        else:
            self._end(websocket_close_frame(error.code, error.code.sentence))
            self._socket.write_eof()
