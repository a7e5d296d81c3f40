"""What every bus promises: a new one is a line in BUSES. Losing nothing is not promised; delivering here at once is.

Those of several processes are on real servers, behind a proxy that breaks the line or plays tricks with it.
"""

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from app.bus import shared
from app.bus.base import EVERYONE, Bus, Deliver, room_topic, user_topic
from app.bus.memory import MemoryBus
from app.bus.postgres import PostgresLine
from app.bus.redis import RedisLine
from app.bus.shared import SharedBus
from tests.support.buses import LossyBus, mixed
from tests.support.feed_proxy import FeedProxy, feed_proxy
from tests.support.postgres import Databases
from tests.support.waiting import until

Make = Callable[[str, str], Bus]
"""From the URL of a server, and the name of a community."""

SHARED: dict[str, Make] = {
    "notify": lambda url, community: SharedBus(PostgresLine(url, community)),
    "redis": lambda url, community: SharedBus(RedisLine(url, community, self_signed=False)),
}
BUSES: dict[str, Make] = {"memory": lambda *_: MemoryBus(), **SHARED}
"""By name."""

Heard = tuple[str, int, bytes | None]


@dataclass
class Ear:
    """`heard` holds (topic, seq, body) in order; `breaks` counts the calls of `lost`."""

    heard: list[Heard] = field(default_factory=list)
    breaks: int = 0

    def deliver(self, topic: str, seq: int, body: bytes | None) -> None:
        self.heard.append((topic, seq, body))

    def lost(self) -> None:
        self.breaks += 1

    @property
    def seqs(self) -> list[int]:
        return [seq for _, seq, _ in self.heard]


@dataclass
class Process:
    """A bus, and what is heard of it."""

    bus: Bus
    ear: Ear


@dataclass
class Pair:
    """Two processes of one community; `line` is what `one` reaches the server by."""

    one: Process
    other: Process
    line: FeedProxy

    def subscribe(self, *topics: str) -> None:
        for topic in topics:
            self.one.bus.subscribe(topic)
            self.other.bus.subscribe(topic)

    async def in_touch(self) -> None:
        """Both hear each other, of all topics that they subscribed to until now."""
        for here, there in ((self.one, self.other), (self.other, self.one)):
            topic = f"touch:{secrets.token_hex(4)}"
            there.bus.subscribe(topic)
            while topic not in [heard for heard, _, _ in there.ear.heard]:
                here.bus.publish(topic, 0, b"{}")
                await asyncio.sleep(0.01)
            there.bus.unsubscribe(topic)
        await until(lambda: self.one.bus.up and self.other.bus.up)
        self.one.ear.heard.clear()
        self.other.ear.heard.clear()


@pytest.fixture(scope="module")
def postgres_url(postgres: Databases) -> Iterator[str]:
    with postgres.empty() as url:
        yield url


def server_url(request: pytest.FixtureRequest, name: str) -> str:
    fixture = {"memory": None, "notify": "postgres_url", "redis": "redis_url"}[name]
    return request.getfixturevalue(fixture) if fixture else ""


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture(params=BUSES)
def make(request: pytest.FixtureRequest) -> Callable[[], Bus]:
    url = server_url(request, request.param)
    return lambda: BUSES[request.param](url, secrets.token_hex(4))


@pytest.fixture
async def bus(make: Callable[[], Bus], ear: Ear) -> AsyncIterator[Bus]:
    bus = make()
    await bus.start(ear.deliver, ear.lost)
    yield bus
    await bus.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Breaks are noticed in a tenth of the time."""
    monkeypatch.setattr(shared, "EVERY", 0.1)
    monkeypatch.setattr(shared, "LONGEST_WAIT", 0.2)
    monkeypatch.setattr(shared, "OPENING", 0.5)
    monkeypatch.setattr(shared, "SENDING", 0.5)
    monkeypatch.setattr("app.bus.peers.SILENCE", 0.3)


@pytest.fixture(params=SHARED)
async def pair(request: pytest.FixtureRequest, quick: None) -> AsyncIterator[Pair]:
    url, community = server_url(request, request.param), secrets.token_hex(4)
    async with AsyncExitStack() as stack:
        line = await stack.enter_async_context(feed_proxy(url))
        processes: list[Process] = []
        for address in (line.url, url):
            process = Process(SHARED[request.param](address, community), Ear())
            await process.bus.start(process.ear.deliver, process.ear.lost)
            stack.push_async_callback(process.bus.close)
            processes.append(process)
        one, other = processes
        yield Pair(one, other, line)


# In one process


async def test_an_event_is_delivered_here_before_publish_returns(bus: Bus, ear: Ear) -> None:
    bus.subscribe("room:1")
    bus.publish("room:1", 7, b'{"type":"done"}')
    assert ear.heard == [("room:1", 7, b'{"type":"done"}')]


async def test_a_started_bus_is_up(bus: Bus) -> None:
    assert bus.up


async def test_only_subscribed_topics_are_heard(bus: Bus, ear: Ear) -> None:
    bus.subscribe("room:1")
    bus.publish("room:10", 1, b"{}")
    bus.publish("room:", 1, b"{}")
    bus.publish("user:1", 1, b"{}")
    assert ear.heard == []


async def test_a_topic_is_heard_until_it_is_given_up(bus: Bus, ear: Ear) -> None:
    bus.subscribe("room:1")
    bus.subscribe("room:1")
    bus.publish("room:1", 1, b"{}")
    bus.unsubscribe("room:1")
    bus.unsubscribe("room:1")
    bus.publish("room:1", 2, b"{}")
    assert ear.seqs == [1]


async def test_a_topic_that_nobody_wanted_may_be_given_up(bus: Bus) -> None:
    bus.unsubscribe("room:9")


async def test_events_of_one_publisher_keep_their_order_over_all_topics(bus: Bus, ear: Ear) -> None:
    topics = [EVERYONE, room_topic(1), room_topic(2), user_topic(1)]
    for topic in topics:
        bus.subscribe(topic)
    published = [(topics[number % 4], number, b"%d" % number) for number in range(400)]
    for event in published:
        bus.publish(*event)
    assert ear.heard == published


async def test_a_body_arrives_here_as_it_was(bus: Bus, ear: Ear) -> None:
    bus.subscribe(EVERYONE)
    bodies = [b"{}", b'"%b"' % (b"x" * 100_000), '"ä😀\u2028"'.encode()]
    for body in bodies:
        bus.publish(EVERYONE, 0, body)
    assert [body for _, _, body in ear.heard] == bodies


async def test_who_listens_may_subscribe_and_publish_meanwhile(make: Callable[[], Bus], ear: Ear) -> None:
    bus = make()

    def deliver(topic: str, seq: int, body: bytes | None) -> None:
        ear.deliver(topic, seq, body)
        if topic == "first":
            bus.subscribe("second")
            bus.publish("second", seq, b"{}")
            bus.unsubscribe("first")

    await bus.start(deliver, ear.lost)
    bus.subscribe("first")
    bus.publish("first", 1, b"{}")
    assert [topic for topic, _, _ in ear.heard] == ["first", "second"]
    await bus.close()


async def test_nothing_is_heard_before_the_start_and_after_the_close(make: Callable[[], Bus], ear: Ear) -> None:
    bus = make()
    bus.subscribe("room:1")
    bus.publish("room:1", 1, b"{}")
    await bus.start(ear.deliver, ear.lost)
    bus.publish("room:1", 2, b"{}")
    await bus.close()
    bus.publish("room:1", 3, b"{}")
    assert ear.seqs == [2]


async def test_a_bus_that_was_never_started_can_be_closed(make: Callable[[], Bus]) -> None:
    await make().close()


async def test_without_a_break_nothing_is_said_to_be_lost(bus: Bus, ear: Ear) -> None:
    bus.subscribe("room:1")
    for seq in range(100):
        bus.publish("room:1", seq, b"{}")
    assert ear.breaks == 0


async def test_what_a_lossy_bus_does_not_lose_arrives_as_it_was(make: Callable[[], Bus], ear: Ear) -> None:
    bus = LossyBus(make(), mixed(random.Random(0)))
    await bus.start(ear.deliver, ear.lost)
    bus.subscribe("room:1")
    for seq in range(1, 501):
        bus.publish("room:1", seq, b"%d" % seq)
    counts = Counter(ear.seqs)
    assert all(body == b"%d" % seq for _, seq, body in ear.heard)
    assert 500 - len(counts) >= bus.fates["lose"] > 20
    assert sum(count == 2 for count in counts.values()) == bus.fates["double"] > 20
    assert ear.seqs != sorted(ear.seqs)
    await bus.close()


def test_topics_of_rooms_and_people_are_told_apart() -> None:
    assert len({room_topic(1), user_topic(1), room_topic(11), EVERYONE}) == 4


# Between processes


async def test_what_one_publishes_is_heard_once_by_each_in_order(pair: Pair) -> None:
    pair.subscribe("room:1", EVERYONE)
    await pair.in_touch()
    published = [("room:1" if seq % 3 else EVERYONE, seq, b'{"number":%d}' % seq) for seq in range(1, 1001)]
    for event in published:
        pair.one.bus.publish(*event)
        if event[1] % 100 == 0:
            await asyncio.sleep(0)
    await until(lambda: len(pair.other.ear.heard) >= 1000)
    for topic in ("room:1", EVERYONE):
        mine = [event for event in published if event[0] == topic]
        assert [event for event in pair.other.ear.heard if event[0] == topic] == mine
    await pair.in_touch()
    assert pair.one.ear.breaks == pair.other.ear.breaks == 0


async def test_nobody_hears_their_own_words_again(pair: Pair) -> None:
    pair.subscribe("room:1")
    await pair.in_touch()
    pair.one.bus.publish("room:1", 1, b"{}")
    pair.other.bus.publish("room:1", 2, b"{}")
    await until(lambda: len(pair.one.ear.heard) >= 2 and len(pair.other.ear.heard) >= 2)
    pair.one.bus.publish("room:1", 3, b"{}")
    await until(lambda: 3 in pair.other.ear.seqs)
    assert sorted(pair.one.ear.seqs) == sorted(pair.other.ear.seqs) == [1, 2, 3]


async def test_what_is_not_subscribed_is_not_heard_from_others(pair: Pair) -> None:
    pair.subscribe("room:1", "room:2")
    await pair.in_touch()
    pair.other.bus.unsubscribe("room:2")
    await pair.in_touch()
    for topic in ("room:2", "room:11", "room:", "user:1", "room:1"):
        pair.one.bus.publish(topic, 1, b"{}")
    await until(lambda: pair.other.ear.heard)
    assert pair.other.ear.heard == [("room:1", 1, b"{}")]


async def test_a_thousand_topics_are_subscribed_and_given_up(pair: Pair) -> None:
    topics = [user_topic(number) for number in range(1_200)]
    pair.subscribe(*topics)
    await pair.in_touch()
    for topic in topics:
        pair.one.bus.publish(topic, 1, b"{}")
    await until(lambda: len(pair.other.ear.heard) >= len(topics))
    assert sorted(topic for topic, _, _ in pair.other.ear.heard) == sorted(topics)
    for topic in topics:
        pair.other.bus.unsubscribe(topic)
    await pair.in_touch()
    for topic in topics:
        pair.one.bus.publish(topic, 2, b"{}")
    await pair.in_touch()
    assert pair.other.ear.heard == []


async def test_any_text_arrives_as_it_was(pair: Pair) -> None:
    pair.subscribe("room:1")
    await pair.in_touch()
    texts = ['"ä😀\u2028 "', r'"\\ \" \n \u0001"', '"$1 %s; DROP"', '""', '{"a":"\x7f"}']
    for seq, text in enumerate(texts, 1):
        pair.one.bus.publish("room:1", seq, text.encode())
    await until(lambda: len(pair.other.ear.heard) >= len(texts))
    assert [body for _, _, body in pair.other.ear.heard] == [text.encode() for text in texts]


async def test_a_body_that_is_too_large_to_travel_comes_as_a_number_and_a_hint_not_at_all(pair: Pair) -> None:
    pair.subscribe("room:1")
    await pair.in_touch()
    large = b'"%b"' % (b"x" * 9_000)
    for seq, body in ((1, b"1"), (2, large), (0, large), (3, b"3")):
        pair.one.bus.publish("room:1", seq, body)
    await until(lambda: 3 in pair.other.ear.seqs)
    durable = [heard for heard in pair.other.ear.heard if heard[1]]
    assert durable in (
        [("room:1", 1, b"1"), ("room:1", 2, large), ("room:1", 3, b"3")],
        [("room:1", 1, b"1"), ("room:1", 2, None), ("room:1", 3, b"3")],
    )
    assert [body for _, seq, body in pair.other.ear.heard if not seq] in ([], [large])


async def test_an_event_that_nobody_can_take_does_not_end_the_feed(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pair.subscribe("room:1")
    await pair.in_touch()

    def deliver(topic: str, seq: int, body: bytes | None) -> None:
        if seq == 1:
            raise ZeroDivisionError
        pair.other.ear.deliver(topic, seq, body)

    taking: Deliver = deliver
    monkeypatch.setattr(pair.other.bus, "_deliver", taking)
    pair.one.bus.publish("room:1", 1, b"{}")
    pair.one.bus.publish("room:1", 2, b"{}")
    await until(lambda: pair.other.ear.seqs == [2])
    assert "an event of another process broke" in caplog.text


# When the line breaks


async def test_while_the_line_is_cut_publishing_goes_on_here_and_both_know_that_they_miss_something(pair: Pair) -> None:
    pair.subscribe("room:1")
    await pair.in_touch()
    pair.line.sever()
    await until(lambda: not pair.one.bus.up)
    await until(lambda: not pair.other.bus.up)
    for seq in (1, 2):
        pair.one.bus.publish("room:1", seq, b"{}")
    assert pair.one.ear.seqs == [1, 2]
    pair.other.bus.publish("room:1", 3, b"{}")
    assert pair.other.ear.seqs == [3]
    assert pair.one.ear.breaks == 0


async def test_after_a_break_the_loss_is_told_and_everything_is_heard_again(pair: Pair) -> None:
    pair.subscribe("room:1", "room:2")
    await pair.in_touch()
    pair.line.sever()
    await until(lambda: not pair.one.bus.up)
    pair.one.bus.publish("room:1", 7, b'"lost"')
    pair.one.bus.publish("room:1", 8, b'"lost"')
    pair.one.bus.publish("room:1", 0, b'"a hint"')
    pair.one.bus.subscribe("room:3")
    pair.other.bus.subscribe("room:3")
    pair.line.heal()
    await until(lambda: pair.one.bus.up and pair.other.bus.up)
    assert pair.one.ear.breaks == 1
    await until(lambda: pair.other.ear.heard)
    assert pair.other.ear.heard == [("room:1", 8, None)], "how far it came: the database has the rest"
    await pair.in_touch()
    for topic in ("room:1", "room:2", "room:3"):
        pair.other.bus.publish(topic, 1, b"{}")
    await until(lambda: len(pair.one.ear.heard) == 3)


async def test_a_line_that_is_dead_without_a_word_is_noticed_within_five_seconds_and_replaced(pair: Pair) -> None:
    pair.subscribe("room:1")
    await pair.in_touch()
    pair.line.stall()
    async with asyncio.timeout(0.5):
        await until(lambda: not pair.one.bus.up)
    pair.line.flow()
    await until(lambda: pair.one.bus.up and pair.other.bus.up)
    await pair.in_touch()
    pair.other.bus.publish("room:1", 1, b"{}")
    await until(lambda: pair.one.ear.seqs == [1])


async def test_a_short_break_is_told_as_well(pair: Pair) -> None:
    pair.subscribe("room:1")
    await pair.in_touch()
    for breaks in (1, 2, 3):
        pair.line.cut()
        await until(lambda breaks=breaks: pair.one.ear.breaks == breaks)  # type: ignore[misc]
        await pair.in_touch()


async def test_who_says_goodbye_is_not_missed(pair: Pair) -> None:
    await pair.in_touch()
    pair.one.bus.publish(EVERYONE, 1, b"{}")
    await pair.one.bus.close()
    await asyncio.sleep(0.5)  # longer than SILENCE here
    assert pair.other.bus.up


async def test_the_last_words_are_heard(pair: Pair) -> None:
    pair.subscribe("room:1")
    await pair.in_touch()
    for seq in range(1, 101):
        pair.one.bus.publish("room:1", seq, b"{}")
    await pair.one.bus.close()
    await until(lambda: pair.other.ear.seqs == list(range(1, 101)))


async def test_a_bus_whose_line_is_cut_closes_all_the_same(pair: Pair) -> None:
    await pair.in_touch()
    pair.line.sever()
    async with asyncio.timeout(3):
        await pair.one.bus.close()


async def test_whatever_the_line_does_to_events_the_others_arrive_as_they_were(pair: Pair) -> None:
    pair.subscribe("room:1")
    await pair.in_touch()
    pair.line.fate = mixed(random.Random(0))
    for seq in range(1, 1001):
        pair.other.bus.publish("room:1", seq, b"%d" % seq)
        await asyncio.sleep(0.001)
    pair.line.fate = None
    pair.other.bus.publish("room:1", 1001, b"1001")
    await until(lambda: 1001 in pair.one.ear.seqs)
    assert all(body == b"%d" % seq for _, seq, body in pair.one.ear.heard)
    assert min(pair.line.fates[fate] for fate in ("lose", "double", "swap")) > 10
    assert len(set(pair.one.ear.seqs)) < 1001
    assert len(set(pair.one.ear.seqs)) < len(pair.one.ear.seqs)
    assert pair.one.ear.seqs != sorted(pair.one.ear.seqs)
