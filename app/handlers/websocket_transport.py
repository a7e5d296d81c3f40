"""A WebSocket's bytes: from an asyncio transport to a Connection and back."""

from collections.abc import Callable

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
from app.realtime.two_way_transport import TwoWayTransport

_PING = websocket_ping_frame()


class WebSocketTransport(TwoWayTransport):
    """Frames in, frames out; the farewell is a close frame."""

    __slots__ = ("_heard", "_reader")

    framing: Framing = WEBSOCKET

    def __init__(self, connect: Callable[[Transport], Connection], early: bytes) -> None:
        """`early` are the bytes that came before the socket was ours."""
        super().__init__(connect, early)
        self._reader = FrameReader()
        self._heard = True

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

    def close(self, code: CloseCode) -> None:
        """Begin the closing handshake; from here on only the client's close frame is waited for."""
        if not self._ended:
            self._end(websocket_close_frame(code, code.sentence))
            self.resume()  # or the client's close frame would not be seen

    # For asyncio

    def data_received(self, data: bytes) -> None:
        self._heard = True
        super().data_received(data)

    # Reading and ending

    def _take(self, piece: bytes) -> None:
        for event in self._reader.feed(piece):
            if type(event) is not bytes:
                self._obey(event)
            elif not self._ended:
                self._connection.receive(event)

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
