"""The one place that knows how Tornado holds a WebSocket's socket, and takes it away (docs/architecture.md).

After its handshake Tornado keeps the handler, the request, its headers and several suspended coroutines: about 16 KiB
for each idle connection, and 20 microseconds for each message. An asyncio transport needs neither. Beyond Tornado's
documented API this uses `ws_connection.stream`; tests/handlers/test_takeover.py fails when an upgrade moves it.
"""

import asyncio
from collections.abc import Callable

from tornado.iostream import IOStream
from tornado.websocket import WebSocketHandler, WebSocketProtocol13


async def take_over(handler: WebSocketHandler, make_protocol: Callable[[bytes], asyncio.Protocol]) -> None:
    """Move the socket from the handler, in its `open`, to an asyncio transport; then Tornado lets go of everything.

    `make_protocol` gets the bytes that came along with the handshake: they are the first to be read. Raises
    StreamClosedError when the client has left already; then `make_protocol` is not called.
    """
    stream = held_stream(handler)
    await stream.write(b"")  # done when all before it is out: the client must have its 101 first
    early = _take_read_bytes(stream)
    # The descriptor is closed with the stream; a copy of it lives on. Nothing can arrive between these lines unseen:
    # what is not in `early` waits in the kernel.
    socket = stream.socket.dup()
    stream.close()
    await asyncio.get_running_loop().connect_accepted_socket(lambda: make_protocol(early), socket)


def held_stream(handler: WebSocketHandler) -> IOStream:
    """The stream under an open WebSocket. Plain only: the state of a TLS stream cannot be handed on, so TLS ends at the
    proxy."""
    protocol = handler.ws_connection
    if not isinstance(protocol, WebSocketProtocol13) or type(protocol.stream) is not IOStream:
        raise TypeError("this is no open WebSocket over plain TCP: has Tornado changed, or was TLS switched on here?")
    return protocol.stream


def _take_read_bytes(stream: IOStream) -> bytes:
    """What the stream has read ahead, or can read without waiting."""
    read = asyncio.ensure_future(stream.read_bytes(stream.max_buffer_size, partial=True))
    return read.result() if read.done() else b""
