"""What every bus promises: a new one is a line in BUSES. Losing nothing is not promised; delivering here at once is."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from app.bus.base import EVERYONE, Bus, room_topic, user_topic
from app.bus.memory import MemoryBus

BUSES: dict[str, Callable[[], Bus]] = {"memory": MemoryBus}


@dataclass
class Ear:
    """`heard` holds (topic, seq, body) in order; `breaks` counts the calls of `lost`."""

    heard: list[tuple[str, int, bytes]] = field(default_factory=list)
    breaks: int = 0

    def deliver(self, topic: str, seq: int, body: bytes) -> None:
        self.heard.append((topic, seq, body))

    def lost(self) -> None:
        self.breaks += 1


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture(params=BUSES)
async def bus(request: pytest.FixtureRequest, ear: Ear) -> AsyncIterator[Bus]:
    bus = BUSES[request.param]()
    await bus.start(ear.deliver, ear.lost)
    yield bus
    await bus.close()


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
    assert [seq for _, seq, _ in ear.heard] == [1]


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


async def test_a_body_arrives_as_it_was(bus: Bus, ear: Ear) -> None:
    bus.subscribe(EVERYONE)
    bodies = [b"", b"x" * 100_000, "ä😀\u2028".encode(), b"\x00\xff"]
    for body in bodies:
        bus.publish(EVERYONE, 0, body)
    assert [body for _, _, body in ear.heard] == bodies


async def test_who_listens_may_subscribe_and_publish_meanwhile(ear: Ear) -> None:
    for make in BUSES.values():
        bus = make()

        def deliver(topic: str, seq: int, body: bytes, bus: Bus = bus) -> None:
            ear.deliver(topic, seq, body)
            if topic == "first":
                bus.subscribe("second")
                bus.publish("second", seq, body)
                bus.unsubscribe("first")

        await bus.start(deliver, ear.lost)
        bus.subscribe("first")
        bus.publish("first", 1, b"{}")
        assert [topic for topic, _, _ in ear.heard] == ["first", "second"]
        await bus.close()


async def test_nothing_is_heard_before_the_start_and_after_the_close(ear: Ear) -> None:
    for make in BUSES.values():
        bus = make()
        bus.subscribe("room:1")
        bus.publish("room:1", 1, b"{}")
        await bus.start(ear.deliver, ear.lost)
        bus.publish("room:1", 2, b"{}")
        await bus.close()
        bus.publish("room:1", 3, b"{}")
        assert [seq for _, seq, _ in ear.heard] == [2]


async def test_without_a_break_nothing_is_said_to_be_lost(bus: Bus, ear: Ear) -> None:
    bus.subscribe("room:1")
    for seq in range(100):
        bus.publish("room:1", seq, b"{}")
    assert ear.breaks == 0


def test_topics_of_rooms_and_people_are_told_apart() -> None:
    assert len({room_topic(1), user_topic(1), room_topic(11), EVERYONE}) == 4
