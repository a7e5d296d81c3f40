"""One request and its answer over HTTP/1.1, with whoever answers at an address that was checked before."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters
from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, RequestStartLine, ResponseStartLine
from tornado.iostream import IOStream, StreamClosedError

from app.outbound.outcomes import Nothing
from app.outbound.targets import Target

LARGEST = 512 * 1024
"""Bytes of a body, unpacked, that are read. The rest is left."""
MOST_OF_HEAD = 32 * 1024
CHUNK = 16 * 1024
INFORMATIONAL = range(100, 200)
GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a target. `accept` names the types that are read, with ", " between. `agent` is who asks; it
    names no community: what is linked in one is nobody else's business."""

    accept: str
    agent: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: HTTPHeaders
    body: bytes


async def exchange(stream: IOStream, target: Target, asked: Asked) -> Answer:
    """Ask over a stream that is connected. Of a body in another type than those that are accepted nothing is read.

    Raises StreamClosedError when there is no answer, Nothing when it makes no sense.
    """
    parameters = HTTP1ConnectionParameters(
        no_keep_alive=True, chunk_size=CHUNK, max_header_size=MOST_OF_HEAD, max_body_size=2**62
    )
    connection = HTTP1Connection(stream, is_client=True, params=parameters)
    reader = Reader(stream, asked.accept)
    headers = HTTPHeaders(
        {
            "Host": target.authority,
            "User-Agent": asked.agent,
            "Accept": asked.accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **asked.headers,
        }
    )
    if asked.body:
        headers["Content-Length"] = str(len(asked.body))
    sent = connection.write_headers(RequestStartLine(asked.method, target.path, ""), headers, asked.body or None)
    connection.finish()
    await sent
    try:
        await connection.read_response(reader)
    except StreamClosedError:
        if reader.answer is None:
            raise
    if reader.answer is None:
        raise Nothing("not HTTP")
    return reader.answer


class Reader(HTTPMessageDelegate):
    """Takes what comes until it has enough, and hangs up then."""

    def __init__(self, stream: IOStream, accept: str) -> None:
        self._stream = stream
        self._accepted = accept.split(", ")
        self._start: tuple[int, HTTPHeaders] | None = None
        self._body = bytearray()
        self._packed = 0
        self._unpack: zlib._Decompress | None = None

    @property
    def answer(self) -> Answer | None:
        return None if self._start is None else Answer(*self._start, bytes(self._body))

    def headers_received(self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders) -> None:
        assert isinstance(start_line, ResponseStartLine), "this is the asking side"
        if start_line.code in INFORMATIONAL:
            return
        self._start = start_line.code, headers
        if headers.get("Content-Encoding", "identity").lower() in {"gzip", "x-gzip"}:
            self._unpack = zlib.decompressobj(GZIP)
        if start_line.code != 200 or type_of(headers) not in self._accepted:  # noqa: PLR2004
            self._stream.close()

    def data_received(self, chunk: bytes) -> None:
        self._packed += len(chunk)
        room = LARGEST - len(self._body)
        try:
            self._body += chunk[:room] if self._unpack is None else self._unpack.decompress(chunk, room)
        except zlib.error:
            self._stream.close()
        # What unpacks to nothing may come for ever.
        if len(self._body) >= LARGEST or self._packed >= LARGEST:
            self._stream.close()


def type_of(headers: HTTPHeaders) -> str:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()
