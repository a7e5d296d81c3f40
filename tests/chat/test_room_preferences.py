import pytest

from app.chat import memberships, room_preferences
from app.errors import NotFound
from app.models import Visitor
from app.protocol import events
from tests.support.house import GENERAL, House


async def told(house: House, visitor: Visitor) -> events.Room:
    (started,) = (await house.connect(visitor)).of(events.SessionStarted)
    return started.rooms[0]


async def test_a_wish_is_told_to_all_devices_at_once_and_to_those_that_come_later(house: House, ana: Visitor) -> None:
    desk, phone = await house.connect(ana), await house.connect(ana)
    await room_preferences.change(house.services, ana, GENERAL, favourite=True, level="mentions")
    wished = events.RoomPreferred(GENERAL, favourite=True, level="mentions")
    assert desk.of(events.RoomPreferred) == phone.of(events.RoomPreferred) == [wished]
    room = await told(house, ana)
    assert (room.favourite, room.muted, room.hidden, room.level) == (True, False, False, "mentions")


async def test_what_is_not_given_stays_as_it_is(house: House, ana: Visitor) -> None:
    await room_preferences.change(house.services, ana, GENERAL, favourite=True, muted=True)
    await room_preferences.change(house.services, ana, GENERAL, hidden=True)
    await room_preferences.change(house.services, ana, GENERAL, muted=False)
    room = await told(house, ana)
    assert (room.favourite, room.muted, room.hidden, room.level) == (True, False, True, "default")


async def test_who_asks_for_nothing_is_told_nothing(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await room_preferences.change(house.services, ana, GENERAL)
    assert not client.of(events.RoomPreferred)


async def test_nobody_else_hears_of_a_wish_nor_has_it(house: House, ana: Visitor, bo: Visitor) -> None:
    other = await house.connect(bo)
    await other.open()
    other.forget()
    await room_preferences.change(house.services, ana, GENERAL, muted=True)
    await house.post(ana, "the next thing that Bo hears")
    await other.hears(events.MessagePosted)
    assert other.types == ["message.posted"]
    assert not (await told(house, bo)).muted


async def test_a_wish_takes_being_in_the_room(house: House, ana: Visitor) -> None:
    attic = await house.private_room()
    for room in (attic.id, 999):
        with pytest.raises(NotFound):
            await room_preferences.change(house.services, ana, room, muted=True)


async def test_who_left_before_it_was_stored_is_told_so(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.post(ana)  # so that their membership is remembered
    monkeypatch.setattr(house.services.cache.memberships, "drop", lambda _: None)
    await memberships.leave(house.services, ana, GENERAL)
    with pytest.raises(NotFound):
        await room_preferences.change(house.services, ana, GENERAL, muted=True)


async def test_who_comes_back_finds_a_room_like_any_other(house: House, ana: Visitor) -> None:
    await room_preferences.change(house.services, ana, GENERAL, favourite=True, hidden=True, level="nothing")
    await memberships.leave(house.services, ana, GENERAL)
    _, back = await memberships.join(house.services, ana, GENERAL)
    assert (back.favourite, back.hidden, back.level) == (False, False, "default")
