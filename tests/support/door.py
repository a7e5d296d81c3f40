"""A running server, and what its doors are asked by one person, ada."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from websockets.asyncio.client import connect

from app.chat import accounts
from app.models import TwitterProfile, Visitor
from app.server import Server
from app.settings import load_settings
from app.storage import tokens
from tests.support.event_stream import EventSource
from tests.support.tables import give_tables
from tests.support.waiting import PATIENCE

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
HANDSHAKE = {
    "Host": "127.0.0.1",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
}


class Door:
    """`cookie` is that of her session, `bearer` the token of a program of hers."""

    def __init__(self, server: Server, cookie: str, bearer: str) -> None:
        self.server = server
        self.origin = server.settings.public_url
        self.cookie = cookie
        self.bearer = bearer
        self._sources: list[EventSource] = []

    @property
    def signed_in(self) -> dict[str, str]:
        """What her browser sends from our own page."""
        return {"Cookie": self.cookie, "Origin": self.origin}

    async def ada(self) -> Visitor:
        """Herself, who has just signed in."""
        visitor = await accounts.resume(self.server.application.services, self.cookie.partition("=")[2])
        assert visitor is not None
        return visitor

    async def answer(self, headers: dict[str, str], method: str = "GET", version: str = "HTTP/1.1") -> tuple[int, str]:
        """Status and head of the answer to one handshake; an empty value leaves a header out."""
        return await self.ask(f"{method} /ws {version}", HANDSHAKE | headers)

    async def status(self, headers: dict[str, str], **request: str) -> int:
        return (await self.answer(headers, **request))[0]

    def client(self) -> connect:
        """Another implementation's client, signed in as ada."""
        return connect(f"ws://127.0.0.1:{self.server.port}/ws", additional_headers=self.signed_in, proxy=None)

    async def ask(self, start_line: str, headers: dict[str, str]) -> tuple[int, str]:
        """Status and head of the answer to a request without a body."""
        reader, writer = await self._send(start_line, headers)
        async with asyncio.timeout(PATIENCE):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        writer.close()
        return int(head.split()[1]), head

    async def listen(self, query: str = "", headers: dict[str, str] | None = None) -> EventSource:
        """The stream at /stream?`query`, which must be granted, by default to ada."""
        headers = {"Host": "127.0.0.1"} | (self.signed_in if headers is None else headers)
        source = EventSource(*await self._send(f"GET /stream?{query} HTTP/1.1", headers))
        self._sources.append(source)
        await source.begin()
        return source

    def leave(self) -> None:
        """Close the streams that are still open."""
        for source in self._sources:
            source.leave()

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, head and body of the answer to a command."""
        length = {"Host": "127.0.0.1", "Content-Length": str(len(body))}
        head, answer = await self._whole("POST /command HTTP/1.1", length | headers, body)
        return int(head.split()[1]), head, answer

    async def get(self, path: str, headers: dict[str, str]) -> tuple[str, str]:
        """Head and text of a page, which must be there."""
        head, body = await self._whole(f"GET {path} HTTP/1.1", headers)
        assert head.startswith("HTTP/1.1 200 "), head
        return head, body.decode()

    async def _whole(self, start_line: str, headers: dict[str, str], body: bytes = b"") -> tuple[str, bytes]:
        reader, writer = await self._send(start_line, headers)
        writer.write(body)
        async with asyncio.timeout(PATIENCE):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search(r"(?i)content-length: (\d+)", head)
            answer = await reader.readexactly(int(length[1])) if length else b""
        writer.close()
        return head, answer

    async def _send(
        self, start_line: str, headers: dict[str, str]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        lines = [f"{name}: {value}" for name, value in headers.items() if value]
        writer.write("\r\n".join([start_line, *lines, "", ""]).encode())
        return reader, writer


@asynccontextmanager
async def running(path: Path, environ: dict[str, str]) -> AsyncIterator[Door]:
    settings = load_settings(
        {
            "PUBLIC_URL": "http://127.0.0.1:5000",
            "LIMIT_CONNECTIONS_PER_10_SECONDS": "1000000",
            "LIMIT_REPEATS_PER_12_HOURS": "250000",
            "NEW_MEMBER_HOURS": "0",
            "LINK_CARDS": "0",
            **environ,
        },
        path,
    )
    give_tables(settings.database_url)
    any_port = None if settings.gateway_port is None else 0
    server = Server(msgspec.structs.replace(settings, port=0, gateway_port=any_port))
    await server.start()
    services = server.application.services
    signed_in = await accounts.sign_in_with_twitter(services, TwitterProfile("1", "ada", "Ada"), "a browser")
    bearer = accounts.new_token()
    await services.store.write(
        tokens.create, signed_in.user.id, "a program", accounts.token_hash(bearer), services.clock.now(), "manage"
    )
    door = Door(server, f"session={signed_in.token}", bearer)
    yield door
    door.leave()
    await server.stop()
