"""What a room keeps in sight: told to all who read it, by those who may speak there."""

import pytest

from app.chat import messages, mutes, pins, removal, rooms
from app.chat.rooms import Wanted
from app.errors import MessageRemoved, ModeratorsPost, Muted, NotFound, RoomArchived, TooManyPins
from app.models import Removal, Visitor
from app.protocol import events
from tests.support.house import GENERAL, House


async def pinned(house: House, visitor: Visitor) -> list[str]:
    return [message.text for message in (await pins.of_room(house.services, visitor, GENERAL)).messages]


async def pin(house: House, visitor: Visitor, number: int, *, on: bool = True) -> None:
    await pins.pin(house.services, visitor, GENERAL, number, on=on)


async def test_who_reads_the_room_hears_what_is_pinned_and_by_whom(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "Meet at nine, @bo")
    await house.post(ana, "or at ten")
    client = await house.connect(bo)
    await client.open()
    await pin(house, bo, 1)
    (changed,) = await client.hears(events.MessageChanged)
    assert (changed.message.number, changed.message.pinned, changed.seq) == (1, bo.user.id, changed.message.seq)
    assert {person.id for person in changed.people} == {bo.user.id}
    await pin(house, ana, 2)
    assert await pinned(house, ana) == ["or at ten", "Meet at nine, @bo"], "what was pinned last first"
    await pin(house, ana, 1, on=False)
    assert [each.message.pinned for each in await client.hears(events.MessageChanged, 3)] == [
        bo.user.id,
        ana.user.id,
        None,
    ]
    assert await pinned(house, ana) == ["or at ten"]


async def test_once_more_changes_nothing(house: House, ana: Visitor) -> None:
    await house.post(ana)
    client = await house.connect(ana)
    await client.open()
    for on in (True, True, False, False):
        await pin(house, ana, 1, on=on)
    assert len(client.of(events.MessageChanged)) == 2


async def test_whoever_comes_later_reads_who_pinned_it(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    await pin(house, bo, 1)
    opened = await (await house.connect(ana)).open()
    assert [message.pinned for message in opened.messages] == [bo.user.id]
    assert {person.id for person in opened.people} == {ana.user.id, bo.user.id}


async def test_a_room_counts_nothing_as_new_that_is_pinned(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    client = await house.connect(bo)
    await pin(house, ana, 1)
    (started,) = (await house.connect(bo)).of(events.SessionStarted)
    assert started.rooms[0].number == 1
    assert not client.of(events.RoomActivity)


async def test_who_may_not_speak_pins_nothing(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    chief = await house.appoint(ana, "moderator")
    await mutes.mute(house.services, chief, bo.user.id, 10)
    with pytest.raises(Muted):
        await pin(house, bo, 1)
    await mutes.lift(house.services, chief, bo.user.id)
    await rooms.change(house.services, chief, GENERAL, Wanted(posting="moderators"))
    with pytest.raises(ModeratorsPost):
        await pin(house, bo, 1)
    await pin(house, chief, 1)
    await rooms.change(house.services, chief, GENERAL, Wanted(archived=True))
    with pytest.raises(RoomArchived):
        await pin(house, chief, 1, on=False)


async def test_what_is_not_there_is_not_pinned(house: House, ana: Visitor, bo: Visitor) -> None:
    with pytest.raises(NotFound):
        await pin(house, ana, 1)
    attic = await house.private_room()
    with pytest.raises(NotFound):
        await pins.pin(house.services, bo, attic.id, 1, on=True)
    with pytest.raises(NotFound):
        await pins.of_room(house.services, bo, attic.id)


async def test_what_is_removed_is_pinned_no_longer_also_when_it_is_put_back(house: House, ana: Visitor) -> None:
    await house.post(ana)
    await pin(house, ana, 1)
    taken = Removal(ana.user.id, ana.user.id, house.clock.now())
    await removal.remove_all(house.services, taken)
    assert await pinned(house, ana) == []
    with pytest.raises(MessageRemoved):
        await pin(house, ana, 1)
    await removal.restore(house.services, taken)
    assert await pinned(house, ana) == []
    (message,) = (await messages.page(house.services, ana, GENERAL)).messages
    assert message.more.pinned is None


async def test_a_room_pins_as_many_as_are_read(house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "MOST", 2)
    for number in (1, 2, 3):
        await house.post(ana)
        if number < 3:
            await pin(house, ana, number)
    with pytest.raises(TooManyPins, match="2"):
        await pin(house, ana, 3)
    await pin(house, ana, 1, on=False)
    await pin(house, ana, 3)
