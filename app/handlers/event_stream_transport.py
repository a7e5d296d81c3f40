"""Streams of server-sent events: they go out, and nothing comes in but the end."""

import asyncio
from collections.abc import Callable, Sequence

from app.protocol.close_codes import CloseCode
from app.protocol.framing import ENTRIES, EVENT_STREAM, Framing, event_stream_close, event_stream_comment
from app.realtime.connection import Connection
from app.realtime.readers import Reader
from app.realtime.socket_transport import SocketTransport, T
from app.realtime.transport import Transport

READER_BACKLOG = 256 * 1024
"""Bytes: more than what is made up for at once."""

_COMMENT = event_stream_comment()


class ChunkTransport(SocketTransport[T]):
    """Chunks of an HTTP answer whose head is out; the farewell is a close event and the last chunk."""

    __slots__ = ()

    # For the connection

    def ping(self) -> None:
        """The client cannot answer; the kernel waits for its confirmation instead."""
        self.write(_COMMENT)

    def pause(self) -> None:
        """Nothing comes this way that could wait."""

    def resume(self) -> None:
        """See `pause`."""

    def close(self, code: CloseCode) -> None:
        if not self._ended:
            self._end(event_stream_close(code))
            self._socket.close()

    # For asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._let_kernel_watch()


class EventStreamTransport(ChunkTransport[Connection]):
    """A Connection's events."""

    __slots__ = ("_opening",)

    framing: Framing = EVENT_STREAM

    def __init__(self, connect: Callable[[Transport], Connection], opening: Sequence[bytes]) -> None:
        """`opening` are the commands that the stream's address stands for."""
        super().__init__(connect(self))
        self._opening = opening

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        for command in self._opening:
            self._connection.receive(command)
        self._opening = ()


class ReaderTransport(ChunkTransport[Reader]):
    """What a stranger is told of a room. What they miss is made up for when they come back, so little may wait."""

    __slots__ = ()

    backlog = READER_BACKLOG
    framing: Framing = ENTRIES

    def __init__(self, connect: Callable[[Transport], Reader]) -> None:
        super().__init__(connect(self))
