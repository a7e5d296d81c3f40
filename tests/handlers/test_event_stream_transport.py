"""An EventStreamTransport under a real connection of a real server."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.handlers.event_stream_transport import EventStreamTransport
from app.protocol.close_codes import CloseCode
from app.protocol.framing import EVENT_STREAM
from app.realtime import socket_transport
from app.realtime.socket_transport import BACKLOG_LIMIT, SILENCE_LIMIT
from tests.support.door import Door, running
from tests.support.event_stream import EventSource
from tests.support.waiting import until


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {}) as door:
        yield door


@pytest.fixture
async def source(door: Door) -> EventSource:
    source = await door.listen()
    await source.hears("session.started")
    return source


@pytest.fixture
def transport(door: Door, source: EventSource) -> EventStreamTransport:
    (connection,) = door.server.application.hub.connections
    assert isinstance(connection.transport, EventStreamTransport)
    return connection.transport


def is_gone(door: Door) -> bool:
    return not door.server.application.hub.connections


async def test_frames_written_reach_the_client_as_they_are(
    transport: EventStreamTransport, source: EventSource
) -> None:
    transport.write(EVENT_STREAM.frame(b"a") + EVENT_STREAM.frame(b"b"))
    assert [await source.events(), await source.events()] == [[("message", "a")], [("message", "b")]]
    assert transport.buffered == 0


async def test_a_ping_is_a_line_that_says_nothing(transport: EventStreamTransport, source: EventSource) -> None:
    for _ in range(3):
        transport.ping()
    assert [await source.chunk() for _ in range(3)] == [b":\n"] * 3


async def test_the_farewell_says_why_and_ends_the_answer(
    door: Door, transport: EventStreamTransport, source: EventSource
) -> None:
    transport.close(CloseCode.SESSION_ENDED)
    transport.close(CloseCode.RESTARTING)
    transport.write(EVENT_STREAM.frame(b"too late"))
    transport.ping()
    assert await source.events() == [("close", "3500")]
    assert await source.chunk() == b""
    await until(lambda: is_gone(door))


async def test_pausing_stops_nothing_since_nothing_comes_this_way(
    door: Door, transport: EventStreamTransport, source: EventSource
) -> None:
    transport.pause()
    source.send(b"GET /stream HTTP/1.1\r\n\r\n" * 1000)
    transport.write(EVENT_STREAM.frame(b"still here"))
    assert await source.events() == [("message", "still here")]
    source.leave()
    await until(lambda: is_gone(door))
    transport.resume()
    transport.ping()
    transport.close(CloseCode.RESTARTING)


async def test_a_reader_that_never_reads_is_aborted_at_its_limit(
    door: Door, transport: EventStreamTransport, source: EventSource
) -> None:
    source.pause()
    frame, written = EVENT_STREAM.frame(b"x" * 60_000), 0
    while not transport._ended:
        transport.write(frame)
        written += len(frame)
        assert transport.buffered <= BACKLOG_LIMIT + len(frame)
        assert written < 50 * BACKLOG_LIMIT, "the kernel cannot have taken all that"
    await until(lambda: is_gone(door))
    assert door.server.application.services.metrics.slow_closes == 1


async def test_a_backlog_below_the_limit_is_delivered_before_the_farewell(
    transport: EventStreamTransport, source: EventSource
) -> None:
    source.pause()
    frame, count = EVENT_STREAM.frame(b"x" * 60_000), 0
    while transport.buffered < BACKLOG_LIMIT // 2:
        transport.write(frame)
        count += 1
    transport.close(CloseCode.RESTARTING)
    source.resume()
    heard = [await source.events() for _ in range(count + 1)]
    assert heard == [[("message", "x" * 60_000)]] * count + [[("close", "1012")]]


async def test_who_does_not_read_the_farewell_is_cut_off(
    door: Door, transport: EventStreamTransport, source: EventSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_transport, "CLOSING_TIME", 0.05)
    source.pause()
    while transport.buffered < BACKLOG_LIMIT // 2:
        transport.write(EVENT_STREAM.frame(b"x" * 60_000))
    transport.close(CloseCode.RESTARTING)
    await until(lambda: is_gone(door))


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this kernel has no such option")
def test_the_kernel_gives_up_on_who_confirms_nothing(transport: EventStreamTransport) -> None:
    held = transport._socket.get_extra_info("socket")
    assert held.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == SILENCE_LIMIT


async def test_every_round_of_the_hub_is_heard(door: Door, source: EventSource) -> None:
    assert door.server.application.hub.heartbeat <= 20, "a host's router gives up after 55 s"
    assert door.server._pulse is not None
    await door.server._pulse.beat()
    assert await source.chunk() == b":\n"
    await source.hears("heartbeat")
