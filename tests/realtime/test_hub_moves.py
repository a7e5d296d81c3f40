"""Coming to rooms, leaving them, and their changes."""

import asyncio

import msgspec

from app.bus.base import room_topic, user_topic
from app.chat import access, rooms
from app.chat import memberships as comings
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.codec import encode_event
from app.protocol.peers import StandingChanged
from tests.support.house import GENERAL, House, send, user_of


async def annex_of(house: House, who: Visitor, *others: Visitor) -> int:
    room, _ = await rooms.create(house.services, who, "Annex", "public")
    for other in others:
        await comings.join(house.services, other, room.id)
    return room.id


async def test_a_room_that_one_joins_is_in_all_ones_lists_and_its_people_are_told(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    annex = await annex_of(house, ana)
    here = await house.connect(ana)
    await here.open(annex)
    desk, phone = await house.connect(bo), await house.connect(bo)
    answer = await desk.ask(commands.JoinRoom(ref=0, room=annex))
    assert isinstance(answer, events.RoomShown)
    for device in (desk, phone):
        assert [joined.room for joined in await device.hears(events.RoomJoined)] == [answer.room]
    assert [each.person.id for each in await here.hears(events.MemberJoined)] == [bo.user.id]
    await phone.open(annex)
    await here.post("welcome", annex)
    await phone.hears(events.MessagePosted)


async def test_whoever_is_removed_hears_of_it_and_nothing_more(house: House, ana: Visitor, bo: Visitor) -> None:
    annex = await annex_of(house, ana, bo)
    moderator, looking, elsewhere = [await house.connect(who) for who in (ana, bo, bo)]
    await moderator.open(annex)
    await looking.open(annex)
    for client in (looking, elsewhere):
        client.forget()
    for number in range(20):
        moderator.say(send(f"{number}", annex))
    removing = moderator.say(commands.RemoveFromRoom(ref=0, room=annex, person=bo.user.id))
    for number in range(20):
        moderator.say(send(f"later {number}", annex))
    assert isinstance(await moderator.answer(removing), events.Done)
    await moderator.hears(events.Sent, 40)
    (left,) = await moderator.hears(events.MemberLeft)
    assert (left.person.id, left.by) == (bo.user.id, ana.user.id)
    await house.pulse.tell()
    await moderator.ask(commands.TypeInRoom(ref=0, room=annex))
    await house.pulse.beat()
    for client in (looking, elsewhere):
        assert await client.hears(events.RoomRemoved) == [events.RoomRemoved(room=annex, seq=left.seq, by=ana.user.id)]
        assert all(posted.seq < left.seq for posted in client.of(events.MessagePosted))
        assert set(client.types) <= {"message.posted", "room.removed", "heartbeat"}
        assert annex not in client.connection.rooms
    assert house.hub.online_in(annex) == 1
    assert house.hub.online_in(GENERAL) == 2


async def test_a_room_that_one_was_removed_from_is_closed_to_ones_connections(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    annex = await annex_of(house, ana, bo)
    client = await house.connect(bo)
    await client.open(annex)
    await client.post("while I may", annex)
    await comings.remove(house.services, ana, annex, bo.user.id)
    for command in (
        send("again", annex),
        commands.OpenRoom(ref=0, room=annex),
        commands.ListMessages(ref=0, room=annex),
    ):
        answer = await client.ask(command)
        assert isinstance(answer, events.Failed)
        assert answer.error.code == "not_found"
    await comings.join(house.services, bo, annex)
    assert (await client.open(annex)).members == 2


async def test_removed_in_the_middle_of_opening_it_is_not_open(house: House, ana: Visitor, bo: Visitor) -> None:
    annex = await annex_of(house, ana, bo)
    looking = await house.connect(ana)
    await looking.open(annex)
    for steps in range(12):
        client = await house.connect(bo)
        client.forget()
        ref = client.say(commands.OpenRoom(ref=0, room=annex))
        for _ in range(steps):
            await asyncio.sleep(0)
        await comings.remove(house.services, ana, annex, bo.user.id)
        answer = await client.answer(ref)
        assert isinstance(answer, events.RoomOpened | events.Failed), f"after {steps} steps"
        (removed,) = await client.hears(events.RoomRemoved)
        sent = await looking.post("and on", annex)
        await house.pulse.tell()
        assert all(posted.seq < removed.seq < sent.message.seq for posted in client.of(events.MessagePosted))
        assert not client.of(events.RoomActivity)
        await comings.join(house.services, bo, annex)
        await client.hears(events.RoomJoined)
        client.leave()


async def test_removed_in_the_middle_of_arriving_one_is_told_after_the_list(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    annex = await annex_of(house, ana, bo)
    await (await house.connect(ana)).open(annex)
    for steps in range(12):
        client = house.begin(bo)
        for _ in range(steps):
            await asyncio.sleep(0)
        await comings.remove(house.services, ana, annex, bo.user.id)
        (started,) = await client.hears(events.SessionStarted)
        told = annex in {room.id for room in started.rooms}
        assert bool(client.of(events.RoomRemoved)) is told, f"after {steps} steps"
        assert annex not in client.connection.rooms
        await comings.join(house.services, bo, annex)
        client.leave()


async def test_a_leaving_that_is_heard_after_the_return_puts_nobody_out(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    annex = await annex_of(house, ana, bo)
    client = await house.connect(bo)
    live = house.hub.rooms[room_topic(annex)]
    leaving = events.MemberLeft(room=annex, seq=live.seq + 1, person=user_of(bo.user))
    room = msgspec.structs.replace((await client.open(annex)).room, seq=live.seq + 2)
    house.hub.deliver(user_topic(bo.user.id), 0, encode_event(events.RoomJoined(room=room)))
    house.hub.deliver(room_topic(annex), live.seq + 1, encode_event(leaving))
    assert annex in client.connection.rooms
    assert not client.of(events.RoomRemoved)


async def test_a_change_of_a_room_reaches_all_its_members_wherever_they_look(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    annex = await annex_of(house, ana, bo)
    moderator, looking, elsewhere = [await house.connect(who) for who in (ana, bo, bo)]
    outsider = await house.connect(await house.sign_in("cleo"))
    await looking.open(annex)
    outsider.forget()
    answer = await moderator.ask(commands.ChangeRoom(ref=0, room=annex, name="The Annex", topic="More", archived=True))
    assert isinstance(answer, events.RoomShown)
    expected = events.RoomChanged(
        room=annex, seq=3, slug="annex", name="The Annex", topic="More", kind="public", archived=True
    )
    for client in (moderator, looking, elsewhere):
        assert await client.hears(events.RoomChanged) == [expected]
    assert (answer.room.name, answer.room.seq) == ("The Annex", 3)
    assert outsider.types == []


async def test_a_change_that_came_while_one_arrived_is_told_after_the_list(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    annex = await annex_of(house, ana, bo)
    await house.connect(ana)
    for steps in range(12):
        client = house.begin(bo)
        for _ in range(steps):
            await asyncio.sleep(0)
        await rooms.change(house.services, ana, annex, rooms.Wanted(topic=f"{steps}"))
        (started,) = await client.hears(events.SessionStarted)
        (topic,) = [room.topic for room in started.rooms if room.id == annex]
        if topic != f"{steps}":
            assert [change.topic for change in await client.hears(events.RoomChanged)] == [f"{steps}"]
        client.leave()


async def test_what_others_end_is_believed_no_longer_here(house: House, ana: Visitor, bo: Visitor) -> None:
    """Whose connections are at another process, and whose commands come here by POST."""
    annex = await annex_of(house, ana, bo)
    cache = house.services.cache
    await access.room_to_post(house.services, bo, annex)
    ended = StandingChanged(number=1, room=annex, user=bo.user.id)
    house.hub.deliver("peers", 1, encode_event(ended))
    assert cache.memberships.get((annex, bo.user.id)) is None
    await access.room_to_post(house.services, bo, annex)
    house.hub.deliver("peers", 2, encode_event(StandingChanged(number=2, room=annex)))
    assert cache.rooms.get(annex) is None
