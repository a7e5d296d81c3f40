"""What the hub does by the clock; the clock is turned by hand."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from app.bus.base import room_topic
from app.chat import accounts, rooms
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.close_codes import CloseCode
from app.protocol.codec import encode_event
from app.realtime import pulse as pulse_module
from app.realtime.outgoing import WRITES_PER_TURN
from app.realtime.pulse import MOST_NAMED, Pulse
from tests.support.house import GENERAL, Client, House, StuckWriter, new_nonce
from tests.support.waiting import until


async def test_activity_is_told_once_for_all_posts_since_the_last_tick(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    for number in range(5):
        await house.post(bo, f"message {number}")
    assert not client.of(events.RoomActivity)
    await house.pulse.tell()
    (activity,) = await client.hears(events.RoomActivity)
    assert activity == events.RoomActivity(room=GENERAL, number=5, seq=7)
    await house.pulse.tell()
    await house.post(bo, "one more")
    await house.pulse.tell()
    assert await client.hears(events.RoomActivity, 2)
    assert [each.number for each in client.of(events.RoomActivity)] == [5, 6]


async def test_who_has_the_room_open_is_told_of_no_activity(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    await house.post(bo)
    await house.pulse.tell()
    await client.hears(events.MessagePosted)
    assert not client.of(events.RoomActivity)


async def test_a_joining_is_no_activity(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await house.sign_in("cleo")
    client.forget()
    await house.pulse.tell()
    await asyncio.sleep(0)
    assert client.types == []


async def test_activity_between_reading_the_rooms_and_listening_is_told_after_all(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await house.connect(bo)
    mine = await accounts.arrive(house.services, ana)
    await house.post(bo, "in between")
    await house.pulse.tell()
    client = Client(house.services, house.hub, ana)
    house.hub.attach(client.connection)
    house.hub.admit(client.connection, [room for room, _ in mine.rooms])
    client.connection._held = None
    await house.pulse.tell()
    (activity,) = await client.hears(events.RoomActivity)
    assert activity.number == 1


async def test_the_number_of_people_is_told_to_those_who_look_once_a_tick(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    client = await house.connect(ana)
    await client.open()
    await house.pulse.tell()
    await client.hears(events.PresenceChanged)
    client.forget()
    clients = [await house.connect(bo) for _ in range(3)]
    await house.pulse.tell()
    bo_came = events.PresenceChanged(room=GENERAL, online=2, came=[bo.user.id])
    assert await client.hears(events.PresenceChanged) == [bo_came]
    assert not any(each.of(events.PresenceChanged) for each in clients)
    for each in clients:
        each.leave()
    house.clock.advance(31)
    await house.pulse.tell()
    bo_went = events.PresenceChanged(room=GENERAL, online=1, went=[bo.user.id])
    assert await client.hears(events.PresenceChanged, 2) == [bo_came, bo_went]
    await house.pulse.tell()
    await asyncio.sleep(0)
    assert len(client.of(events.PresenceChanged)) == 2


async def test_of_many_who_come_at_once_only_the_number_is_told(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    await house.pulse.tell()
    await client.hears(events.PresenceChanged)
    client.forget()
    house.services.presence.hear_moves("other", dict.fromkeys(range(100, 100 + MOST_NAMED), (GENERAL,)), [])
    await house.pulse.tell()
    house.services.presence.hear_moves("other", dict.fromkeys(range(200, 201 + MOST_NAMED), (GENERAL,)), [])
    await house.pulse.tell()
    some, many = await client.hears(events.PresenceChanged, 2)
    assert (some.online, some.came) == (1 + MOST_NAMED, list(range(100, 100 + MOST_NAMED)))
    assert (many.online, many.came, many.went) == (2 + 2 * MOST_NAMED, [], [])


async def test_a_heartbeat_carries_only_the_heads_that_changed_since_the_last(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    annex = await rooms.add(house.services, "annex")
    client = await house.connect(ana)
    await house.pulse.beat()
    client.forget()
    await house.post(bo, room=annex.id)
    await house.pulse.beat()
    await house.pulse.beat()
    beats = await client.hears(events.Heartbeat, 2)
    assert beats == [events.Heartbeat(heads={str(annex.id): 3}), events.Heartbeat(heads={})]
    assert client.transport.pings == 3


async def test_a_heartbeat_names_only_rooms_of_the_person(house: House, ana: Visitor, bo: Visitor) -> None:
    attic = await house.private_room()
    client = await house.connect(ana)
    house.hub.watch((await house.connect(bo)).connection, {attic.id: 0})
    house.hub.rooms[room_topic(attic.id)].advance(5)
    await house.pulse.beat()
    (beat,) = await client.hears(events.Heartbeat)
    assert str(attic.id) not in beat.heads


async def test_a_head_does_not_overtake_what_waits_to_be_written(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    await house.pulse.beat()
    client.forget()
    live = house.hub.rooms[room_topic(GENERAL)]
    house.services.bus.publish(room_topic(GENERAL), live.seq + 1, encode_event(a_post(live.seq + 1)))
    assert live.open_here.waiting
    assert house.pulse._take_changed_heads() == {}
    await client.hears(events.MessagePosted)
    assert house.pulse._take_changed_heads() == {GENERAL: 3}


async def test_heartbeats_do_not_wait_for_a_database_that_hangs(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse_module, "TICK", 0.001)
    client = await house.connect(ana)
    house.hub.heartbeat = 0.0
    monkeypatch.setattr(house.services.store.database, "read", lambda _: asyncio.get_running_loop().create_future())
    house.pulse.start()
    await client.hears(events.Heartbeat, 3)
    await house.pulse.stop()


async def test_a_connection_that_begins_is_not_spoken_to_before_its_first_words(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    client = house.begin(ana)
    await house.pulse.beat()
    house.hub.deliver("everyone", 0, encode_event(events.PersonChanged(events.Person(9, "who", "Who"))))
    await client.hears(events.SessionStarted)
    assert client.types[0] == "session.started"


async def test_a_heartbeat_to_many_lets_others_have_their_turn(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    house.hub.connections.update(dict.fromkeys([_copy(client, number) for number in range(2 * WRITES_PER_TURN)]))
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    await house.services.store.read(lambda _: None)
    before = turns
    await house.pulse.beat()
    counting.cancel()
    assert turns - before >= 2


def _copy(client: Client, _: int) -> Any:
    other = Client(client.connection.services, client.connection.hub, client.connection.visitor)
    other.connection._held = None
    return other.connection


async def test_the_farewell_says_when_to_return_and_then_hangs_up(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [await house.connect(who) for who in (ana, bo, bo)]
    await house.pulse.say_goodbye()
    for client in clients:
        (restarting,) = client.of(events.ServerRestarting)
        assert 5 <= restarting.after <= 15
        assert client.transport.codes == [CloseCode.RESTARTING]


def test_a_thousand_return_evenly_once_all_are_gone_and_after_the_same_time() -> None:
    returns = [pulse_module.return_after(place, 1_000) for place in range(1_000)]
    gone = [place / pulse_module.CLOSED_PER_SECOND for place in range(1_000)]
    assert min(returns) >= gone[-1] + 5
    assert max(Counter(map(int, returns)).values()) <= 120
    assert max(back - away for back, away in zip(returns, gone, strict=True)) <= 16


async def test_the_farewell_sends_the_answers_of_what_was_accepted(
    house: House, ana: Visitor, stuck: StuckWriter
) -> None:
    client = await house.connect(ana)
    refs = [client.say(commands.SendMessage(0, GENERAL, f"nonce-number-{number:04}", "hi")) for number in range(10)]
    await until(lambda: client.is_idle)
    leaving = asyncio.create_task(house.pulse.say_goodbye())
    await client.hears(events.ServerRestarting)
    await asyncio.sleep(0.01)
    assert not client.transport.codes
    await stuck.release()
    await leaving
    assert [sent.ref for sent in client.of(events.Sent)] == refs
    assert client.transport.codes == [CloseCode.RESTARTING]


async def test_a_farewell_that_takes_too_long_waits_for_no_answers_any_more(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the log never rests: each few wait half a second, and ten thousand would wait for minutes."""
    clients = [await house.connect(who) for who in (ana, ana, bo, bo)]
    waits = 0

    async def settle(_: Pulse) -> None:
        nonlocal waits
        waits += 1
        house.clock.advance(pulse_module.DRAIN / 2)

    monkeypatch.setattr(Pulse, "_settle", settle)
    monkeypatch.setattr(pulse_module, "CLOSED_PER_SECOND", 10)
    await house.pulse.say_goodbye()
    assert waits == 2
    assert all(client.transport.codes == [CloseCode.RESTARTING] for client in clients)


async def test_a_round_that_breaks_does_not_stop_the_clockwork(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pulse_module, "TICK", 0.001)
    rounds = 0

    async def break_down(_: Pulse) -> None:
        nonlocal rounds
        rounds += 1
        raise ZeroDivisionError

    monkeypatch.setattr(Pulse, "tell", break_down)
    house.hub.heartbeat = 0.0
    client = await house.connect(ana)
    house.pulse.start()
    await client.hears(events.Heartbeat, 3)
    await house.pulse.stop()
    assert rounds >= 3
    assert "a round of the hub broke" in caplog.text


async def test_the_clockwork_keeps_its_times(house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse_module, "TICK", 0.001)
    calls: list[str] = []
    for name in ("tell", "beat"):
        monkeypatch.setattr(house.pulse, name, _journal(calls, name))
    monkeypatch.setattr(house.hub.lookout, "glance", lambda: calls.append("glance"))
    house.pulse.start()
    await until(lambda: calls.count("tell") > 3)
    assert set(calls) == {"tell", "glance"}
    assert calls.count("glance") >= 10 * calls.count("tell")
    house.clock.advance(20)
    await until(lambda: "beat" in calls)
    told = calls.count("tell")
    await until(lambda: calls.count("tell") > told + 3)
    assert calls.count("beat") == 1
    await house.pulse.stop()
    told = calls.count("tell")
    await asyncio.sleep(0.01)
    assert calls.count("tell") == told


def _journal(calls: list[str], name: str) -> Any:
    async def write_down() -> None:
        calls.append(name)

    return write_down


def a_post(seq: int) -> events.MessagePosted:
    message = events.Message(number=1, seq=seq, author=1, at=0, html="one", text="one", nonce=new_nonce())
    return events.MessagePosted(
        room=GENERAL, seq=seq, message=message, person=events.Person(id=1, handle="ana", name="Ana")
    )
