"""What somebody keeps for themselves: on all their devices, and nobody else's business."""

import pytest

from app.chat import memberships, removal, saved
from app.errors import MessageRemoved, NotFound
from app.models import Visitor
from app.protocol import commands, events
from tests.support.house import GENERAL, House


async def save(house: House, visitor: Visitor, number: int, *, on: bool = True) -> None:
    await saved.save(house.services, visitor, GENERAL, number, on=on)


async def kept(house: House, visitor: Visitor) -> list[str]:
    return [message.text for _, message in (await saved.page(house.services, visitor, None, 50)).found]


async def test_the_devices_of_who_saves_hear_of_it_and_nobody_else(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "one")
    await house.post(ana, "two")
    mine, other = await house.connect(bo), await house.connect(ana)
    await other.open()
    for number, on in ((1, True), (1, True), (2, True), (1, False), (1, False)):
        await save(house, bo, number, on=on)
    told = [(each.room, each.number, each.on) for each in await mine.hears(events.MessageSaved, 3)]
    assert told == [(GENERAL, 1, True), (GENERAL, 2, True), (GENERAL, 1, False)]
    assert not other.of(events.MessageSaved)
    assert not other.of(events.MessageChanged)
    assert await kept(house, bo) == ["two"]
    assert await kept(house, ana) == []


async def test_what_was_saved_last_comes_first_page_by_page(house: House, ana: Visitor) -> None:
    for number in (1, 2, 3):
        await house.post(ana, str(number))
    for number in (2, 3, 1):
        await save(house, ana, number)
    client = await house.connect(ana)
    first = await client.ask(commands.ListSaved(ref=0, limit=2))
    assert isinstance(first, events.SavedMessages)
    assert ([each.message.text for each in first.saved], first.last) == (["1", "3"], False)
    second = await client.ask(commands.ListSaved(ref=0, limit=2, before=first.saved[-1].id))
    assert isinstance(second, events.SavedMessages)
    assert ([each.message.text for each in second.saved], second.last) == (["2"], True)
    numbers = await client.ask(commands.ShowSaved(ref=0, room=GENERAL))
    assert isinstance(numbers, events.SavedNumbers)
    assert numbers.numbers == [1, 2, 3]


async def test_of_a_room_that_one_has_left_nothing_is_read(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "one")
    await save(house, bo, 1)
    await memberships.leave(house.services, bo, GENERAL)
    assert await kept(house, bo) == []
    for ask in (save(house, bo, 1), saved.numbers(house.services, bo, GENERAL)):
        with pytest.raises(NotFound):
            await ask


async def test_what_was_removed_is_not_kept(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "one")
    await save(house, bo, 1)
    await removal.remove(house.services, ana, GENERAL, 1)
    assert await kept(house, bo) == []
    with pytest.raises(MessageRemoved):
        await save(house, ana, 1)
    await save(house, bo, 1, on=False)


async def test_a_message_that_is_not_there_is_not_found(house: House, ana: Visitor) -> None:
    with pytest.raises(NotFound):
        await save(house, ana, 1)
