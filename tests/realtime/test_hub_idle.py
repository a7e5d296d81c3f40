"""Who is here and does nothing, by what their connections say."""

import asyncio

from app.chat import direct, members, preferences
from app.models import Visitor
from app.protocol import commands, events
from tests.support.house import GENERAL, Client, House


async def rests(client: Client, *, idle: bool = True) -> None:
    assert isinstance(await client.ask(commands.RestPresence(ref=0, idle=idle)), events.Done)


async def reader_of(house: House, visitor: Visitor) -> Client:
    """Who has the room open and was told who is here."""
    client = await house.connect(visitor)
    await client.open()
    await house.pulse.tell()
    await client.hears(events.PresenceChanged)
    client.forget()
    return client


def told(client: Client) -> list[tuple[list[int], list[int], list[int]]]:
    return [(each.came, each.idle, each.went) for each in client.of(events.PresenceChanged)]


async def test_who_is_idle_on_all_devices_is_idle_until_one_is_touched(house: House, ana: Visitor, bo: Visitor) -> None:
    desk, phone = [await house.connect(ana) for _ in range(2)]
    reader = await reader_of(house, bo)
    await rests(desk)
    await house.pulse.tell()
    assert told(reader) == [], "the phone is in use"
    await rests(phone)
    await house.pulse.tell()
    await rests(desk, idle=False)
    await house.pulse.tell()
    await reader.hears(events.PresenceChanged, 2)
    assert told(reader) == [([], [ana.user.id], []), ([ana.user.id], [], [])]
    assert {each.online for each in reader.of(events.PresenceChanged)} == {2}, "idle people count"


async def test_whoever_goes_to_and_fro_within_a_second_is_told_of_once(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    reader = await reader_of(house, bo)
    for idle in (True, False, True):
        await rests(client, idle=idle)
    await house.pulse.tell()
    await reader.hears(events.PresenceChanged)
    await house.pulse.tell()
    await asyncio.sleep(0)
    assert told(reader) == [([], [ana.user.id], [])]


async def test_a_device_that_goes_leaves_the_idle_ones_and_a_new_one_is_in_use(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    desk, phone = [await house.connect(ana) for _ in range(2)]
    reader = await reader_of(house, bo)
    await rests(desk)
    phone.leave()
    await house.pulse.tell()
    await house.connect(ana)
    await house.pulse.tell()
    await reader.hears(events.PresenceChanged, 2)
    assert told(reader) == [([], [ana.user.id], []), ([ana.user.id], [], [])]


async def test_who_is_out_of_sight_is_not_seen_idle_either(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    reader = await reader_of(house, bo)
    await preferences.change(house.services, ana, {"invisible": "true"})
    await rests(client)
    await house.pulse.tell()
    await preferences.change(house.services, ana, {"invisible": "false"})
    await house.pulse.tell()
    await reader.hears(events.PresenceChanged, 2)
    assert told(reader) == [([], [], [ana.user.id]), ([], [ana.user.id], [])]


async def test_the_people_of_a_room_are_listed_by_it(house: House, ana: Visitor, bo: Visitor) -> None:
    cleo = await house.sign_in("cleo")
    client = await house.connect(ana)
    await house.connect(bo)
    await rests(client)
    listed = {}
    for idle in (None, False, True):
        answer = await client.ask(commands.ListMembers(ref=0, room=GENERAL, here=True, idle=idle))
        assert isinstance(answer, events.Members)
        assert answer.idle == idle
        listed[idle] = [person.id for person in answer.people]
    assert listed == {None: [ana.user.id, bo.user.id], False: [bo.user.id], True: [ana.user.id]}
    assert (await members.page(house.services, bo, GENERAL, here=False, after=None, limit=9)).people == [cleo.user]


async def test_it_stands_with_the_person_and_in_their_talks(house: House, ana: Visitor, bo: Visitor) -> None:
    client, other = await house.connect(ana), await house.connect(bo)
    await rests(client)
    shown = await other.ask(commands.ShowPerson(ref=0, person=ana.user.id))
    assert isinstance(shown, events.PersonShown)
    assert (shown.here, shown.idle) == (True, True)
    talk = await direct.open_room(house.services, bo, [ana.user.id])
    opened = await other.open(talk.room.id)
    assert (opened.room.here, opened.room.idle, opened.online) == ([ana.user.id, bo.user.id], [ana.user.id], 2)


async def test_many_who_come_together_with_one_who_rests_are_a_number_only(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    client = await house.connect(ana)
    reader = await reader_of(house, bo)
    house.services.presence.hear_moves("other", dict.fromkeys(range(100, 200), (GENERAL,)), [])
    await rests(client)
    await house.pulse.tell()
    (event,) = await reader.hears(events.PresenceChanged)
    assert event == events.PresenceChanged(room=GENERAL, online=102)
