"""Opening a room: its state, and everything behind it."""

import asyncio
from typing import Any

import pytest

from app.bus.base import room_topic
from app.chat import access, rooms
from app.errors import Unavailable
from app.models import Visitor
from app.protocol import commands, events
from app.storage import memberships
from app.storage import rooms as room_rows
from app.storage.database import Connection
from tests.support.changes import Changes, changes, database_changes
from tests.support.house import GENERAL, House
from tests.support.waiting import until


async def test_closing_a_room_that_is_not_ones_own_tells_nothing(house: House, ana: Visitor) -> None:
    attic = await house.private_room()
    client = await house.connect(ana)
    answers = [await client.ask(commands.CloseRoom(ref=0, room=room)) for room in (attic.id, 999)]
    assert [type(answer) for answer in answers] == [events.Done, events.Done]


async def test_opening_a_room_of_others_and_one_that_is_absent_look_alike(house: House, ana: Visitor) -> None:
    attic = await house.private_room()
    client = await house.connect(ana)
    answers = [await client.ask(commands.OpenRoom(ref=0, room=room)) for room in (attic.id, 999)]
    assert [answer.error for answer in answers if isinstance(answer, events.Failed)] == [answers[0].error] * 2  # type: ignore[attr-defined]
    assert room_topic(attic.id) not in house.hub.rooms
    assert room_topic(999) not in house.hub.rooms


async def test_a_connection_that_ends_while_it_opens_a_room_does_not_stay_in_it(house: House, ana: Visitor) -> None:
    for steps in range(12):
        client = await house.connect(ana)
        house.services.cache.clear()
        client.say(commands.OpenRoom(ref=0, room=GENERAL))
        for _ in range(steps):
            await asyncio.sleep(0)
        client.leave()
        await until(lambda client=client: client.is_idle)  # type: ignore[misc]
        assert not house.hub.rooms, f"after {steps} steps"


async def test_a_connection_that_ends_while_it_opens_a_room_joined_elsewhere_does_not_stay_in_it(
    house: House, ana: Visitor
) -> None:
    for steps in range(12):
        client = await house.connect(ana)
        # As another process would make it: without a word to this one.
        room = await house.services.store.write(_add_joined_room, f"room-{steps}", ana.user.id)
        client.say(commands.OpenRoom(ref=0, room=room))
        for _ in range(steps):
            await asyncio.sleep(0)
        client.leave()
        await until(lambda client=client: client.is_idle)  # type: ignore[misc]
        assert not house.hub.rooms, f"after {steps} steps"


def _add_joined_room(connection: Connection, slug: str, user_id: int) -> int:
    room = room_rows.add(connection, slug, slug, "", "public", 0, is_default=True)
    memberships.join_default(connection, user_id, 0)
    return room.id


async def test_a_room_joined_by_way_of_another_process_can_be_opened_and_is_live(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    room = await house.services.store.write(_add_joined_room, "annex", ana.user.id)
    opened = await client.open(room)
    assert opened.room.slug == "annex"
    await client.post("hello annex", room)
    assert await client.hears(events.MessagePosted)


async def test_a_room_that_one_was_removed_from_by_way_of_another_process_is_not_heard_while_it_is_opened(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This one still remembers the membership, and no connection here was in the room when it ended."""
    annex, _ = await rooms.create(house.services, ana, "Annex", "public")
    client = await house.connect(bo)
    await house.services.store.write(memberships.join, annex.id, bo.user.id, 0)
    await access.room_to_read(house.services, bo, annex.id)
    await house.services.store.write(memberships.leave, annex.id, bo.user.id, 0)
    catch_up = rooms.catch_up

    async def late(*asked: Any) -> rooms.CaughtUp:
        await rooms.change(house.services, ana, annex.id, rooms.Wanted(topic="not for bo"))
        return await catch_up(*asked)

    monkeypatch.setattr(rooms, "catch_up", late)
    answer = await client.ask(commands.OpenRoom(ref=0, room=annex.id))
    assert isinstance(answer, events.Failed)
    assert not client.of(events.RoomChanged)


async def test_an_opening_that_fails_leaves_the_room_closed_and_the_connection_alive(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await house.connect(ana)
    await client.open()
    await house.services.store.write(lambda c: c.exec_driver_sql("ALTER TABLE messages RENAME TO hidden"))
    house.services.cache.clear()
    answer = await client.ask(commands.OpenRoom(ref=0, room=GENERAL))
    assert isinstance(answer, events.Failed)
    await house.services.store.write(lambda c: c.exec_driver_sql("ALTER TABLE hidden RENAME TO messages"))
    client.forget()
    await client.post()
    assert client.types == ["sent"]
    await client.open()
    await client.post()
    assert await client.hears(events.MessagePosted)


async def test_events_during_an_opening_are_neither_lost_nor_sent_before_the_state(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    """One posts without a pause while others open and open again."""
    poster = await house.connect(bo)
    enough = asyncio.Event()
    posting = asyncio.create_task(_post_until(enough, house, bo))
    clients = [await house.connect(ana) for _ in range(10)]
    begun = house.services.store.log.appended
    for _ in range(10):
        await asyncio.gather(*[client.open() for client in clients])
    enough.set()
    await posting
    assert house.services.store.log.appended > begun + 10
    await poster.post("the last")
    head = max(await database_changes(house.services, GENERAL))
    for client in clients:
        await until(lambda client=client: changes(client) and changes(client)[-1].seq == head)  # type: ignore[misc]
        last = 0
        for event in client.heard:
            if isinstance(event, events.RoomOpened):
                assert event.room.seq >= last
                last = event.room.seq
            elif isinstance(event, Changes):
                assert event.seq == last + 1, "nothing twice and nothing missing, without the client's help"
                last = event.seq


async def _post_until(enough: asyncio.Event, house: House, who: Visitor) -> None:
    while not enough.is_set():
        await house.post(who)


async def test_a_commit_that_is_read_before_it_is_told_is_not_told_again(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    client = await house.connect(ana)
    # A message this hub has not heard of yet: the state shows it already.
    bus, services = house.services.bus, house.services
    services.bus.unsubscribe(room_topic(GENERAL))
    posted = await house.post(bo, "early")
    services.bus.subscribe(room_topic(GENERAL))
    opened = await client.open()
    assert opened.room.seq == posted.message.seq
    await house.post(bo, "next")
    await until(lambda: changes(client))
    assert [change.seq for change in changes(client)] == [posted.message.seq + 1]
    assert bus is services.bus


async def test_much_that_was_missed_comes_in_parts_and_what_is_posted_meanwhile_behind_them(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_AT_ONCE", 4)
    client = await house.connect(ana)
    head = (await client.open()).room.seq
    await client.ask(commands.CloseRoom(ref=0, room=GENERAL))
    await asyncio.gather(*[house.post(bo, f"{number}") for number in range(10)])
    client.forget()
    client.transport.buffered = 2**20
    ref = client.say(commands.OpenRoom(ref=0, room=GENERAL, epoch=house.services.store.epoch, since=head))
    await client.hears(events.RoomOpened)
    await house.post(bo, "meanwhile")
    assert len(client.of(events.RoomOpened)) == 1, "the next part waits until this one is read"
    client.transport.buffered = 0
    await until(lambda: not client.of(events.RoomOpened)[-1].more)
    await house.post(bo, "live")
    await client.hears(events.MessagePosted)

    parts = client.of(events.RoomOpened)
    assert [part.ref for part in parts] == [ref] * 3
    assert [part.more for part in parts] == [True, True, False]
    assert [len(part.messages) for part in parts] == [4, 4, 3]
    assert [part.room.seq for part in parts] == [head + 4, head + 8, head + 11]
    assert [posted.seq for posted in client.of(events.MessagePosted)] == [head + 12]


async def test_who_leaves_between_two_parts_is_in_no_room(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_AT_ONCE", 4)
    client = await house.connect(ana)
    await asyncio.gather(*[house.post(bo, f"{number}") for number in range(10)])
    client.transport.buffered = 2**20
    client.say(commands.OpenRoom(ref=0, room=GENERAL, epoch=house.services.store.epoch, since=0))
    await client.hears(events.RoomOpened)
    client.leave()
    await until(lambda: client.is_idle)
    assert house.hub.rooms == {}


async def test_an_unavailable_database_is_an_answer_to_open(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await house.services.store.database.close()
    answer = await client.ask(commands.OpenRoom(ref=0, room=GENERAL))
    assert isinstance(answer, events.Failed)
    assert answer.error.code == Unavailable.code
    assert answer.error.temporary
    assert answer.error.retry_after == 2.0


async def test_rooms_are_opened_at_a_pace_and_what_is_open_stays_so(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    for _ in range(rooms.OPENED.most - 1):
        rooms.take_opening(house.services, ana)
    refused = await client.ask(commands.OpenRoom(ref=0, room=GENERAL))
    assert isinstance(refused, events.Failed)
    assert (refused.error.code, refused.error.temporary, refused.error.retry_after) == ("too_fast", True, 0.1)
    await house.post(bo, "told all the same")
    await client.hears(events.MessagePosted)
    await (await house.connect(bo)).open()
    house.clock.advance(1)
    await client.open()
