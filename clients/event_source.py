"""One GET whose answer goes on as server-sent events (HTML standard, section 9.2).

Tornado's AsyncHTTPClient can stream an answer and cannot give one up: a line that is dead would be held for ever. So
this stands one step below, on Tornado's HTTP1Connection, whose socket is ours to close.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import NamedTuple

from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters
from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, RequestStartLine, ResponseStartLine
from tornado.iostream import IOStream, StreamClosedError
from tornado.tcpclient import TCPClient

from app.protocol.close_codes import CloseCode
from clients.address import Address
from clients.failures import BROKEN, Ended
from clients.late import opened
from clients.wire import BODY_LIMIT, OPEN_LIMIT, code_for, retry_after

ENDLESS = 1 << 62
"""Bytes of an answer."""
WAITING = 64
"""Entries that are read before somebody takes them: then the server waits."""


class Entry(NamedTuple):
    """One event of a stream. A `kind` of None ends it."""

    kind: str | None
    data: bytes


class EventSource(HTTPMessageDelegate):
    def __init__(self, stream: IOStream) -> None:
        self._stream = stream
        self._entries: asyncio.Queue[Entry] = asyncio.Queue(WAITING)
        self._lines = Lines()
        self._problem = Ended(BROKEN)
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def next(self) -> Entry:
        """Raises Ended when the stream broke."""
        entry = await self._entries.get()
        if entry.kind is None:
            raise self._problem
        return entry

    async def read(self, connection: HTTP1Connection) -> None:
        """Until the stream ends or is closed."""
        try:
            await connection.read_response(self)
        except StreamClosedError:
            pass
        finally:
            self._give_up(self._problem)
        await self._entries.put(Entry(None, b""))

    def close(self) -> None:
        self._stream.close()

    # For Tornado, which takes what is raised here for a mistake of ours, and logs it

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        assert isinstance(start_line, ResponseStartLine)
        if start_line.code != 200:  # noqa: PLR2004
            self._give_up(Ended(code_for(start_line.code), retry_after=retry_after(headers)))
        elif not headers.get("Content-Type", "").startswith("text/event-stream"):
            self._give_up(Ended(BROKEN, "What answers there is no Roost."))
        else:
            self.opened.set_result(None)
        return None

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._take(chunk)

    async def _take(self, chunk: bytes) -> None:
        try:
            entries = self._lines.feed(chunk)
        except Ended as problem:
            self._give_up(problem)
            return
        for entry in entries:
            await self._entries.put(entry)

    def _give_up(self, problem: Ended) -> None:
        self._problem = problem
        if not self.opened.done():
            self.opened.set_exception(problem)
            self.opened.exception()  # it is no mistake that nobody waits any more
        self.close()


class Lines:
    """Reads entries out of pieces of a stream. A comment is none, but shows that the stream lives."""

    def __init__(self) -> None:
        self._rest = b""
        self._kind = "message"
        self._data: list[bytes] = []
        self._held = 0

    def feed(self, piece: bytes) -> list[Entry]:
        """Raises Ended when one has no end."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        found = [self._take(line.removesuffix(b"\r")) for line in lines]
        if self._held + len(self._rest) > BODY_LIMIT:
            raise Ended(CloseCode.TOO_BIG)
        return [entry for entry in found if entry is not None]

    def _take(self, line: bytes) -> Entry | None:
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if not line:
            return self._end()
        if not field:
            return Entry("comment", value)
        if field == b"event":
            self._kind = value.decode("ascii", "replace")
        elif field == b"data":
            self._data.append(value)
            self._held += len(line)
        return None

    def _end(self) -> Entry | None:
        entry = Entry(self._kind, b"\n".join(self._data)) if self._data else None
        self._kind, self._data, self._held = "message", [], 0
        return entry


async def open_event_source(address: Address, path: str, token: str) -> tuple[EventSource, "asyncio.Task[None]"]:
    """The source, and what reads it. Raises Ended, with what the server said."""
    parameters = HTTP1ConnectionParameters(no_keep_alive=True, max_body_size=ENDLESS)
    wait = timedelta(seconds=OPEN_LIMIT)
    try:
        connecting = TCPClient().connect(address.host, address.port, ssl_options=address.tls, timeout=wait)
        stream = await opened(connecting, IOStream.close)
    except (OSError, StreamClosedError, TimeoutError) as problem:
        raise Ended(BROKEN, str(problem)) from problem
    source = EventSource(stream)
    connection = HTTP1Connection(stream, is_client=True, params=parameters)
    asking = connection.write_headers(RequestStartLine("GET", path, "HTTP/1.1"), _headers(address, token))
    asking.add_done_callback(lambda asked: asked.cancelled() or asked.exception())
    connection.finish()
    reading = asyncio.create_task(source.read(connection))
    try:
        async with asyncio.timeout(OPEN_LIMIT):
            await source.opened
    except BaseException as problem:
        reading.cancel()
        source.close()
        if isinstance(problem, TimeoutError):
            raise Ended(BROKEN, "The server does not answer.") from problem
        raise
    return source, reading


def _headers(address: Address, token: str) -> HTTPHeaders:
    host = address.url.partition("://")[2]
    return HTTPHeaders({"Host": host, "Accept": "text/event-stream", "Authorization": f"Bearer {token}"})
