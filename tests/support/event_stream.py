"""A stream of server-sent events as a client reads it."""

import asyncio
import re
from http.client import HTTPResponse
from io import BytesIO
from socket import socket
from typing import Any, cast

import msgspec

from tests.support.waiting import PATIENCE


class Wire:
    """Stands where http.client wants a socket, with the answer in it."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> BytesIO:
        return BytesIO(self._data)


def unchunked(body: bytes) -> bytes:
    """What the standard library makes of a chunked body. Raises IncompleteRead without a last chunk."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    response = HTTPResponse(cast("socket", Wire(head + body)))
    response.begin()
    return response.read()


def events_in(text: bytes) -> list[tuple[str, str]]:
    """(type, data) of each event (HTML standard, section 9.2.6); comments, and what no empty line ends, are none."""
    events: list[tuple[str, str]] = []
    kind, data = "message", list[str]()
    for line in re.split(r"\r\n|\n|\r", text.decode())[:-1]:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                events.append((kind, "\n".join(data)))
            kind, data = "message", []
        elif field == "event":
            kind = value
        elif field == "data":
            data.append(value)
    return events


class EventSource:
    """An open stream. Our server ends every event with its chunk, which a proxy need not keep up."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.head = ""

    async def begin(self) -> None:
        async with asyncio.timeout(PATIENCE):
            self.head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        assert self.head.startswith("HTTP/1.1 200 "), self.head

    async def chunk(self) -> bytes:
        """What the next chunk holds; empty at the end."""
        async with asyncio.timeout(PATIENCE):
            size = int(await self._reader.readuntil(b"\r\n"), 16)
            data = await self._reader.readexactly(size + 2)
        assert data.endswith(b"\r\n")
        return data[:-2]

    async def events(self) -> list[tuple[str, str]]:
        """(type, data) of each event in the next chunk."""
        return events_in(await self.chunk())

    async def hears(self, kind: str) -> dict[str, Any]:
        """The next event of the protocol with this type; others before it are passed over."""
        while True:
            for name, data in await self.events():
                assert name == "message", f"the stream was closed with {data}"
                event: dict[str, Any] = msgspec.json.decode(data)
                if event["type"] == kind:
                    return event

    async def close_code(self) -> int:
        """Why the server ends the stream, which it must do cleanly, whatever it says before."""
        heard = b"".join([data async for data in self._rest()])
        assert await self._reader.read() == b""
        name, code = events_in(heard)[-1]
        assert name == "close"
        return int(code)

    async def _rest(self) -> Any:
        while data := await self.chunk():
            yield data

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    def pause(self) -> None:
        """Read nothing more from the socket."""
        self._transport.pause_reading()

    def resume(self) -> None:
        self._transport.resume_reading()

    def leave(self) -> None:
        self._writer.transport.abort()

    def say_no_more(self) -> None:
        self._writer.write_eof()

    @property
    def _transport(self) -> asyncio.Transport:
        return cast("asyncio.Transport", self._writer.transport)
