"""Who reads a room without an account: what they are told, in what order, and when it ends."""

import asyncio
import dataclasses
from pathlib import Path
from typing import Any

import pytest

from app.bus.base import room_topic
from app.bus.memory import MemoryBus
from app.chat import memberships, public_pages, public_reading, removal, rooms
from app.chat.rooms import Wanted
from app.errors import ReadersFull, TooFast
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.close_codes import CloseCode
from app.storage import public_reading as switch
from tests.support.house import GENERAL, House, open_house
from tests.support.public import publish
from tests.support.readers import HERE, Page, general, read
from tests.support.waiting import until


@pytest.fixture
async def ana(house: House) -> Visitor:
    visitor = await house.appoint(await house.sign_in("ana"), "owner")
    await publish(house.services)
    return visitor


# What they are told


async def test_a_message_comes_as_it_is_posted_and_says_nothing_of_who_reads(house: House, ana: Visitor) -> None:
    page = await read(house)
    posted = await house.post(ana, "hello https://example.org")
    await page.hears(1)
    (shown,) = page.heard
    assert shown == {
        "type": "public.shown",
        "seq": posted.message.seq,
        "number": 1,
        "at": posted.message.at,
        "html": posted.message.html,
        "name": "ana",
        "handle": "ana",
        "initials": "A",
        "tint": ana.user.id % 12,
    }


async def test_whatever_is_no_message_reaches_no_stranger(house: House, ana: Visitor) -> None:
    page = await read(house)
    client = await house.connect(ana)
    await client.open()
    client.say(commands.TypeInRoom(ref=0, room=GENERAL))
    bo = await house.sign_in("bo")
    await memberships.leave(house.services, bo, GENERAL)
    await rooms.change(house.services, ana, GENERAL, Wanted(topic="Tides"))
    await house.pulse.tell()
    await house.pulse.beat()
    await house.post(ana, "hello")
    await page.hears(1)
    assert page.types == ["public.shown"]
    assert page.transport.pings == 1


async def test_a_page_hears_the_numbers_of_its_stream(house: House, ana: Visitor) -> None:
    page = await read(house)
    posted = await house.post(ana)
    await page.hears(1)
    assert f"id: {posted.message.seq}\n".encode() in b"".join(page.transport.writes)


async def test_who_comes_back_is_told_what_was_missed_and_nothing_twice(house: House, ana: Visitor) -> None:
    before = (await general(house)).seq
    for text in "abc":
        await house.post(ana, text)
    page = await read(house, before)
    await house.post(ana, "d")
    await page.hears(4)
    assert page.numbers == [1, 2, 3, 4]


async def test_what_is_posted_while_the_database_is_asked_comes_once_and_in_order(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed, go = public_pages.missed, asyncio.Event()

    async def late(*arguments: Any) -> public_pages.Missed:
        found = await missed(*arguments)
        await go.wait()
        return found

    monkeypatch.setattr(public_pages, "missed", late)
    before = (await general(house)).seq
    await house.post(ana, "a")
    page = Page(house, await general(house), before)
    for text in "bc":
        await house.post(ana, text)
    go.set()
    await page.hears(3)
    assert page.numbers == [1, 2, 3]


@pytest.mark.parametrize("since", [0, 9_999])
async def test_who_missed_too_much_or_comes_from_elsewhere_loads_the_page_again(
    house: House, ana: Visitor, since: int
) -> None:
    await asyncio.gather(*(house.post(ana, "x" * 4_000) for _ in range(20)))
    page = await read(house, since)
    assert page.types == ["public.reload"]


async def test_what_was_taken_away_meanwhile_is_said_to_be_gone(house: House, ana: Visitor) -> None:
    before = (await general(house)).seq
    await house.post(ana, "hello")
    await house.services.store.write(lambda connection: connection.exec_driver_sql("UPDATE messages SET html = ''"))
    page = await read(house, before)
    assert [(event["type"], event["number"]) for event in page.heard] == [("public.gone", 1)]


async def test_a_change_that_the_bus_lost_comes_from_the_database(migrated: Path, tmp_path: Path) -> None:
    bus = MemoryBus()
    async with open_house(migrated, tmp_path, bus) as house:
        ana = await house.appoint(await house.sign_in("ana"), "owner")
        await publish(house.services)
        page = await read(house)
        bus.unsubscribe(room_topic(GENERAL))
        await house.post(ana, "lost")
        bus.subscribe(room_topic(GENERAL))
        await house.post(ana, "heard")
        await page.hears(2)
        assert page.numbers == [1, 2]


async def test_what_was_posted_and_taken_away_while_the_bus_lost_it_is_gone(migrated: Path, tmp_path: Path) -> None:
    bus = MemoryBus()
    async with open_house(migrated, tmp_path, bus) as house:
        ana = await house.appoint(await house.sign_in("ana"), "owner")
        await publish(house.services)
        page = await read(house)
        bus.unsubscribe(room_topic(GENERAL))
        await house.post(ana, "lost")
        await removal.remove(house.services, ana, GENERAL, 1)
        bus.subscribe(room_topic(GENERAL))
        await house.post(ana, "heard")
        await page.hears(2)
        assert [(event["type"], event["number"]) for event in page.heard] == [("public.gone", 1), ("public.shown", 2)]


async def test_what_a_stranger_says_to_have_seen_moves_nothing_for_members(house: House, ana: Visitor) -> None:
    pages = [await read(house, since) for since in (0, 5_000)]
    client = await house.connect(ana)
    await client.open()
    await house.post(ana, "hello")
    assert [event.message.number for event in await client.hears(events.MessagePosted)] == [1]
    assert house.services.metrics.gaps_filled == 0
    for page in pages:
        page.reader.closed()
    assert room_topic(GENERAL) in house.hub.rooms
    client.leave()
    assert house.hub.rooms == {}


# When it ends


@pytest.mark.parametrize("wanted", [Wanted(is_readable=False), Wanted(kind="private")])
async def test_the_rooms_own_end_ends_it_at_once(house: House, ana: Visitor, wanted: Wanted) -> None:
    page = await read(house)
    await rooms.change(house.services, ana, GENERAL, wanted)
    await house.post(ana, "secret")
    assert page.types == ["public.ended"]
    assert page.transport.codes == [CloseCode.POLICY_VIOLATION]


async def test_the_communitys_end_ends_all(house: House, ana: Visitor) -> None:
    page = await read(house)
    await public_reading.change(house.services, ana, on=False)
    await house.post(ana, "secret")
    assert page.types == ["public.ended"]


async def test_an_end_of_which_nobody_told_is_found_in_the_database(house: House, ana: Visitor) -> None:
    await house.hub.lookout.look()
    page = await read(house)
    silent = dataclasses.replace(house.services, bus=MemoryBus())
    await public_reading.change_by_operator(silent, on=False)
    await house.hub.lookout.look()
    assert page.types == ["public.ended"]


async def test_who_comes_when_it_has_ended_is_told_so(house: House, ana: Visitor) -> None:
    room = await general(house)
    await house.services.store.write(lambda connection: switch.change(connection, on=False))
    page = Page(house, room)
    await page.hears(1)
    assert page.types == ["public.ended"]
    page.reader.closed()
    assert house.hub.rooms == {}


async def test_an_end_while_the_database_is_asked_is_the_last_thing_heard(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed, go = public_pages.missed, asyncio.Event()

    async def late(*arguments: Any) -> public_pages.Missed:
        found = await missed(*arguments)
        await go.wait()
        return found

    monkeypatch.setattr(public_pages, "missed", late)
    page = Page(house, await general(house), 0)
    await house.post(ana, "hello")
    await rooms.change(house.services, ana, GENERAL, Wanted(is_readable=False))
    go.set()
    await until(lambda: not house.hub.readers._tasks)
    assert page.types == ["public.ended"]


# How many, and how they go


async def test_there_is_place_for_so_many_in_all_and_for_each_address(migrated: Path, tmp_path: Path) -> None:
    environ = {"LIMIT_READERS": "3", "LIMIT_READERS_PER_ADDRESS": "2"}
    async with open_house(migrated, tmp_path, environ=environ) as house:
        readers = house.hub.readers
        for _ in range(2):
            readers.take_place(HERE)
        with pytest.raises(TooFast) as slow:
            readers.take_place(HERE)
        readers.take_place("192.0.2.8")
        with pytest.raises(ReadersFull) as full:
            readers.take_place("192.0.2.9")
        assert slow.value.retry_after
        assert full.value.retry_after
        readers.give_place(HERE)
        readers.take_place("192.0.2.9")


async def test_a_page_that_is_closed_leaves_its_place_and_the_room(house: House, ana: Visitor) -> None:
    page = await read(house)
    assert len(house.hub.readers.everybody) == 1
    page.reader.closed()
    page.reader.closed()
    assert (house.hub.readers.everybody, house.hub.rooms, dict(house.hub.readers._places)) == ([], {}, {})


async def test_at_a_restart_all_are_sent_away_and_nobody_new_is_let_in(house: House, ana: Visitor) -> None:
    page = await read(house)
    await house.pulse.say_goodbye()
    assert page.transport.codes == [CloseCode.RESTARTING]
    assert page.transport.writes[-1].split(b"\r\n")[1].startswith(b"retry: ")
    with pytest.raises(ReadersFull):
        house.hub.readers.take_place(HERE)


async def test_members_are_told_before_a_crowd_of_strangers_is(house: House, ana: Visitor) -> None:
    """Strangers have a queue of their own: a member waits for a turn of the loop at most, not for all of them."""
    pages = [await read(house) for _ in range(20)]
    client = await house.connect(ana)
    await client.open()
    client.forget()
    assert house.hub.readers._queue is not house.hub._queue
    await house.post(ana, "hello")
    await client.hears(events.MessagePosted)
    for page in pages:
        await page.hears(1)
