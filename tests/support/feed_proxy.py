"""A proxy on the feed between processes: it loses, doubles and swaps what Redis or PostgreSQL tells of events, and
leaves everything else of their protocols whole."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit, urlunsplit

from tests.support.buses import Fate
from tests.support.proxy import PIECE, Proxy

Cut = Callable[[bytes, int], int | None]
"""Where the frame that begins there ends; None when it is not whole yet."""
IsEvent = Callable[[bytes], bool]


class FeedProxy(Proxy):
    """`fate` says what becomes of each event that passes, of which one that is swapped waits until the next one has
    passed, and `fates` counts it; None lets all pass. `url` is the feed's, by way of the proxy."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        super().__init__((parts.hostname or "", parts.port or 0))
        self._parts = parts
        self._cut, self._is_event = DIALECTS[parts.scheme]
        self.fate: Fate | None = None
        self.fates: Counter[str] = Counter()

    @property
    def url(self) -> str:
        """PostgreSQL is reached without TLS and without asking for it, which would not be made of frames."""
        user, _, _ = self._parts.netloc.rpartition("@")
        netloc = f"{user}@127.0.0.1:{self.address[1]}" if user else f"127.0.0.1:{self.address[1]}"
        query = "sslmode=disable" if self._parts.scheme == "postgresql" else ""
        return urlunsplit((self._parts.scheme, netloc, self._parts.path, query, ""))

    async def _pump_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received, held = b"", b""
        while data := await reader.read(PIECE):
            await self._flowing.wait()
            received += data
            frames, received = self._frames(received)
            for frame in frames:
                fate = self._fate_of(frame)
                if fate == "swap":
                    held += frame
                elif fate != "lose":
                    writer.write(frame * (2 if fate == "double" else 1))
                    if self._is_event(frame):
                        writer.write(held)
                        held = b""
            await writer.drain()

    def _frames(self, received: bytes) -> tuple[list[bytes], bytes]:
        """The whole ones, and what is left."""
        frames, at = [], 0
        while (end := self._cut(received, at)) is not None:
            frames.append(received[at:end])
            at = end
        return frames, received[at:]

    def _fate_of(self, frame: bytes) -> str:
        if self.fate is None or not self._is_event(frame):
            return "pass"
        fate = self.fate(frame)
        self.fates[fate] += 1
        return fate


@contextlib.asynccontextmanager
async def feed_proxy(url: str) -> AsyncIterator[FeedProxy]:
    proxy = FeedProxy(url)
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.close()


# RESP 2 and 3: https://redis.io/docs/latest/develop/reference/protocol-spec/


def end_of_reply(data: bytes, at: int) -> int | None:
    line = data.find(b"\r\n", at)
    if line < 0:
        return None
    kind, end = data[at : at + 1], line + 2
    if kind not in b"$*>%=~":
        return end
    length = int(data[at + 1 : line])
    if kind in b"$=":
        end += length + 2 if length >= 0 else 0
        return end if end <= len(data) else None
    for _ in range(length * (2 if kind == b"%" else 1)):
        inner = end_of_reply(data, end)
        if inner is None:
            return None
        end = inner
    return end


def is_message(frame: bytes) -> bool:
    return frame.startswith((b"*3\r\n$7\r\nmessage\r\n", b">3\r\n$7\r\nmessage\r\n"))


# https://www.postgresql.org/docs/current/protocol-message-formats.html


def end_of_frame(data: bytes, at: int) -> int | None:
    if len(data) < at + 5:
        return None
    end = at + 1 + int.from_bytes(data[at + 1 : at + 5], "big")
    return end if end <= len(data) else None


def is_notification(frame: bytes) -> bool:
    return frame.startswith(b"A")


DIALECTS: dict[str, tuple[Cut, IsEvent]] = {
    "redis": (end_of_reply, is_message),
    "postgresql": (end_of_frame, is_notification),
}
