"""Over TCP: the same conversation, its end, and what a server may not do."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.chat import bans
from app.protocol import events
from clients.address import Address
from clients.connection import connect
from clients.failures import Banned, Ended, SignedOut, Unreachable
from clients.wire import BODY_LIMIT
from clients.wire_tcp import open_tcp
from tests.clients.gateway import gateway
from tests.clients.site import Site
from tests.clients.test_connection import heard, texts
from tests.support.waiting import until

Take = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One for localhost, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "1",
    ]
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(made)]
    subprocess.run([*command, *name], check=True, capture_output=True)
    return made, key


def server_side(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


@asynccontextmanager
async def answering(data: bytes) -> AsyncIterator[Address]:
    """A server that says this and goes."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    yield Address("tcp", "127.0.0.1", server.sockets[0].getsockname()[1])
    server.close()


async def test_the_same_conversation(site: Site) -> None:
    token = await site.token("ada_l")
    async with gateway(site) as tcp, connect(f"tcp://127.0.0.1:{tcp.port}", token=token) as ada:
        async with await site.connect("bo") as bo:
            room, there = await ada.open("general"), await bo.open("general")
            await room.send("by TCP")
            await there.send("by WebSocket")
            assert texts(await heard(there, 2)) == texts(await heard(room, 2)) == ["by TCP", "by WebSocket"]
        assert tcp.tokens == [token]


async def test_its_last_words_say_why(site: Site) -> None:
    token, owner = await site.token("ada_l"), await site.owner("olga")
    async with gateway(site) as tcp, connect(f"tcp://127.0.0.1:{tcp.port}", token=token) as ada:
        assert ada.state.person is not None
        await bans.ban(site.services, owner, ada.state.person.id)
        await until(lambda: ada.state.status == "offline")
        with pytest.raises(Banned):
            await ada.until_live()
        with pytest.raises(SignedOut):
            async with connect(f"tcp://127.0.0.1:{tcp.port}", token="roost_wrong"):
                pass


async def test_tls_is_verified(site: Site, certificate: tuple[Path, Path]) -> None:
    token = await site.token("ada_l")
    async with gateway(site, server_side(certificate)) as tcp:
        url = f"tcps://localhost:{tcp.port}"
        with pytest.raises(Unreachable, match="certificate verify failed"):
            async with connect(url, token=token, patience=0.5):
                pass
        with pytest.raises(Unreachable, match="IP address mismatch"):
            async with connect(f"tcps://127.0.0.1:{tcp.port}", token=token, patience=0.5, cafile=str(certificate[0])):
                pass
        assert tcp.tokens == []
        async with connect(url, token=token, cafile=str(certificate[0])) as ada:
            assert ada.state.status == "live"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 1006),
        (b"\0\0\0\x05{", 1006),
        ((BODY_LIMIT + 1).to_bytes(4, "big") + b"{", 1009),
        (framed(b"{]"), 1006),
        (framed(b'{"type":"closed","code":3500,"later":12}'), 3500),
        (framed(b'{"type":"closed"}'), 1006),
    ],
)
async def test_what_ends_it(data: bytes, code: int) -> None:
    async with answering(data) as address:
        wire = await open_tcp(address, "roost_any")
        with pytest.raises(Ended) as caught:
            await wire.hear()
        wire.close()
    assert caught.value.code == code


async def test_what_a_later_server_says_is_passed_over() -> None:
    bodies = [b'{"type":"room.painted","colour":"red"}', b'{"type":"done","ref":1}']
    async with answering(b"".join(map(framed, bodies))) as address:
        wire = await open_tcp(address, "roost_any")
        assert await wire.hear() == events.Done(ref=1)
        wire.close()
