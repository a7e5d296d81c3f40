"""What strangers are shown of a room: newest messages, days, and what search engines find."""

from datetime import date

import pytest

from app.chat import public_pages, removal, rooms
from app.chat.public_pages import DAYS_OF_A_ROOM, SHOWN, PublicPage
from app.errors import TooFast
from app.models import Removal, Room, Visitor
from app.storage import rooms as room_rows
from tests.support.house import GENERAL, House
from tests.support.public import publish, say

FIRST, SECOND = date(2023, 5, 14), date(2023, 5, 16)


@pytest.fixture(autouse=True)
async def published(house: House) -> None:
    await publish(house.services)


async def general(house: House) -> Room:
    return await public_pages.room(house.services, "general")


def numbers(page: PublicPage | None) -> list[int]:
    assert page is not None
    return [message.number for message in page.messages]


async def test_an_empty_room_has_an_empty_page(house: House) -> None:
    page = await public_pages.newest(house.services, "general")
    assert (page.messages, page.before, page.after) == ([], None, None)
    assert await public_pages.around(house.services, "general", 1) is None
    assert await public_pages.of_day(house.services, "general", FIRST, 0) is None


async def test_the_newest_page_leads_to_the_day_of_what_stands_before_it(house: House) -> None:
    await say(house.services, FIRST, "a")
    await say(house.services, SECOND, *map(str, range(SHOWN)))
    page = await public_pages.newest(house.services, "general")
    assert (numbers(page), page.before, page.after) == ([*range(2, SHOWN + 2)], FIRST, None)
    await say(house.services, SECOND, "one more")
    assert (await public_pages.newest(house.services, "general")).before == SECOND


async def test_what_was_removed_takes_no_place_among_the_newest(house: House, ana: Visitor) -> None:
    await say(house.services, FIRST, "a")
    (kept,) = (await public_pages.newest(house.services, "general")).messages
    for _ in range(SHOWN):
        await house.post(ana, "eggs!")
    await removal.remove_all(house.services, Removal(ana.user.id, ana.user.id, 1))
    assert numbers(await public_pages.newest(house.services, "general")) == [kept.number]


async def test_a_message_stands_among_its_neighbours(house: House) -> None:
    await say(house.services, FIRST, *map(str, range(200)))
    page = await public_pages.around(house.services, "general", 100)
    assert page is not None
    assert 100 in numbers(page)
    assert len(page.messages) == SHOWN
    assert (page.before, page.after) == (FIRST, FIRST)


async def test_days_without_messages_are_passed_over(house: House) -> None:
    await say(house.services, FIRST, "a", "b")
    await say(house.services, SECOND, "c")
    first = await public_pages.of_day(house.services, "general", FIRST, 0)
    second = await public_pages.of_day(house.services, "general", SECOND, 0)
    assert first is not None
    assert second is not None
    assert (numbers(first), first.before, first.after) == ([1, 2], None, SECOND)
    assert (numbers(second), second.before, second.after) == ([3], FIRST, None)
    for day in (date(2023, 5, 13), date(2023, 5, 15), date(2023, 5, 17), date.min, date.max):
        assert await public_pages.of_day(house.services, "general", day, 0) is None, day


async def test_days_of_which_all_was_removed_are_passed_over(house: House) -> None:
    gone = date(2023, 5, 15)
    for day in (FIRST, gone, SECOND):
        await say(house.services, day, "a", "b")
    owner = await house.appoint(await house.sign_in("ana"), "owner")
    for number in (2, 3, 4, 5):
        await removal.remove(house.services, owner, GENERAL, number)
    first = await public_pages.of_day(house.services, "general", FIRST, 0)
    second = await public_pages.of_day(house.services, "general", SECOND, 0)
    assert first is not None
    assert second is not None
    assert (numbers(first), first.before, first.after) == ([1], None, SECOND)
    assert (numbers(second), second.before, second.after) == ([6], FIRST, None)
    assert await public_pages.of_day(house.services, "general", gone, 0) is None
    (place,) = await public_pages.places(house.services)
    assert list(place.days) == [SECOND, FIRST]


async def test_no_page_leads_to_a_day_of_which_all_was_removed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_pages, "SHOWN", 1)
    await say(house.services, FIRST, "a")
    await say(house.services, SECOND, "b")
    owner = await house.appoint(await house.sign_in("ana"), "owner")
    await removal.remove(house.services, owner, GENERAL, 1)
    newest = await public_pages.newest(house.services, "general")
    around = await public_pages.around(house.services, "general", 2)
    assert around is not None
    assert (newest.before, around.before) == (None, None)


async def test_what_was_removed_takes_no_place_on_the_page_of_a_day(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_pages, "SHOWN_OF_A_DAY", 2)
    await say(house.services, FIRST, *"abcdef")
    owner = await house.appoint(await house.sign_in("ana"), "owner")
    for number in (1, 2, 3, 6):
        await removal.remove(house.services, owner, GENERAL, number)
    page = await public_pages.of_day(house.services, "general", FIRST, 0)
    assert page is not None
    assert (numbers(page), page.more) == ([4, 5], None)


async def test_the_sitemap_has_the_newest_days_of_rooms_that_may_be_found(house: House) -> None:
    days = [date.fromordinal(FIRST.toordinal() + 2 * n) for n in range(DAYS_OF_A_ROOM + 5)]
    for day in days:
        await say(house.services, day, "hello", "again")
    (place,) = await public_pages.places(house.services)
    assert place.room.id == GENERAL
    assert list(place.days) == days[: -DAYS_OF_A_ROOM - 1 : -1]


async def test_the_sitemap_is_made_anew_when_a_room_says_otherwise(house: House) -> None:
    owner = await house.appoint(await house.sign_in("ana"), "owner")
    assert len(await public_pages.places(house.services)) == 1
    await house.services.store.write(room_rows.change, GENERAL, {"topic": "unheard"})
    assert (await public_pages.places(house.services))[0].room.topic != "unheard"
    await rooms.change(house.services, owner, GENERAL, rooms.Wanted(is_unlisted=True))
    assert await public_pages.places(house.services) == []


async def test_an_address_looks_so_often_in_a_minute(house: House) -> None:
    for _ in range(house.services.settings.limit_public_pages_per_minute):
        public_pages.take_turn(house.services, "192.0.2.1")
    with pytest.raises(TooFast):
        public_pages.take_turn(house.services, "192.0.2.1")
    public_pages.take_turn(house.services, "192.0.2.2")
