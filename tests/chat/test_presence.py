import itertools
import random

import msgspec
import pytest

from app.bus.base import PEERS
from app.bus.parcels import pack
from app.bus.postgres import LONGEST
from app.chat import presence
from app.memory.elsewhere import Rooms
from app.models import Preferences, Visitor
from app.protocol import commands, events
from app.protocol.codec import decode_peer_event, encode_event
from app.protocol.peers import PeopleHere, PeopleMoved
from tests.support.house import GENERAL, House

Told = list[PeopleHere | PeopleMoved]


@pytest.fixture
def told(house: House, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What the other processes hear from here on."""
    heard: Told = []

    def publish(topic: str, seq: int, body: bytes) -> None:
        event = decode_peer_event(body)
        assert isinstance(event, PeopleHere | PeopleMoved)
        assert (topic, seq) == (PEERS, 0)
        heard.append(event)

    monkeypatch.setattr(house.services.bus, "publish", publish)
    return heard


def company(house: House) -> None:
    """Another process tells that it is there, with nobody in it."""
    presence.hear(house.services, PeopleHere("other", 1, 0, []))


# Who is writing


async def test_writing_is_a_hint_that_takes_no_number(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    opened = await client.open()
    await presence.typing(house.services, ana, GENERAL)
    (typing,) = await client.hears(events.TypingStarted)
    assert typing == events.TypingStarted(GENERAL, events.Person(ana.user.id, "ana", "ana"))
    await client.post()
    (posted,) = await client.hears(events.MessagePosted)
    assert posted.seq == opened.room.seq + 1
    assert (await client.open()).messages[0].text == "hello"


async def test_who_says_it_all_the_time_is_heard_six_times_in_three_seconds(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    client = await house.connect(bo)
    await client.open()
    for _ in range(10):
        await presence.typing(house.services, ana, GENERAL)
    await presence.typing(house.services, bo, GENERAL)
    heard = await client.hears(events.TypingStarted, count=7)
    assert [event.person.handle for event in heard] == [*["ana"] * 6, "bo"]
    house.clock.advance(3.0)
    await presence.typing(house.services, ana, GENERAL)
    assert len(await client.hears(events.TypingStarted, count=8)) == 8


# Who is where


async def test_who_is_alone_tells_nobody(house: House, ana: Visitor, told: Told) -> None:
    await house.connect(ana)
    presence.tell_moves(house.services)
    presence.tell_everybody(house.services, round_=1)
    assert told == []
    presence.tell_everybody(house.services, round_=2, asks=True)
    assert [event.asks for event in told if isinstance(event, PeopleHere)] == [True], "or nobody would ever begin"


async def test_others_are_told_who_came_and_went(house: House, ana: Visitor, bo: Visitor, told: Told) -> None:
    company(house)
    clients = [await house.connect(who) for who in (ana, bo, bo)]
    presence.tell_moves(house.services)
    presence.tell_moves(house.services)
    (moved,) = told
    assert isinstance(moved, PeopleMoved)
    assert moved.came == [([GENERAL], [ana.user.id, bo.user.id], False)]
    for client in clients:
        client.leave()
    told.clear()
    house.clock.advance(20)
    house.services.presence.forget_gone()
    presence.tell_moves(house.services)
    assert sorted(itertools.chain.from_iterable(event.went for event in told)) == [ana.user.id, bo.user.id]  # type: ignore[union-attr]


async def test_others_are_told_everybody(house: House, ana: Visitor, told: Told) -> None:
    company(house)
    await house.connect(ana)
    presence.tell_everybody(house.services, round_=7)
    assert told == [PeopleHere(house.services.presence.process, 7, 1, [([GENERAL], [ana.user.id], False)])]


async def test_that_nobody_is_here_is_told_as_well(house: House, told: Told) -> None:
    company(house)
    presence.tell_everybody(house.services, round_=7)
    assert told == [PeopleHere(house.services.presence.process, 7, 0, [])]


async def test_others_are_told_who_is_idle_and_who_is_not_any_more(
    house: House, ana: Visitor, bo: Visitor, told: Told
) -> None:
    company(house)
    client = await house.connect(ana)
    await house.connect(bo)
    presence.tell_moves(house.services)
    for idle in (True, False):
        told.clear()
        await client.ask(commands.RestPresence(ref=0, idle=idle))
        presence.tell_moves(house.services)
        presence.tell_everybody(house.services, round_=7)
        moved, here = told
        assert isinstance(moved, PeopleMoved)
        assert isinstance(here, PeopleHere)
        assert moved.came == [([GENERAL], [ana.user.id], idle)]
        assert {user_id: is_idle for _, crowd, is_idle in here.crowds for user_id in crowd} == {
            ana.user.id: idle,
            bo.user.id: False,
        }


async def test_what_this_process_told_is_nothing_new_to_it(house: House, ana: Visitor) -> None:
    own = house.services.presence.process
    presence.hear(house.services, PeopleHere(own, 1, 1, [([GENERAL], [99], False)]))
    presence.hear(house.services, PeopleMoved(own, [([GENERAL], [99], False)], []))
    assert house.services.presence.count == 0
    assert not house.services.presence.has_company


async def test_people_elsewhere_are_counted_in_their_rooms(house: House, ana: Visitor) -> None:
    await house.connect(ana)
    presence.hear(house.services, PeopleHere("other", 1, 2, [([GENERAL, 7], [50], False), ([7], [51], False)]))
    presence.hear(house.services, PeopleMoved("other", [([7], [52], False)], [51]))
    assert house.hub.online_in(GENERAL) == 2
    assert house.hub.online_in(7) == 2
    assert house.services.presence.count == 3


@pytest.mark.parametrize("seed", range(20))
def test_whoever_they_are_all_are_told_in_parts_that_travel(seed: int) -> None:
    chance = random.Random(seed)
    most_rooms = chance.choice((1, 20, presence.ROOMS_TOLD))
    ways = chance.choice((9, 900))
    shapes = [tuple(chance.sample(range(10**9, 10**9 + 1_000), chance.randint(0, most_rooms))) for _ in range(ways)]
    people: dict[int, Rooms] = {
        10**9 + number: chance.choice(shapes) for number in range(chance.choice((1, 800, 5_000)))
    }
    idle = set(chance.sample(sorted(people), len(people) // 3))
    parts = presence.parts(people, idle.__contains__)
    assert presence.idle_of(itertools.chain.from_iterable(parts)) == idle
    assert presence.people_of(itertools.chain.from_iterable(parts)) == people
    for part in parts:
        body = encode_event(PeopleHere("eight by", 10**9, 10**9, part, asks=True))
        assert [event[2] for event in presence_events(body)] == [body]


def presence_events(body: bytes) -> list[tuple[str, int, bytes | None]]:
    """What arrives of a hint over PostgreSQL: nothing when it is too large."""
    return [(PEERS, 0, body) for _ in pack("eight by", [(PEERS, 0, body)], LONGEST)]


async def test_five_thousand_people_on_four_processes_cost_two_kilobytes_a_second(house: House, told: Told) -> None:
    company(house)
    here = house.services.presence
    rooms = tuple(range(1, 21))
    for number in range(1_250):
        here.came(100_000 + number)
        here.entered(100_000 + number, rooms)
    here.take_moved()
    presence.tell_everybody(house.services, round_=1)
    size = sum(len(encode_event(event)) for event in told)
    assert 4 * size / house.hub.heartbeat < 2_000
    told.clear()
    for number in range(100):
        here.came(200_000 + number)
        here.entered(200_000 + number, rooms)
    presence.tell_moves(house.services)
    assert sum(len(encode_event(event)) for event in told) < 100 * 7 + 200


async def test_that_everybody_went_idle_costs_two_kilobytes_a_second_too(house: House, told: Told) -> None:
    company(house)
    here = house.services.presence
    for number in range(1_250):
        here.came(100_000 + number)
        here.entered(100_000 + number, tuple(range(1, 21)))
        here.rested(100_000 + number, idle=number % 2 == 0)
    presence.tell_everybody(house.services, round_=1)
    assert 4 * sum(len(encode_event(event)) for event in told) / house.hub.heartbeat < 2_000


async def test_who_stays_out_of_sight_is_not_seen_writing(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    await client.open()
    hidden = msgspec.structs.replace(ana, preferences=Preferences(invisible=True))
    await presence.typing(house.services, hidden, GENERAL)
    await client.post()
    assert not client.of(events.TypingStarted)
