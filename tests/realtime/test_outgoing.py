"""Batches: one write per connection and turn, audiences as they were when the event was added, and fairness."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from app.protocol.framing import WEBSOCKET, Framing
from app.realtime.outgoing import WRITES_PER_TURN, Outgoing, WriteQueue
from tests.support.house import Lines
from tests.support.waiting import until


class Listener:
    """Stands where a connection stands: only its transport is used."""

    def __init__(self, journal: list[tuple["Listener", bytes]], framing: Framing | None = None) -> None:
        self.transport = SimpleNamespace(framing=framing or Lines(), write=lambda data: journal.append((self, data)))


class Counting:
    """A framing that counts how often it frames."""

    name = "counting"

    def __init__(self) -> None:
        self.framed = 0

    def frame(self, body: bytes) -> bytes:
        self.framed += 1
        return body + b";"


@pytest.fixture
def journal() -> list[tuple[Listener, bytes]]:
    """Every write, in order."""
    return []


def audience(queue: WriteQueue, listeners: list[Listener]) -> Outgoing:
    outgoing = Outgoing(queue)
    for listener in listeners:
        outgoing.join(listener)
    return outgoing


async def test_what_gathers_in_one_turn_leaves_in_one_write_per_connection(journal: list[Any]) -> None:
    ana, bo = Listener(journal), Listener(journal)
    outgoing = audience(WriteQueue(), [ana, bo])
    for body in (b"1", b"2", b"3"):
        outgoing.add(body)
    assert journal == []
    await asyncio.sleep(0)
    assert journal == [(ana, b"1\n2\n3\n"), (bo, b"1\n2\n3\n")]


async def test_a_body_is_framed_once_for_each_framing(journal: list[Any]) -> None:
    counting = Counting()
    listeners = [Listener(journal, counting) for _ in range(50)] + [Listener(journal, WEBSOCKET)]
    outgoing = audience(WriteQueue(), listeners)
    outgoing.add(b"hello")
    await until(lambda: len(journal) == 51)
    assert counting.framed == 1
    assert journal[0][1] is journal[49][1], "the very same bytes"
    assert journal[50][1] == WEBSOCKET.frame(b"hello")


async def test_who_joins_hears_nothing_of_what_waits_already(journal: list[Any]) -> None:
    ana, bo, cleo = Listener(journal), Listener(journal), Listener(journal)
    outgoing = audience(WriteQueue(), [ana])
    outgoing.add(b"1")
    outgoing.join(bo)
    outgoing.join(cleo)
    outgoing.add(b"2")
    await until(lambda: not outgoing.waiting)
    assert journal == [(ana, b"1\n"), (ana, b"2\n"), (bo, b"2\n"), (cleo, b"2\n")]


async def test_who_leaves_hears_nothing_that_has_not_begun(journal: list[Any]) -> None:
    ana, bo = Listener(journal), Listener(journal)
    outgoing = audience(WriteQueue(), [ana, bo])
    outgoing.add(b"1")
    outgoing.leave(bo)
    outgoing.leave(bo)
    await until(lambda: not outgoing.waiting)
    assert journal == [(ana, b"1\n")]


async def test_a_batch_never_overtakes_the_one_before_it(journal: list[Any]) -> None:
    listeners = [Listener(journal) for _ in range(2 * WRITES_PER_TURN)]
    outgoing = audience(WriteQueue(), listeners)
    outgoing.add(b"1")
    await asyncio.sleep(0)
    assert len(journal) == WRITES_PER_TURN
    outgoing.add(b"2")
    await until(lambda: not outgoing.waiting)
    for listener in listeners:
        assert [data for who, data in journal if who is listener] == [b"1\n", b"2\n"]


async def test_an_audience_of_ten_thousand_does_not_hold_up_an_audience_of_two(journal: list[Any]) -> None:
    queue = WriteQueue()
    crowd = audience(queue, [Listener(journal) for _ in range(10_000)])
    pair = audience(queue, [Listener(journal), Listener(journal)])
    crowd.add(b"to all")
    pair.add(b"to two")
    turns = 0
    while pair.waiting:
        await asyncio.sleep(0)
        turns += 1
        assert len(journal) <= turns * WRITES_PER_TURN
    assert turns <= 2
    assert len(journal) <= 2 * WRITES_PER_TURN
    await until(lambda: not crowd.waiting)
    assert len(journal) == 10_002


async def test_an_audience_that_never_rests_does_not_hold_up_another(journal: list[Any]) -> None:
    queue = WriteQueue()
    crowd = audience(queue, [Listener(journal) for _ in range(1_000)])
    pair_listener = Listener(journal)
    pair = audience(queue, [pair_listener])
    for _ in range(20):
        crowd.add(b"again")
        pair.add(b"tick")
        for _ in range(3):
            await asyncio.sleep(0)
        assert not pair.waiting
        assert crowd.waiting
    assert sum(data.count(b"tick") for who, data in journal if who is pair_listener) == 20


async def test_an_empty_audience_costs_nothing_and_blocks_nobody(journal: list[Any]) -> None:
    queue = WriteQueue()
    nobody, ana = Outgoing(queue), Listener(journal)
    somebody = audience(queue, [ana])
    nobody.add(b"1")
    somebody.add(b"2")
    await asyncio.sleep(0)
    assert not nobody.waiting
    assert journal == [(ana, b"2\n")]


async def test_a_transport_that_raises_does_not_silence_the_others(
    journal: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: bytes) -> None:
        raise RuntimeError("no more")

    queue = WriteQueue()
    broken, ana = Listener(journal), Listener(journal)
    broken.transport.write = refuse
    first, second = audience(queue, [broken]), audience(queue, [ana])
    with caplog.at_level(logging.ERROR):
        first.add(b"1")
        second.add(b"1")
        await until(lambda: not second.waiting)
        first.add(b"2")
        second.add(b"2")
        await until(lambda: not second.waiting and not first.waiting)
    assert journal == [(ana, b"1\n"), (ana, b"2\n")]
    assert "a write broke" in caplog.text
