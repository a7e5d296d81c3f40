"""Holes are filled, whatever the bus does: every client sees what the database holds."""

import asyncio
import random
from collections.abc import Awaitable
from pathlib import Path

import pytest

from app.bus.base import room_topic
from app.bus.memory import MemoryBus
from app.chat import editing, removal, rooms
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.events import Event
from app.realtime import repairs
from app.services import Services
from app.storage import messages
from app.storage import rooms as room_rows
from tests.support.buses import LossyBus, mixed
from tests.support.changes import Changes, changes
from tests.support.house import GENERAL, Client, House, open_house
from tests.support.waiting import until


async def test_a_lost_change_is_filled_from_the_database_when_the_next_one_comes(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    client = await house.connect(ana)
    await client.open()
    house.services.bus.unsubscribe(room_topic(GENERAL))
    await house.post(bo, "lost one")
    newcomer = await house.sign_in("cleo")
    await house.post(bo, "lost two")
    house.services.bus.subscribe(room_topic(GENERAL))
    await house.post(bo, "heard")
    await until(lambda: len(changes(client)) == 4)
    told = changes(client)
    assert [change.seq for change in told] == [3, 4, 5, 6]
    assert isinstance(told[1], events.MemberJoined)
    assert told[1].person.id == newcomer.user.id
    texts = [change.message.text for change in told if isinstance(change, events.MessagePosted)]
    assert texts == ["lost one", "lost two", "heard"]
    assert house.services.metrics.gaps_filled >= 3


async def test_what_was_lost_of_edits_and_removals_is_told_as_it_is_now(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    looking, elsewhere = await house.connect(ana), await house.connect(ana)
    for text in ("one", "two"):
        await house.post(bo, text)
    await looking.open()
    house.services.bus.unsubscribe(room_topic(GENERAL))
    await house.post(bo, "posted and removed")
    await editing.edit(house.services, bo, GENERAL, 1, "uno")
    await removal.remove(house.services, bo, GENERAL, 3)
    await removal.remove(house.services, bo, GENERAL, 2)
    house.services.bus.subscribe(room_topic(GENERAL))
    await house.hub.lookout.look()
    changed = await looking.hears(events.MessageChanged, 2)
    assert [(each.message.number, each.message.text, each.message.removed) for each in changed] == [
        (1, "uno", False),
        (2, "", True),
    ]
    (posted,) = looking.of(events.MessagePosted)
    assert (posted.message.number, posted.message.removed) == (3, True)
    assert b"posted and removed" not in b"".join(looking.transport.bodies)
    await house.pulse.tell()
    (activity,) = await elsewhere.hears(events.RoomActivity)
    assert activity.number == 3


async def test_of_the_posts_in_a_hole_the_last_one_counts_though_another_was_edited_after_it(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    elsewhere = await house.connect(ana)
    house.services.bus.unsubscribe(room_topic(GENERAL))
    for text in ("one", "two"):
        await house.post(bo, text)
    await editing.edit(house.services, bo, GENERAL, 1, "uno")
    house.services.bus.subscribe(room_topic(GENERAL))
    await house.hub.lookout.look()
    await until(lambda: house.hub.repairs.idle)
    await house.pulse.tell()
    (activity,) = await elsewhere.hears(events.RoomActivity)
    assert activity.number == 2


async def test_a_post_of_a_hole_that_was_edited_is_not_later_than_one_that_was_heard_meanwhile(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed = rooms.missed
    told: list[tuple[str, int, bytes]] = []

    async def late(services: Services, room_id: int, seq: int) -> tuple[int, list[rooms.Change]]:
        found = await missed(services, room_id, seq)
        for event in told[:2]:
            house.hub.deliver(*event)
        return found

    monkeypatch.setattr(rooms, "missed", late)
    elsewhere = await house.connect(ana)
    with monkeypatch.context() as silent:
        silent.setattr(house.services.bus, "publish", lambda *event: told.append(event))
        for text in ("one", "two"):
            await house.post(bo, text)
        await editing.edit(house.services, bo, GENERAL, 1, "uno")
    await house.hub.lookout.look()
    await until(lambda: house.hub.repairs.idle)
    await house.pulse.tell()
    (activity,) = await elsewhere.hears(events.RoomActivity)
    assert activity.number == 2


async def test_a_change_that_is_only_late_is_not_asked_for(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await house.connect(ana)
    await client.open()
    told: list[tuple[str, int, bytes]] = []
    monkeypatch.setattr(house.services.bus, "publish", lambda *event: told.append(event))
    for text in ("one", "two", "three"):
        await house.post(bo, text)
    for event in (told[1], told[2], told[0]):
        house.hub.deliver(*event)
        await asyncio.sleep(0)
    await until(lambda: house.hub.repairs.idle)
    assert [posted.message.text for posted in client.of(events.MessagePosted)] == ["one", "two", "three"]
    assert house.services.metrics.gaps_filled == 0


async def test_a_change_that_the_database_does_not_know_is_not_waited_for_without_end(
    house: House, ana: Visitor
) -> None:
    client = await house.connect(ana)
    await client.open()
    house.hub.deliver(room_topic(GENERAL), 50, b'{"type":"member.joined"}')
    await until(lambda: house.hub.repairs.idle)
    (live,) = house.hub.rooms.values()
    assert live.ahead == {}
    await client.post()
    await client.hears(events.MessagePosted)


async def test_of_a_hole_too_large_to_fill_the_end_is_told_so_that_clients_catch_up_themselves(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_CHANGES", 10)
    monkeypatch.setattr(rooms, "MOST_AT_ONCE", 10)
    client = await house.connect(ana)
    opened = await client.open()
    house.services.bus.unsubscribe(room_topic(GENERAL))
    for number in range(12):
        await house.post(bo, f"message {number}")
    house.services.bus.subscribe(room_topic(GENERAL))
    await house.hub.lookout.look()
    (posted,) = await client.hears(events.MessagePosted)
    assert posted.message.text == "message 11"
    assert posted.seq == opened.room.seq + 12
    answer = await client.open(epoch=house.services.store.epoch, since=opened.room.seq)
    assert answer.reset
    await house.post(bo, "and on")
    assert (await client.hears(events.MessagePosted, 2))[1].seq == posted.seq + 1


async def test_a_hole_is_filled_as_soon_as_the_database_answers_again(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(repairs, "AGAIN_AFTER", 0.01)
    client = await house.connect(ana)
    await client.open()
    house.services.bus.unsubscribe(room_topic(GENERAL))
    await house.post(bo, "lost")
    house.services.bus.subscribe(room_topic(GENERAL))
    await house.services.store.write(lambda c: c.exec_driver_sql("ALTER TABLE memberships RENAME TO hidden"))
    house.hub.lost()
    await until(lambda: caplog.text.count("a gap stays open") >= 2)
    await house.services.store.write(lambda c: c.exec_driver_sql("ALTER TABLE hidden RENAME TO memberships"))
    (posted,) = await client.hears(events.MessagePosted)
    assert posted.message.text == "lost"


async def test_a_hole_in_a_deserted_room_is_given_up(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repairs, "AGAIN_AFTER", 0.01)
    client = await house.connect(ana)
    await client.open()
    await house.services.store.database.close()
    _miss_something(house)
    client.leave()
    await until(lambda: house.hub.repairs.idle)


async def test_closing_the_hub_ends_what_it_has_begun(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    await house.services.store.database.close()
    _miss_something(house)
    await asyncio.sleep(0)
    assert not house.hub.repairs.idle
    await house.hub.close()
    assert house.hub.repairs.idle


def _miss_something(house: House) -> None:
    """As when the database is known to be ahead."""
    for live in house.hub.rooms.values():
        house.hub.notice_head(live, live.seq + 1)


async def test_of_many_rooms_with_holes_only_a_few_are_read_at_the_same_time(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed, reading, most = rooms.missed, 0, 0

    async def counted(services: Services, room_id: int, seq: int) -> tuple[int, list[rooms.Change]]:
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        found = await missed(services, room_id, seq)
        reading -= 1
        return found

    monkeypatch.setattr(rooms, "missed", counted)
    for number in range(20):
        await rooms.add(house.services, f"room-{number}")
    client = await house.connect(ana)
    assert len(client.connection.rooms) == 21
    _miss_something(house)
    await until(lambda: house.hub.repairs.idle)
    assert most == repairs.AT_ONCE


async def test_what_is_noticed_while_a_hole_is_being_filled_is_filled_as_well(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed, read, go_on = rooms.missed, asyncio.Event(), asyncio.Event()

    async def slowly(services: Services, room_id: int, seq: int) -> tuple[int, list[rooms.Change]]:
        found = await missed(services, room_id, seq)
        read.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(rooms, "missed", slowly)
    client = await house.connect(ana)
    await client.open()
    house.services.bus.unsubscribe(room_topic(GENERAL))
    await house.post(bo, "one")
    await house.hub.lookout.look()
    await read.wait()
    await house.post(bo, "two")
    await house.hub.lookout.look()
    go_on.set()
    told = await client.hears(events.MessagePosted, 2)
    assert [posted.message.text for posted in told] == ["one", "two"]


class Reader:
    """Applies what it hears as docs/protocol.md asks: drops what it has, and opens again when something is missing."""

    def __init__(self, client: Client, room: int) -> None:
        self.client = client
        self.room = room
        self.last = 0
        self.taken: list[int] = []
        self.texts: dict[int, str] = {}
        self._read = 0
        self._opening = 0

    def open(self, house: House) -> None:
        known = {"epoch": house.services.store.epoch, "since": self.last} if self.last else {}
        self._opening = self.client.say(commands.OpenRoom(ref=0, room=self.room, **known))  # type: ignore[arg-type]

    def read_on(self, house: House) -> None:
        heard = self.client.heard
        for event in heard[self._read :]:
            self._apply(event, house)
        self._read = len(heard)

    def _apply(self, event: Event, house: House) -> None:
        if isinstance(event, events.RoomOpened):
            assert not (event.reset and self.last), "there is little enough to catch up with"
            self._opening = 0
            for message in event.messages:
                self.texts[message.number] = message.text
            self.last = max(self.last, event.room.seq)
        elif isinstance(event, Changes) and event.room == self.room and event.seq > self.last:
            if event.seq == self.last + 1:
                self._take(event)
            elif not self._opening:
                self.open(house)

    def _take(self, event: events.MessagePosted | events.MemberJoined) -> None:
        self.taken.append(event.seq)
        self.last = event.seq
        if isinstance(event, events.MessagePosted):
            self.texts[event.message.number] = event.message.text


@pytest.mark.parametrize("seed", range(4))
async def test_every_client_sees_the_database_over_a_bus_that_loses_doubles_and_reorders(
    migrated: Path, tmp_path: Path, seed: int
) -> None:
    bus = LossyBus(MemoryBus(), mixed(random.Random(seed)))
    async with open_house(migrated, tmp_path, bus) as house:
        people = [await house.sign_in(f"person{number}") for number in range(8)]
        annex = (await rooms.add(house.services, "annex")).id
        readers = [Reader(await house.connect(who), room) for who in people for room in (GENERAL, annex)]
        for reader in readers:
            reader.open(house)
        await talk(house, people, readers, random.Random(seed))
        bus.fate = lambda _: "lose"
        await house.post(people[0], "the very last, heard by nobody", GENERAL)
        await house.hub.lookout.look()
        await settled(house, readers)
        assert min(bus.fates[fate] for fate in ("lose", "double", "swap")) > 20
        for reader in readers:
            stored = await house.services.store.read(messages.changed_since, reader.room, 0, 10_000)
            assert reader.texts == {message.number: message.text for message in stored}
            assert reader.taken == list(range(reader.taken[0], reader.last + 1)), "no hole that it had to fill itself"


async def talk(house: House, people: list[Visitor], readers: list[Reader], chance: random.Random) -> None:
    """Six hundred messages in the two rooms, while newcomers join and everybody reads."""
    under_way: list[Awaitable[object]] = []
    for number in range(600):
        who, room = chance.choice(people), chance.choice(readers).room
        under_way.append(asyncio.create_task(house.post(who, f"{number}", room)))
        if number % 100 == 50:
            under_way.append(asyncio.create_task(house.sign_in(f"late{number}")))
        if chance.random() < 0.3:
            await asyncio.sleep(0)
        for reader in readers:
            reader.read_on(house)
    await asyncio.gather(*under_way)


async def settled(house: House, readers: list[Reader]) -> None:
    """Every reader holds the head of their room."""
    heads = await house.services.store.read(room_rows.heads, {reader.room for reader in readers})

    def agreed() -> bool:
        for reader in readers:
            reader.read_on(house)
        return all(reader.last == heads[reader.room] for reader in readers)

    await until(agreed)


async def test_a_lost_last_change_is_told_after_the_next_look(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    house.services.bus.unsubscribe(room_topic(GENERAL))
    await house.post(bo, "the last")
    house.services.bus.subscribe(room_topic(GENERAL))
    await house.hub.lookout.look()
    (posted,) = await client.hears(events.MessagePosted)
    assert posted.message.text == "the last"
