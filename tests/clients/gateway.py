"""A small TCP way in, in place of the server's: it leads each client to a WebSocket of the real server."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.clients.site import Site

LENGTH = 4


class Gateway:
    def __init__(self, site: Site) -> None:
        self._site = site
        self.port = 0
        self.tokens: list[str] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = msgspec.json.decode(await body_from(reader))
            assert first["type"] == "auth"
            self.tokens.append(first["token"])
            await self._join(first["token"], reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _join(self, token: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with connect(f"ws{self._site.url[4:]}/ws", additional_headers=headers, max_size=None) as socket:
                up = asyncio.create_task(pass_up(reader, socket))
                code, reason = await pass_down(socket, writer)
                up.cancel()
        except InvalidStatus as refusal:
            code, reason = (3501 if refusal.response.status_code == 401 else 1011), ""
        write(writer, msgspec.json.encode({"type": "closed", "code": code, "reason": reason}))
        await writer.drain()


async def pass_up(reader: asyncio.StreamReader, socket: ClientConnection) -> None:
    try:
        while True:
            await socket.send((await body_from(reader)).decode())
    except (OSError, asyncio.IncompleteReadError, ConnectionClosed):
        await socket.close()


async def pass_down(socket: ClientConnection, writer: asyncio.StreamWriter) -> tuple[int, str]:
    try:
        while True:
            body = await socket.recv()
            assert isinstance(body, str)
            write(writer, body.encode())
    except ConnectionClosed as end:
        return (end.rcvd.code, end.rcvd.reason) if end.rcvd is not None else (1011, "")


async def body_from(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(int.from_bytes(await reader.readexactly(LENGTH), "big"))


def write(writer: asyncio.StreamWriter, body: bytes) -> None:
    writer.write(len(body).to_bytes(LENGTH, "big") + body)


@asynccontextmanager
async def gateway(site: Site, tls: ssl.SSLContext | None = None) -> AsyncIterator[Gateway]:
    made = Gateway(site)
    server = await asyncio.start_server(made.take, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
