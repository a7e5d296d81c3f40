"""A GatewayTransport under a real connection of a real server, with TLS and without."""

import gc
import socket

import pytest

from app.gateway.transport import GatewayTransport
from app.protocol.close_codes import CloseCode
from app.protocol.framing import LENGTH_PREFIXED
from app.realtime import socket_transport
from app.realtime.connection import MOST_UNANSWERED
from app.realtime.socket_transport import BACKLOG_LIMIT, SILENCE_LIMIT
from tests.gateway.conftest import Gate
from tests.support.gateway import Program, frame
from tests.support.waiting import until

BODY = b'{"type":"x","fill":"%b"}' % (b"x" * 60_000)


async def live(gate: Gate, program: Program) -> GatewayTransport:
    """The transport of a program that has been let in."""
    program.send(gate.known())
    await program.hears("session.started")
    (connection,) = gate.connections
    assert isinstance(connection.transport, GatewayTransport)
    return connection.transport


async def gone(gate: Gate) -> None:
    await until(lambda: not gate.connections)


async def test_frames_written_reach_the_program_as_they_are(gate: Gate) -> None:
    async with gate.program() as program:
        transport = await live(gate, program)
        transport.write(LENGTH_PREFIXED.frame(b'{"type":"a"}') + LENGTH_PREFIXED.frame(b'{"type":"b"}'))
        assert [(await program.event())["type"] for _ in range(2)] == ["a", "b"]


async def test_the_farewell_says_why_and_nothing_is_written_or_heard_after_it(gate: Gate) -> None:
    async with gate.program() as program:
        transport = await live(gate, program)
        transport.close(CloseCode.SESSION_ENDED)
        transport.close(CloseCode.RESTARTING)
        transport.write(LENGTH_PREFIXED.frame(b'{"type":"late"}'))
        transport.ping()
        program.send(frame({"type": "ping", "ref": 1}) * 1_000)
        heard = await program.last_words()
        assert heard == [{"type": "closed", "code": 3500, "reason": "You were signed out."}]
        await gone(gate)


async def test_who_leaves_is_noticed_and_nothing_breaks_after_that(gate: Gate) -> None:
    async with gate.program() as program:
        transport = await live(gate, program)
        program.writer.close()
        await gone(gate)
        transport.write(LENGTH_PREFIXED.frame(b"{}"))
        transport.ping()
        transport.pause()
        transport.resume()
        transport.close(CloseCode.RESTARTING)


async def test_a_reader_that_never_reads_is_aborted_at_its_limit(gate: Gate) -> None:
    async with gate.program() as program:
        transport = await live(gate, program)
        program.writer.transport.pause_reading()  # type: ignore[attr-defined]
        frame_, written = LENGTH_PREFIXED.frame(BODY), 0
        while not transport._ended:
            transport.write(frame_)
            written += len(frame_)
            assert transport.buffered <= BACKLOG_LIMIT + len(frame_)
            assert written < 50 * BACKLOG_LIMIT, "the kernel cannot have taken all that"
        await gone(gate)
        assert gate.server.application.services.metrics.slow_closes == 1


async def test_a_backlog_below_the_limit_is_delivered_before_the_farewell(gate: Gate) -> None:
    async with gate.program() as program:
        transport = await live(gate, program)
        program.writer.transport.pause_reading()  # type: ignore[attr-defined]
        count = 0
        while transport.buffered < BACKLOG_LIMIT // 2:
            transport.write(LENGTH_PREFIXED.frame(BODY))
            count += 1
        transport.close(CloseCode.RESTARTING)
        program.writer.transport.resume_reading()  # type: ignore[attr-defined]
        heard = await program.last_words()
        assert [event["type"] for event in heard] == ["x"] * count + ["closed"]


async def test_who_does_not_read_the_farewell_is_cut_off(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_transport, "CLOSING_TIME", 0.05)
    async with gate.program() as program:
        transport = await live(gate, program)
        program.writer.transport.pause_reading()  # type: ignore[attr-defined]
        while transport.buffered < BACKLOG_LIMIT // 2:
            transport.write(LENGTH_PREFIXED.frame(BODY))
        transport.close(CloseCode.RESTARTING)
        await gone(gate)


async def test_who_asks_for_more_than_is_answered_is_not_read_meanwhile(gate: Gate) -> None:
    async with gate.program() as program:
        transport = await live(gate, program)
        most = 0
        receive = transport._connection.receive

        def count(body: bytes) -> None:
            nonlocal most
            receive(body)
            most = max(most, len(transport._connection._inbox or ()))

        transport._connection = _Counting(transport._connection, count)  # type: ignore[assignment]
        program.send(b"".join(frame({"type": "ping", "ref": ref}) for ref in range(5_000)))
        assert [(await program.hears("done"))["ref"] for _ in range(5_000)] == list(range(5_000))
        assert most <= MOST_UNANSWERED + 8 * 1024 // 29


class _Counting:
    """A connection whose messages are counted on their way."""

    def __init__(self, inner: object, receive: object) -> None:
        self._inner = inner
        self.receive = receive

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this kernel has no such option")
async def test_the_kernel_gives_up_on_who_confirms_nothing(gate: Gate) -> None:
    async with gate.program() as program:
        held = (await live(gate, program))._socket.get_extra_info("socket")
        assert held.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == SILENCE_LIMIT


async def test_what_is_gone_leaves_memory_without_the_garbage_collector(plain: Gate) -> None:
    gc.collect()
    gc.disable()
    try:
        async with plain.program() as program:
            await live(plain, program)
        await gone(plain)
        await until(lambda: not [each for each in gc.get_objects() if isinstance(each, GatewayTransport)])
    finally:
        gc.enable()
