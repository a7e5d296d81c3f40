import asyncio

import pytest

from app.bus import outbox as outbox_module
from app.bus.outbox import Outbox


@pytest.fixture
def outbox() -> Outbox:
    outbox = Outbox()
    outbox.open()
    return outbox


def test_events_are_taken_once_in_their_order(outbox: Outbox) -> None:
    for seq in (1, 2, 3):
        outbox.add("room:1", seq, b"{}")
    assert outbox.take() == [("room:1", 1, b"{}"), ("room:1", 2, b"{}"), ("room:1", 3, b"{}")]
    assert outbox.take() == []


def test_beyond_the_limit_only_the_last_number_of_each_topic_is_kept(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "LIMIT", 10)
    for seq in (1, 2, 3, 4):
        outbox.add("room:1", seq, b"12345")
        outbox.add("room:2", 10 * seq, b"12345")
        outbox.add("room:1", 0, b"12345")
    assert outbox.take() == [
        ("room:1", 1, b"12345"),
        ("room:2", 10, b"12345"),
        ("room:1", 4, None),
        ("room:2", 40, None),
    ]
    outbox.add("room:1", 5, b"12345")
    assert outbox.take() == [("room:1", 5, b"12345")], "there is room again"


def test_while_nobody_can_be_told_only_numbers_are_kept() -> None:
    outbox = Outbox()
    for seq in range(100_000):
        outbox.add("room:1", seq, b"x" * 100)
    outbox.add("room:1", 0, b"{}")
    assert outbox.take() == [("room:1", 99_999, None)]


def test_what_was_taken_and_could_not_be_told_is_kept_as_numbers(outbox: Outbox) -> None:
    outbox.add("room:1", 1, b"{}")
    outbox.add("room:1", 0, b"{}")
    taken = outbox.take()
    outbox.add("room:2", 5, b"{}")
    outbox.shut(taken)
    outbox.add("room:1", 2, b"{}")
    assert sorted(outbox.take(), key=str) == [("room:1", 2, None), ("room:2", 5, None)]


async def test_it_stirs_when_something_is_added(outbox: Outbox) -> None:
    waiting = asyncio.create_task(outbox.stirred(60))
    await asyncio.sleep(0)
    assert not waiting.done()
    outbox.add("room:1", 1, b"{}")
    await waiting
    await outbox.stirred(60)
    outbox.take()
    await outbox.stirred(0)
