"""What reaches whom."""

from app.bus.base import room_topic
from app.chat import reading, rooms
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.codec import encode_event
from tests.support.changes import changes
from tests.support.house import GENERAL, House


async def test_everybody_who_has_the_room_open_hears_a_message_the_sender_too(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    await one.open()
    await other.open()
    sent = await one.post("hello")
    for client in (one, other):
        (posted,) = await client.hears(events.MessagePosted)
        assert posted.message == sent.message
        assert posted.seq == sent.message.seq
        assert posted.person.handle == "ana"


async def test_a_room_that_is_not_open_is_silent(house: House, ana: Visitor, bo: Visitor) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    await one.open()
    other.forget()
    await one.post()
    await one.hears(events.MessagePosted)
    assert other.types == []


async def test_a_closed_room_is_silent_again(house: House, ana: Visitor, bo: Visitor) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    await one.open()
    await other.open()
    await other.ask(commands.CloseRoom(ref=0, room=GENERAL))
    other.forget()
    await one.post()
    await one.hears(events.MessagePosted)
    assert other.types == []


async def test_old_changes_are_dropped(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    await client.post()
    (posted,) = await client.hears(events.MessagePosted)
    for _ in range(3):
        house.hub.deliver(room_topic(GENERAL), posted.seq, encode_event(posted))
    await client.post("after")
    await client.hears(events.MessagePosted, 2)
    assert [change.seq for change in changes(client)] == [posted.seq, posted.seq + 1]


async def test_a_read_marker_moves_on_all_devices_of_the_person(house: House, ana: Visitor, bo: Visitor) -> None:
    devices = [await house.connect(ana), await house.connect(ana)]
    stranger = await house.connect(bo)
    await house.post(ana)
    await reading.move(house.services, ana, GENERAL, 1)
    for device in devices:
        assert await device.hears(events.RoomRead) == [events.RoomRead(room=GENERAL, number=1)]
    assert not stranger.of(events.RoomRead)


async def test_a_new_room_is_there_at_once_for_everybody(house: House, ana: Visitor, bo: Visitor) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    room = await rooms.add(house.services, "annex")
    for client in (one, other):
        (joined,) = await client.hears(events.RoomJoined)
        assert joined.room.slug == "annex"
        assert joined.room.seq == room.seq == 2
        assert (await client.open(room.id)).online == 2
    await one.post("hello", room.id)
    assert await other.hears(events.MessagePosted)


async def test_a_newcomer_is_told_to_those_who_have_the_room_open(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    cleo = await house.sign_in("cleo", name="Cleo C.")
    (joined,) = await client.hears(events.MemberJoined)
    assert joined == events.MemberJoined(GENERAL, 2, events.Person(cleo.user.id, "cleo", "Cleo C."))


async def test_a_new_name_is_told_to_everybody(house: House, ana: Visitor, bo: Visitor) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    await house.sign_in("ana", name="Ana the Second")
    for client in (one, other):
        (changed,) = await client.hears(events.PersonChanged)
        assert changed.person.name == "Ana the Second"


async def test_typing_is_told_to_those_who_look_and_to_nobody_else(house: House, ana: Visitor, bo: Visitor) -> None:
    one, other, elsewhere = [await house.connect(who) for who in (ana, bo, bo)]
    await one.open()
    await other.open()
    elsewhere.forget()
    await one.ask(commands.TypeInRoom(ref=0, room=GENERAL))
    (typing,) = await other.hears(events.TypingStarted)
    assert typing.person.handle == "ana"
    assert elsewhere.types == []
