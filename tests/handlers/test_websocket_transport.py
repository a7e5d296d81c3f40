"""A WebSocketTransport between a real socket and a connection that writes down what it hears."""

import asyncio
import gc
import socket
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.handlers.websocket_transport import WebSocketTransport
from app.metrics import Metrics
from app.protocol.close_codes import CloseCode
from app.protocol.framing import WEBSOCKET
from app.realtime import socket_transport
from app.realtime.connection import Connection
from app.realtime.socket_transport import BACKLOG_LIMIT
from app.realtime.two_way_transport import READ_PER_TURN
from tests.support.frames import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    client_frame,
    close,
    close_payload,
    server_frames,
    text,
)
from tests.support.waiting import PATIENCE, until


class RecordingConnection:
    """Stands where a Connection stands; it pauses after `most` messages."""

    def __init__(self, transport: WebSocketTransport, most: int = 1_000_000) -> None:
        self.services = SimpleNamespace(metrics=Metrics())
        self.transport = transport
        self.most = most
        self.heard: list[bytes] = []
        self.news = asyncio.Event()
        self.gone = asyncio.Event()

    def start(self) -> None:
        self.heard.append(b"<start>")

    def receive(self, body: bytes) -> None:
        assert not self.gone.is_set()
        self.heard.append(body)
        self.news.set()
        if len(self.heard) - 1 >= self.most:
            self.transport.pause()

    def closed(self) -> None:
        assert not self.gone.is_set(), "told twice"
        self.gone.set()

    @property
    def slow_closes(self) -> float:
        value: int = self.services.metrics.slow_closes
        return value

    async def hears(self, count: int) -> list[bytes]:
        """The messages, once there are that many."""
        async with asyncio.timeout(PATIENCE):
            while len(self.heard) - 1 < count:
                self.news.clear()
                await self.news.wait()
        return self.heard[1:]

    async def ends(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.gone.wait()


class Client:
    """The other end of the socket, in bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    def leave(self) -> None:
        self._writer.transport.abort()

    def say_no_more(self) -> None:
        self._writer.write_eof()

    async def gets(self, count: int) -> list[tuple[int, bytes]]:
        """The next frames, `count` short ones."""
        frames = []
        async with asyncio.timeout(PATIENCE):
            for _ in range(count):
                head = await self._reader.readexactly(2)
                frames.append((head[0] & 0x0F, await self._reader.readexactly(head[1])))
        return frames

    async def gets_all(self) -> list[tuple[int, bytes]]:
        """All frames to the end of the stream, which must end cleanly."""
        async with asyncio.timeout(PATIENCE):
            return server_frames(await self._reader.read())

    async def gets_all_with_answer(self, answer: bytes) -> list[tuple[int, bytes]]:
        self._writer.write(answer)
        return await self.gets_all()

    async def is_cut_off(self) -> None:
        async with asyncio.timeout(PATIENCE):
            try:
                await self._reader.read()
            except ConnectionResetError:
                return


@asynccontextmanager
async def connected(
    early: bytes = b"", most: int = 1_000_000, receive_buffer: int | None = None
) -> AsyncIterator[tuple[RecordingConnection, Client]]:
    made: asyncio.Future[RecordingConnection] = asyncio.get_running_loop().create_future()

    def connect(transport: Any) -> Connection:
        made.set_result(RecordingConnection(transport, most))
        return cast("Connection", made.result())

    server = await asyncio.get_running_loop().create_server(lambda: WebSocketTransport(connect, early), "127.0.0.1", 0)
    mine = socket.socket()
    if receive_buffer is not None:
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    mine.setblocking(False)
    await asyncio.get_running_loop().sock_connect(mine, server.sockets[0].getsockname())
    reader, writer = await asyncio.open_connection(sock=mine, limit=4096)
    connection = await made
    try:
        yield connection, Client(reader, writer)
    finally:
        writer.transport.abort()
        await connection.ends()
        server.close()
        await server.wait_closed()


async def test_messages_arrive_in_order_after_the_start() -> None:
    async with connected() as (connection, client):
        client.send(text("one") + text("two"))
        assert await connection.hears(2) == [b"one", b"two"]
        assert connection.heard[0] == b"<start>"


async def test_bytes_that_came_with_the_handshake_come_first() -> None:
    async with connected(early=text("early") + text("la")[:3]) as (connection, client):
        client.send(text("la")[3:] + text("late"))
        assert await connection.hears(3) == [b"early", b"la", b"late"]


async def test_frames_written_reach_the_client_as_they_are() -> None:
    async with connected() as (connection, client):
        connection.transport.write(WEBSOCKET.frame(b"a") + WEBSOCKET.frame(b"b"))
        assert await client.gets(2) == [(TEXT, b"a"), (TEXT, b"b")]


async def test_a_ping_is_answered_with_its_payload() -> None:
    async with connected() as (_, client):
        client.send(client_frame(PING, b"1") + client_frame(PING, b"2"))
        assert await client.gets(2) == [(PONG, b"1"), (PONG, b"2")]


async def test_a_flood_of_tiny_frames_lets_others_have_their_turn() -> None:
    flood = text("x") * 20_000
    async with connected() as (busy, flooder), connected() as (other, client):
        flooder.send(flood)
        await busy.hears(1)
        client.send(text("hello"))
        await other.hears(1)
        assert len(busy.heard) < 20_000
        assert await busy.hears(20_000) == [b"x"] * 20_000


async def test_no_turn_takes_more_than_its_share_of_a_flood() -> None:
    frame = text("x")
    heard_by_turn = [1]

    def count() -> None:
        heard_by_turn.append(len(connection.heard))
        if heard_by_turn[-1] <= 5_000:
            asyncio.get_running_loop().call_soon(count)

    async with connected() as (connection, client):
        client.send(frame * 5_000)
        count()
        assert await connection.hears(5_000) == [b"x"] * 5_000
        count()
    assert max(later - sooner for sooner, later in pairwise(heard_by_turn)) <= READ_PER_TURN // len(frame) + 1


async def test_a_paused_connection_hears_nothing_more_until_it_resumes() -> None:
    frame = text("x" * 1000)
    async with connected(most=3) as (connection, client):
        client.send(frame * 1_000)
        heard = len(await connection.hears(3))
        assert heard <= 1 + READ_PER_TURN // len(frame)
        await some_turns()
        assert len(connection.heard) - 1 == heard
        connection.most = 1_000_000
        connection.transport.resume()
        assert await connection.hears(1_000) == [b"x" * 1000] * 1_000


async def test_a_client_that_closes_gets_its_code_back() -> None:
    async with connected() as (connection, client):
        client.send(text("bye") + close(4321, b"done") + text("more"))
        assert await client.gets_all() == [(CLOSE, close_payload(4321))]
        await connection.ends()
        assert connection.heard[1:] == [b"bye"]


async def test_a_close_without_a_code_is_answered_without_one() -> None:
    async with connected() as (_, client):
        client.send(close(None))
        assert await client.gets_all() == [(CLOSE, b"")]


async def test_a_code_that_may_not_be_sent_is_not_echoed() -> None:
    async with connected() as (_, client):
        client.send(close(1006))
        assert await client.gets_all() == [(CLOSE, close_payload(1002, CloseCode.PROTOCOL_ERROR.sentence))]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (client_frame(TEXT, b"hi", mask=None), CloseCode.PROTOCOL_ERROR),
        (client_frame(BINARY, b"hi"), CloseCode.UNSUPPORTED_DATA),
        (text(b"\xff"), CloseCode.BAD_DATA),
        (client_frame(TEXT, announced=70_000), CloseCode.TOO_BIG),
    ],
)
async def test_a_broken_rule_ends_the_stream_with_the_reason(data: bytes, code: CloseCode) -> None:
    async with connected() as (connection, client):
        client.send(data + text("more") * 10_000)
        assert await client.gets_all() == [(CLOSE, close_payload(code, code.sentence))]
        client.leave()
        await connection.ends()
        assert connection.heard == [b"<start>"]


async def test_after_our_close_frame_nothing_is_written_and_nothing_heard() -> None:
    async with connected() as (connection, client):
        connection.transport.close(CloseCode.SESSION_ENDED)
        connection.transport.close(CloseCode.RESTARTING)
        connection.transport.write(WEBSOCKET.frame(b"too late"))
        connection.transport.ping()
        client.send(text("too late too") + client_frame(PING) + close(3500))
        assert await client.gets_all() == [(CLOSE, close_payload(3500, "You were signed out."))]
        await connection.ends()
        assert connection.heard == [b"<start>"]


async def test_what_is_gone_leaves_memory_without_the_garbage_collector() -> None:
    gc.disable()
    try:
        async with connected() as (connection, _):
            left = weakref.ref(connection)
        del connection, _
        await until(lambda: left() is None)
    finally:
        gc.enable()


async def test_a_paused_connection_can_still_be_closed() -> None:
    async with connected() as (connection, client):
        connection.transport.pause()
        connection.transport.close(CloseCode.RESTARTING)
        client.send(close(1012))
        assert (await client.gets_all())[0][0] == CLOSE
        await connection.ends()


async def test_who_does_not_answer_our_close_frame_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_transport, "CLOSING_TIME", 0.05)
    async with connected() as (connection, client):
        connection.transport.close(CloseCode.RESTARTING)
        assert (await client.gets_all())[0][0] == CLOSE
        await connection.ends()


async def test_who_breaks_rules_while_we_close_is_cut_off() -> None:
    async with connected() as (connection, client):
        connection.transport.close(CloseCode.RESTARTING)
        client.send(client_frame(TEXT, mask=None))
        await connection.ends()


@pytest.mark.parametrize("way", ["leave", "say_no_more"])
async def test_a_client_that_vanishes_is_noticed(way: str) -> None:
    async with connected() as (connection, client):
        getattr(client, way)()
        await connection.ends()
        connection.transport.write(WEBSOCKET.frame(b"?"))
        connection.transport.ping()
        connection.transport.close(CloseCode.RESTARTING)
        connection.transport.pause()
        connection.transport.resume()
        assert connection.transport.buffered == 0


async def test_a_reader_that_never_reads_is_aborted_at_its_limit() -> None:
    frame = WEBSOCKET.frame(b"x" * 60_000)
    async with connected(receive_buffer=4096) as (connection, client):
        written = 0
        while not connection.transport._ended:
            connection.transport.write(frame)
            written += len(frame)
            assert connection.transport.buffered <= BACKLOG_LIMIT + len(frame)
            assert written < 50 * BACKLOG_LIMIT, "the kernel cannot have taken all that"
        assert not connection.gone.is_set(), "told from within the write"
        connection.transport.write(frame)
        await connection.ends()
        assert connection.transport.buffered == 0
        assert connection.slow_closes == 1
        await client.is_cut_off()


async def test_a_backlog_below_the_limit_is_delivered() -> None:
    frame = WEBSOCKET.frame(b"x" * 60_000)
    async with connected(receive_buffer=4096) as (connection, client):
        count = 0
        while connection.transport.buffered < BACKLOG_LIMIT // 2:
            connection.transport.write(frame)
            count += 1
        connection.transport.close(CloseCode.RESTARTING)
        frames = await client.gets_all_with_answer(close(1012))
        assert [payload for _, payload in frames[:-1]] == [b"x" * 60_000] * count
        assert frames[-1][0] == CLOSE


async def test_who_gives_a_sign_of_life_each_round_stays() -> None:
    async with connected() as (connection, client):
        for turn in range(3):
            connection.transport.ping()
            assert await client.gets(1) == [(PING, b"")]
            client.send(client_frame(PONG) + text(str(turn)))
            await connection.hears(turn + 1)
        assert not connection.gone.is_set()


async def test_who_is_silent_for_a_whole_round_is_aborted() -> None:
    async with connected() as (connection, client):
        connection.transport.ping()
        connection.transport.ping()
        await connection.ends()
        assert connection.slow_closes == 0
        await client.is_cut_off()


async def test_who_is_not_listened_to_is_not_called_silent() -> None:
    async with connected() as (connection, client):
        connection.transport.pause()
        for _ in range(3):
            connection.transport.ping()
        assert await client.gets(3) == [(PING, b"")] * 3
        assert not connection.gone.is_set()
        connection.transport.resume()


async def some_turns() -> None:
    """Long enough for whatever is ready to be read, which takes one turn of the event loop."""
    for _ in range(20):
        await asyncio.sleep(0)
