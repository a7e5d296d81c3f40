import pytest

from app.chat import reading, room_preferences
from app.errors import TooFast
from app.models import Visitor
from app.protocol import events
from app.storage import memberships
from tests.support.house import GENERAL, House


async def marker(house: House, who: Visitor) -> int:
    found = await house.services.store.read(memberships.find, GENERAL, who.user.id)
    assert found
    return found.read_number


async def test_a_marker_moves_forward_and_never_back_nor_past_the_end(house: House, ana: Visitor) -> None:
    for _ in range(3):
        await house.post(ana)
    client = await house.connect(ana)
    for number, after in ((2, 2), (1, 2), (2, 2), (4, 2), (0, 2), (3, 3), (2**53 - 1, 3)):
        await reading.move(house.services, ana, GENERAL, number)
        assert await marker(house, ana) == after
    assert [read.number for read in client.of(events.RoomRead)] == [2, 3], "told only when it moves"


async def test_a_marker_is_everybodys_own(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    client = await house.connect(bo)
    await reading.move(house.services, ana, GENERAL, 1)
    assert await marker(house, bo) == 0
    assert not client.of(events.RoomRead)


@pytest.mark.parametrize("times", [1, 3])
async def test_a_marker_is_the_same_after_coming_back(house: House, ana: Visitor, times: int) -> None:
    await house.post(ana)
    for _ in range(times):
        await reading.move(house.services, ana, GENERAL, 1)
    client = await house.connect(ana)
    (started,) = client.of(events.SessionStarted)
    assert started.rooms[0].read == 1


async def test_a_marker_goes_back_before_the_message_that_is_unread_again(house: House, ana: Visitor) -> None:
    for _ in range(3):
        await house.post(ana)
    await reading.move(house.services, ana, GENERAL, 2)
    client = await house.connect(ana)
    for number, after in ((3, 2), (2, 1), (2, 1), (2**53 - 1, 1), (1, 0)):
        await reading.move_back(house.services, ana, GENERAL, number)
        assert await marker(house, ana) == after
    assert [moved.number for moved in client.of(events.RoomUnread)] == [1, 0], "told only when it moves"
    assert not client.of(events.RoomRead)


async def test_what_is_unread_again_is_so_on_a_device_that_comes_later(house: House, ana: Visitor) -> None:
    for _ in range(3):
        await house.post(ana)
    await reading.move(house.services, ana, GENERAL, 3)
    await reading.move_back(house.services, ana, GENERAL, 2)
    (started,) = (await house.connect(ana)).of(events.SessionStarted)
    assert (started.rooms[0].number, started.rooms[0].read) == (3, 1)
    await reading.move(house.services, ana, GENERAL, 3)
    assert await marker(house, ana) == 3, "and is read again in the end"


async def test_markers_and_wishes_of_one_person_have_a_pace(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(bo)
    for _ in range(reading.PACE.most // 2):
        await reading.move(house.services, ana, GENERAL, 1)
        await reading.move_back(house.services, ana, GENERAL, 1)
    for refused in (
        reading.move(house.services, ana, GENERAL, 1),
        reading.move_back(house.services, ana, GENERAL, 1),
        room_preferences.change(house.services, ana, GENERAL, muted=True),
    ):
        with pytest.raises(TooFast) as refusal:
            await refused
        assert refusal.value.retry_after == 0.1
    assert await marker(house, ana) == 0
    await reading.move(house.services, bo, GENERAL, 1)
    house.clock.advance(1)
    await reading.move(house.services, ana, GENERAL, 1)
