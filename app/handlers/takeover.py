"""The one place that takes a socket away from Tornado (docs/architecture.md).

After the head of an answer Tornado keeps the handler, the request, its headers and several suspended coroutines: about
16 KiB for each idle connection, and 20 microseconds for each message. An asyncio transport needs neither. Beyond
Tornado's documented API this uses `ws_connection.stream` and `ui`; tests/handlers/test_takeover.py and test_stream.py
fail when an upgrade moves them.
"""

import asyncio
import socket
from collections.abc import Callable

from tornado.iostream import IOStream, SSLIOStream
from tornado.web import RequestHandler
from tornado.websocket import WebSocketHandler, WebSocketProtocol13


def detached_stream(handler: RequestHandler) -> IOStream:
    """The stream of a request whose answer goes on without its handler."""
    stream = handler.detach()
    # Handler and `ui` hold each other. `finish` would end that, but it is not called here, and 2.4 KiB of each stream
    # would stay until the garbage collector looks at what has lived for long.
    del handler.ui
    return stream


def held_stream(handler: WebSocketHandler) -> IOStream:
    """The stream under an open WebSocket."""
    protocol = handler.ws_connection
    if not isinstance(protocol, WebSocketProtocol13):
        raise TypeError("this is no open WebSocket: has Tornado changed?")
    return protocol.stream


async def take_over(stream: IOStream, make_protocol: Callable[[bytes], asyncio.Protocol]) -> None:
    """Move a socket from its stream to an asyncio transport; then Tornado lets go of everything.

    `make_protocol` gets the bytes that came along with the request: they are the first to be read. Raises
    StreamClosedError when the client has left already; then `make_protocol` is not called. Plain sockets only: the
    state of a TLS stream cannot be handed on, so TLS ends at the proxy.
    """
    if isinstance(stream, SSLIOStream):
        raise TypeError("this is no stream over plain TCP: was TLS switched on here?")
    await stream.write(b"")  # done when all before it is out: the client must have the answer's head first
    early = _take_read_bytes(stream)
    # The descriptor is closed with the stream; a copy of it lives on. Nothing can arrive between these lines unseen:
    # what is not in `early` waits in the kernel.
    taken = stream.socket.dup()
    stream.close()
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        # What holds for answers (listening.py): here the transport bounds what waits, and each write would cost more.
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, 0)  # the system's own
    await asyncio.get_running_loop().connect_accepted_socket(lambda: make_protocol(early), taken)


def _take_read_bytes(stream: IOStream) -> bytes:
    """What the stream has read ahead, or can read without waiting."""
    read = asyncio.ensure_future(stream.read_bytes(stream.max_buffer_size, partial=True))
    return read.result() if read.done() else b""
