"""The takeover against a real Tornado server: if an upgrade moves what it stands on, these fail."""

import asyncio
import gc
import socket
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.iostream import IOStream, StreamClosedError
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler

from app.handlers.takeover import held_stream, take_over
from tests.support.frames import text
from tests.support.waiting import PATIENCE, until

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)

BOUND = socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT


class Echo(asyncio.Protocol):
    """Sends back what it gets, and says first what came early."""

    def __init__(self, early: bytes) -> None:
        self._early = early

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"early:" + self._early + b"|")

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


class TakingHandler(WebSocketHandler):
    def initialize(self, scene: "Scene") -> None:
        self.scene = scene

    def prepare(self) -> None:
        with pytest.raises(TypeError) as caught:
            held_stream(self)
        self.scene.too_early = str(caught.value)

    async def open(self) -> None:
        self.scene.handlers.append(weakref.ref(self))
        self.scene.requests.append(weakref.ref(self.request))
        self.scene.stream_types.append(type(held_stream(self)))
        await self.scene.before()
        held_stream(self).socket.setsockopt(*BOUND, 65_536)  # as listening.py does
        try:
            await take_over(held_stream(self), self.scene.make)
        except StreamClosedError:
            self.scene.left.set()


class Scene:
    """A server on a real port, and what its handler saw."""

    def __init__(self) -> None:
        self.handlers: list[weakref.ref[TakingHandler]] = []
        self.requests: list[weakref.ref[HTTPServerRequest]] = []
        self.stream_types: list[type] = []
        self.protocols: list[Echo] = []
        self.too_early = ""
        self.go = asyncio.Event()
        self.go.set()
        self.left = asyncio.Event()
        self.server = HTTPServer(Application([("/ws", TakingHandler, {"scene": self})]))
        listening, self.port = bind_unused_port()
        self.server.add_socket(listening)

    async def before(self) -> None:
        await self.go.wait()

    def make(self, early: bytes) -> Echo:
        self.protocols.append(Echo(early))
        return self.protocols[-1]

    async def client(self, data: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        async with asyncio.timeout(PATIENCE):
            head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        return reader, writer


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    here = Scene()
    yield here
    here.server.stop()
    await here.server.close_all_connections()
    for protocol in here.protocols:
        protocol.transport.abort()
    await asyncio.sleep(0)


async def test_bytes_flow_both_ways_after_the_handshake() -> None:
    async with scene() as here:
        reader, writer = await here.client(HANDSHAKE)
        async with asyncio.timeout(PATIENCE):
            assert await reader.readexactly(7) == b"early:|"
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"
        writer.close()


async def test_bytes_that_came_with_the_handshake_are_handed_on_in_order() -> None:
    frame = text("x" * 50_000)
    async with scene() as here:
        reader, writer = await here.client(HANDSHAKE + frame)
        writer.write(b"later")
        async with asyncio.timeout(PATIENCE):
            received = await reader.readuntil(b"later")
        assert received.replace(b"early:", b"", 1).replace(b"|", b"", 1) == frame + b"later"
        writer.close()


async def test_the_bound_for_answers_does_not_hold_for_what_is_taken_over() -> None:
    async with scene() as here:
        _, writer = await here.client(HANDSHAKE)
        await until(lambda: here.protocols)
        taken = here.protocols[0].transport.get_extra_info("socket")
        assert taken.getsockopt(*BOUND) == 0
        writer.close()


async def test_a_client_that_left_before_the_takeover_is_not_taken_over() -> None:
    async with scene() as here:
        here.go.clear()
        client = socket.create_connection(("127.0.0.1", here.port))
        client.send(HANDSHAKE)
        await until(lambda: here.handlers)
        client.close()
        here.go.set()
        async with asyncio.timeout(PATIENCE):
            await here.left.wait()
        assert here.protocols == []


async def test_tornado_lets_go_of_everything() -> None:
    async with scene() as here:
        tasks_before = asyncio.all_tasks()
        clients = [await here.client(HANDSHAKE) for _ in range(5)]
        await until(lambda: len(here.protocols) == 5)
        await until(lambda: asyncio.all_tasks() == tasks_before)
        gc.collect()
        assert [ref() for ref in here.handlers] == [None] * 5
        assert [ref() for ref in here.requests] == [None] * 5
        assert not [each for each in gc.get_objects() if isinstance(each, IOStream)]
        assert here.server._connections == set()
        for _, writer in clients:
            writer.close()


async def test_tornado_still_holds_its_stream_where_the_takeover_looks() -> None:
    """The canary: `ws_connection.stream` is no documented API."""
    async with scene() as here:
        _, writer = await here.client(HANDSHAKE)
        await until(lambda: here.protocols)
        assert here.stream_types == [IOStream]
        writer.close()


async def test_before_the_handshake_there_is_nothing_to_take() -> None:
    async with scene() as here:
        _, writer = await here.client(HANDSHAKE)
        assert "has Tornado changed" in here.too_early
        writer.close()
