"""How a port is listened on: how many may wait there, how long one may take to ask, and how the last are let go."""

import asyncio
import logging
import re
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import cast

from tornado.http1connection import HTTP1ServerConnection
from tornado.httpserver import HTTPServer
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPInputError,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import IOStream
from tornado.netutil import bind_sockets
from tornado.web import Application

from app.errors import SettingsError, TooFast
from app.memory.counting import counted_as
from app.memory.limits import Limit, Limits
from app.turns import Turns

log = logging.getLogger(__name__)

IDLE_SECONDS = 95
"""The platform's router reuses idle connections for 90 s; closing earlier loses requests (HOSTING H15)."""
BACKLOG = 4_096
"""Connections that wait to be accepted. With Tornado's 128, many of 10,000 that return at once are dropped and ask
again after seconds: 35 s until all were back, in place of 12."""
BODY_SECONDS = 30
BODY_BYTES = 1024 * 1024
HEADER_BYTES = 16 * 1024
UNREAD_SECONDS = 60.0
"""For who takes nothing of an answer. Who reads slowly takes UNSENT / 2 at a time: 550 bytes a second are enough."""
UNSENT = 64 * 1024
"""Bytes of an answer that may wait in the kernel. Without this it takes 2.7 MiB for each who reads nothing on this very
machine, and up to 4 elsewhere, and a reader's progress shows after a third of that."""
MOST_SILENT = 1_000
"""Connections that have not asked for NEW_SECONDS, or not again, or not read (SECURITY S47, S50). Each holds some
15 KiB for up to IDLE_SECONDS, and what waits to be read."""
NEW_SECONDS = 5.0
"""Until then nobody is called silent: when 10,000 return at once, the first of them would have to make room before
their requests are read."""
MOST_WAITING = 10_000
"""The silent and the new together."""
TOO_MANY = (
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After: {seconds}\r\nConnection: close\r\n"
    "Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{sentence}"
)
SAID = Limit(1, 60)
LIVE = "/ws"
"""Members who come back, all at once: they wait for nobody's pages, and who is none is refused for little."""
BARE_LF = re.compile(rb"(?<!\r)\n")


class Listener(HTTPServer):
    """Tornado's HTTP server, with bounds on those who connect and ask for nothing, or do not read what they asked for:
    the one that has been silent for longest makes room. After `stop` every answer closes its connection."""

    def initialize(self, application: Application, per_address: Limit | None = None) -> None:  # type: ignore[override]
        """`per_address`: connections of one address; None does not count them."""
        super().initialize(
            application,
            idle_connection_timeout=IDLE_SECONDS,
            body_timeout=BODY_SECONDS,
            max_body_size=BODY_BYTES,
            max_header_size=HEADER_BYTES,
        )
        self._per_address = per_address
        self._limits = Limits(monotonic)
        self._turns = Turns()
        self._silent: dict[IOStream, float] = {}
        """Since when."""
        self._unread: dict[IOStream, asyncio.TimerHandle] = {}
        """Of the silent those who do not read; each is closed at its time."""
        self._asking: set[IOStream] = set()
        self._all_answered = asyncio.Event()
        self._all_answered.set()

    def stop(self) -> None:
        """Take no new connections. A proxy that keeps one open is told to use another from here on."""
        super().stop()
        self.conn_params.no_keep_alive = True

    async def answered(self, seconds: float) -> None:
        """Return when nobody waits for an answer any more, or after so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_answered.wait(), seconds)

    # For Tornado

    def handle_stream(self, stream: IOStream, address: tuple[str, int]) -> None:
        try:
            self._count(address[0])
        except TooFast as refusal:
            _turn_away(stream, refusal)
            return
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            stream.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        super().handle_stream(_Stream(stream.socket, self._takes, self._takes_nothing), address)

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        """A connection begins to wait for its next request."""
        assert isinstance(server_conn, HTTP1ServerConnection)
        stream = server_conn.stream
        assert isinstance(stream, _Stream)
        self._answered(stream)
        if stream.closed():  # Tornado would carry out what came along with the last request (RFC 9112 section 9.6)
            return HTTPMessageDelegate()
        self._falls_silent(stream)
        return _Request(super().start_request(server_conn, request_conn), stream, self._asked, self._turns)

    def on_close(self, server_conn: object) -> None:
        assert isinstance(server_conn, HTTP1ServerConnection)
        self._takes(server_conn.stream)
        self._answered(server_conn.stream)
        super().on_close(server_conn)

    # Who comes too often

    def _count(self, address: str) -> None:
        """Raises TooFast for one connection too many."""
        if self._per_address is None:
            return
        try:
            self._limits.take(counted_as(address), self._per_address)
        except TooFast:
            with suppress(TooFast):
                self._limits.take("", SAID)
                log.warning("an address that connects too often is turned away; is it a proxy, set TRUST_PROXY")
            raise

    # The silent

    def _takes(self, stream: IOStream) -> None:
        """Something of an answer is taken."""
        self._silent.pop(stream, None)
        if stream in self._unread:
            self._unread.pop(stream).cancel()

    def _takes_nothing(self, stream: IOStream) -> None:
        if stream not in self._unread:
            self._falls_silent(stream)
            self._unread[stream] = asyncio.get_running_loop().call_later(UNREAD_SECONDS, stream.close)

    def _falls_silent(self, stream: IOStream) -> None:
        now = asyncio.get_running_loop().time()
        self._make_room(now)
        self._silent[stream] = now

    def _make_room(self, now: float) -> None:
        while len(self._silent) >= MOST_SILENT:
            longest, since = next(iter(self._silent.items()))
            if now - since < NEW_SECONDS and len(self._silent) < MOST_WAITING:
                return
            del self._silent[longest]
            longest.close()

    # Those who wait for an answer

    def _asked(self, stream: IOStream) -> None:
        self._silent.pop(stream, None)
        self._asking.add(stream)
        self._all_answered.clear()

    def _answered(self, stream: IOStream) -> None:
        self._asking.discard(stream)
        if not self._asking:
            self._all_answered.set()


def _turn_away(stream: IOStream, refusal: TooFast) -> None:
    """Before anything is read: a request costs ten times as much, and 2,000 a second were more than all the rest."""
    sentence, seconds = refusal.message, max(1, round(refusal.retry_after))
    with suppress(OSError):
        stream.socket.send(TOO_MANY.format(seconds=seconds, length=len(sentence), sentence=sentence).encode())
    stream.close()


class _Stream(IOStream):
    """A connection that tells whether its client takes what is sent, and shows the head of its last request."""

    head: asyncio.Future[bytes]

    def __init__(
        self, connection: socket.socket, takes: Callable[[IOStream], None], takes_nothing: Callable[[IOStream], None]
    ) -> None:
        super().__init__(connection)
        self._takes = takes
        self._takes_nothing = takes_nothing

    def write_to_fd(self, data: memoryview) -> int:
        try:
            count = super().write_to_fd(data)
        except BlockingIOError:
            self._takes_nothing(self)
            raise
        self._takes(self)
        return count

    def read_until_regex(self, regex: bytes, max_bytes: int | None = None) -> Awaitable[bytes]:
        self.head = cast("asyncio.Future[bytes]", super().read_until_regex(regex, max_bytes))
        return self.head


class _Request(HTTPMessageDelegate):
    """A request on its way in, which tells when its head is there, and goes no further when Tornado takes what another
    server reads differently: a proxy may have seen another end of it (SECURITY S53)."""

    def __init__(
        self, inner: HTTPMessageDelegate, stream: _Stream, asked: Callable[[IOStream], None], turns: Turns
    ) -> None:
        self._inner = inner
        self._stream = stream
        self._asked = asked
        self._turns = turns

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        self._asked(self._stream)
        if self._is_ambiguous(start_line, headers):
            self._inner = HTTPMessageDelegate()  # which has nothing to be told of the end
            raise HTTPInputError("lines that end in LF alone, or chunks in HTTP/1.0")
        assert isinstance(start_line, RequestStartLine)
        turn = None if start_line.path.partition("?")[0] == LIVE else self._turns.take()
        return (
            self._inner.headers_received(start_line, headers) if turn is None else self._wait(turn, start_line, headers)
        )

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._inner.data_received(chunk)

    def finish(self) -> None:
        self._inner.finish()

    def on_connection_close(self) -> None:
        self._inner.on_connection_close()

    async def _wait(
        self, turn: Awaitable[None], start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> None:
        await turn
        if (more := self._inner.headers_received(start_line, headers)) is not None:
            await more

    def _is_ambiguous(self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders) -> bool:
        if start_line.version == "HTTP/1.0" and "Transfer-Encoding" in headers:
            return True
        return BARE_LF.search(self._stream.head.result()) is not None


def bound(port: int, address: str, setting: str = "PORT") -> list[socket.socket]:
    """Raises SettingsError, of the setting with that port, when it is taken."""
    try:
        return bind_sockets(port, address, backlog=BACKLOG)
    except OSError as error:
        problem = f"Port {port} cannot be had ({error.strerror}). Stop what listens there, or set another {setting}."
        raise SettingsError({setting: problem}) from error


def allow_many_files() -> None:
    """Each connection is a file, and systemd gives a service 1,024 of them until it asks for the rest."""
    try:
        import resource  # noqa: PLC0415  absent on Windows
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS calls it unlimited, and gives less
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
