"""The other way in: server-sent events down, commands up by POST, made of nothing from `app` as well."""

import asyncio
from collections.abc import Iterator
from typing import Any

import msgspec

from tests.faults.wire import Address, Hear, Refused, Wire

AGAIN = 0.2
"""Seconds until a command that could not be posted is posted again."""


class EventWire(Wire):
    """Listens to `path`. Commands are posted to `commands_to`, each after the answer of the one before, and again for
    as long as nobody answers."""

    def __init__(
        self, address: Address, headers: dict[str, str], hear: Hear, *, path: str, commands_to: Address
    ) -> None:
        super().__init__(address, headers, hear)
        self._path = path
        self._post = Post(commands_to, headers)
        self._commands: asyncio.Queue[bytes] = asyncio.Queue()
        self._posting = self._loop.create_task(self._post_all())
        self._text = bytearray()

    def send(self, command: dict[str, Any]) -> None:
        self._commands.put_nowait(msgspec.json.encode(command))

    # For asyncio

    def connection_lost(self, error: Exception | None) -> None:
        self._posting.cancel()
        self._post.leave()
        super().connection_lost(error)

    def _request(self) -> list[str]:
        return [
            f"GET {self._path} HTTP/1.1",
            f"Host: {self._address[0]}:{self._address[1]}",
            "Accept: text/event-stream",
        ]

    def _shake_hands(self) -> bool:
        head, end, rest = bytes(self._received).partition(b"\r\n\r\n")
        if not end or self.opened.done():
            return False
        status = int(head.split(b" ", 2)[1])
        if status != 200:
            self.opened.set_exception(Refused(status))
            return False
        assert b"\r\nContent-Type: text/event-stream" in head
        self._received[:] = rest
        self._ready = True
        self.opened.set_result(None)
        return True

    def _read_frames(self) -> None:
        for chunk in taken_chunks(self._received):
            self._text += chunk
        *events, rest = bytes(self._text).split(b"\n\n")
        self._text[:] = rest
        for event in events:
            self._obey_event(dict(field.partition(b": ")[::2] for field in event.split(b"\n")))

    def _obey_event(self, fields: dict[bytes, bytes]) -> None:
        """A comment has no data."""
        if fields.get(b"event") == b"close":
            self._code = int(fields[b"data"])
        elif b"data" in fields:
            self._hear(self, fields[b"data"])

    async def _post_all(self) -> None:
        while True:
            command = await self._commands.get()
            while (answer := await self._post.answer(command)) is None:  # noqa: ASYNC110  it is another process
                await asyncio.sleep(AGAIN)
            self._hear(self, answer)


class Post:
    """One connection for commands, made anew when it broke."""

    def __init__(self, address: Address, headers: dict[str, str]) -> None:
        self._address = address
        self._headers = headers
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def answer(self, command: bytes) -> bytes | None:
        """None when there was none: then nobody knows whether the command was carried out."""
        try:
            if self._line is None:
                self._line = await asyncio.open_connection(*self._address)
            return await self._ask(*self._line, command)
        except (OSError, asyncio.IncompleteReadError):
            self.leave()
            return None

    def leave(self) -> None:
        if self._line is not None:
            self._line[1].transport.abort()
            self._line = None

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, command: bytes) -> bytes | None:
        host = f"{self._address[0]}:{self._address[1]}"
        headers = {"Host": host, "Content-Length": str(len(command)), **self._headers}
        lines = ["POST /command HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        writer.write("\r\n".join(lines).encode() + command)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(fields["Content-Length"]))
        return body if head.startswith("HTTP/1.1 200 ") else None


def taken_chunks(received: bytearray) -> Iterator[bytes]:
    """The whole chunks (RFC 9112 section 7.1) at the beginning, which are taken away."""
    while (line := received.find(b"\r\n")) >= 0:
        start, size = line + 2, int(received[:line], 16)
        if len(received) < start + size + 2:
            return
        chunk = bytes(received[start : start + size])
        del received[: start + size + 2]
        yield chunk
