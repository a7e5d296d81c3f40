"""Over TCP: the same conversation, its end, and what a server may not do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.chat import bans
from app.protocol import events
from clients.address import Address, address_of
from clients.connection import connect
from clients.failures import Banned, Ended, SignedOut
from clients.wire import BODY_LIMIT
from clients.wire_tcp import open_tcp
from tests.clients.site import Site, running_site
from tests.clients.test_connection import heard, texts
from tests.support.gateway import Pair, new_pair
from tests.support.waiting import until

Take = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return new_pair(tmp_path_factory.mktemp("pair"), names=["localhost"])


@pytest.fixture
async def secret(tmp_path: Path, pair: Pair) -> AsyncIterator[Site]:
    """One whose gateway speaks TLS."""
    async with running_site(tmp_path, **pair.environment) as running:
        yield running


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
    async with connect(site.tcp, token=await site.token("ada_l")) as ada, await site.connect("bo") as bo:
        room, there = await ada.open("general"), await bo.open("general")
        await room.send("by TCP")
        await there.send("by WebSocket")
        assert texts(await heard(there, 2)) == texts(await heard(room, 2)) == ["by TCP", "by WebSocket"]


async def test_its_last_words_say_why(site: Site) -> None:
    owner = await site.owner("olga")
    async with connect(site.tcp, token=await site.token("ada_l")) as ada:
        assert ada.state.person is not None
        await bans.ban(site.services, owner, ada.state.person.id)
        await until(lambda: ada.state.status == "offline")
        with pytest.raises(Banned):
            await ada.until_live()
        with pytest.raises(SignedOut):
            async with connect(site.tcp, token="roost_wrong"):
                pass


async def test_tls_is_verified(secret: Site, pair: Pair) -> None:
    token, trusted = await secret.token("ada_l"), str(pair.certificate)
    with pytest.raises(Ended, match="certificate verify failed"):
        await open_tcp(address_of(secret.tcp), token)
    with pytest.raises(Ended, match="IP address mismatch"):
        await open_tcp(address_of(secret.tcp.replace("localhost", "127.0.0.1"), trusted), token)
    assert not secret.server.application.hub.connections
    async with connect(secret.tcp, token=token, cafile=trusted) as ada:
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
        (framed(b'{"type":"closed","code":3500,"reason":"\xff"}'), 1006),
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
