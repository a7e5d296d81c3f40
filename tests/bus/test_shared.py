"""What a bus makes of its line; the lines themselves are tested on real servers."""

import asyncio
from collections.abc import AsyncIterator, Collection

import pytest

from app.bus import shared
from app.bus.base import Event
from app.bus.line import Hear
from app.bus.parcels import pack
from app.bus.shared import SharedBus
from tests.support.waiting import until


class Wire:
    """A line to nobody else. Deaf, it takes everything and gives nothing back."""

    def __init__(self) -> None:
        self.deaf = False
        self.refuses: Exception | None = None
        self.slow = 0.0
        self.opened = 0
        self.sent: list[list[Event]] = []
        self._hear: Hear = lambda _: None

    async def open(self, topics: Collection[str], hear: Hear) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.opened += 1
        self._hear = hear

    async def listen(self) -> None:
        await asyncio.get_running_loop().create_future()

    async def follow(self, topics: Collection[str], dropped: Collection[str]) -> None:
        pass

    async def send(self, process: str, events: Collection[Event]) -> None:
        self.sent.append(list(events))
        await asyncio.sleep(self.slow)
        for parcel in pack(process, events):
            if not self.deaf:
                self._hear(parcel)

    async def close(self) -> None:
        self._hear = lambda _: None

    @property
    def told(self) -> list[list[Event]]:
        """Without the words of every second."""
        batches = ([event for event in batch if event[0] != shared.WORD] for batch in self.sent)
        return [batch for batch in batches if batch]


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def bus(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SharedBus]:
    monkeypatch.setattr(shared, "EVERY", 0.02)
    monkeypatch.setattr(shared, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(shared, "OPENING", 0.2)
    monkeypatch.setattr(shared, "LEAVING", 0.1)
    bus = SharedBus(wire)
    yield bus
    await bus.close()


async def start(bus: SharedBus) -> list[str]:
    """Gets a word for each break."""
    breaks: list[str] = []
    await bus.start(lambda *_: None, lambda: breaks.append("lost"))
    return breaks


async def test_what_gathers_while_something_is_on_its_way_leaves_together(bus: SharedBus, wire: Wire) -> None:
    await start(bus)
    wire.slow = 0.05
    bus.publish("room:1", 1, b"{}")
    await until(lambda: wire.told)
    for seq in range(2, 100):
        bus.publish("room:1", seq, b"{}")
        await asyncio.sleep(0)
    await until(lambda: len(wire.told) == 2)
    assert [seq for _, seq, _ in wire.told[1]] == list(range(2, 100))


async def test_a_line_on_which_nothing_comes_back_is_not_up_and_says_what_may_be_wrong(
    bus: SharedBus, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.deaf = True
    await start(bus)
    assert not bus.up
    await until(lambda: wire.opened >= 2)
    assert "pooler" in caplog.text
    assert wire.told == []


async def test_a_break_is_complained_of_once_however_long_it_lasts(
    bus: SharedBus, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    wire.refuses = ConnectionRefusedError("nobody listens there")
    breaks = await start(bus)
    for seq in range(1, 11):
        bus.publish("room:1", seq, b"{}")
        await asyncio.sleep(0.02)
    assert breaks == []
    wire.refuses = None
    await until(lambda: bus.up)
    assert breaks == ["lost"]
    await until(lambda: wire.told)
    assert wire.told == [[("room:1", 10, None)]]
    assert caplog.text.count("nobody listens there") == 1
    assert caplog.text.count("heard again") == 1


async def test_a_line_that_hangs_is_given_up(bus: SharedBus, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "SENDING", 0.05)
    breaks = await start(bus)
    wire.slow = 60.0
    bus.publish("room:1", 7, b"{}")
    await until(lambda: not bus.up)
    wire.slow = 0.0
    await until(lambda: bus.up)
    assert breaks == ["lost"]
    await until(lambda: wire.told[-1] == [("room:1", 7, None)])


async def test_starting_takes_no_longer_than_an_attempt_and_a_late_line_tells_that_something_was_missed(
    bus: SharedBus, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "OPENING", 0.05)
    wire.slow = 0.2
    breaks = await start(bus)
    assert not bus.up
    await until(lambda: bus.up)
    assert breaks == ["lost"]


async def test_who_closes_says_goodbye_with_the_last_words(bus: SharedBus, wire: Wire) -> None:
    await start(bus)
    bus.publish("room:1", 1, b"{}")
    await bus.close()
    assert wire.sent[-1][0] == ("room:1", 1, b"{}")
    assert wire.sent[-1][-1] == (shared.WORD, 0, shared.GOODBYE)
