"""What is said again and again is refused, and told to moderators once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.chat import direct, messages, reports, rooms
from app.errors import Repeated, TooFast
from app.models import Visitor
from app.protocol import events
from tests.support.house import GENERAL, House, new_nonce, open_house

LONG = "Buy our eggs today"


@pytest.fixture
async def house(migrated: Path, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(migrated, tmp_path, environ={"LIMIT_REPEATS_PER_12_HOURS": "5"}) as house:
        yield house


async def test_a_text_is_taken_five_times_in_all_rooms_together(house: House, ana: Visitor, bo: Visitor) -> None:
    annex, _ = await rooms.create(house.services, bo, "Annex", "private")
    for text, room in zip((LONG, LONG.upper(), f" {LONG}", "Buy  our\neggs today", LONG), 5 * (annex.id,), strict=True):
        await house.post(bo, text, room)
    with pytest.raises(Repeated):
        await house.post(bo, LONG)
    await house.post(bo, "something else")
    await house.post(ana, LONG)
    house.clock.advance(12 * 3_600)
    await house.post(bo, LONG)


async def test_a_short_one_is_taken_twenty_times_and_the_team_may_repeat_itself(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    for _ in range(20):
        await house.post(bo, "thank you!")
    with pytest.raises(Repeated):
        await house.post(bo, "Thank you!")
    ana = await house.appoint(ana, "moderator")
    for _ in range(21):
        await house.post(ana, "thank you!")


async def test_moderators_are_told_once_by_roost_itself(house: House, ana: Visitor, bo: Visitor) -> None:
    ana = await house.appoint(ana, "moderator")
    client = await house.connect(ana)
    for _ in range(5):
        await house.post(bo, LONG)
    for _ in range(3):
        with pytest.raises(Repeated):
            await house.post(bo, LONG)
    assert [told.count for told in await client.hears(events.ReportsChanged)] == [1]
    (case,) = await reports.queue(house.services, ana)
    assert (case.person, case.count, case.by_roost) == (bo.user, 0, True)
    assert (case.reasons, case.notes) == ({"spam": 1}, [LONG])


async def test_what_was_said_where_not_everybody_may_read_is_told_to_no_moderator(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    ana, cleo = await house.appoint(ana, "moderator"), await house.sign_in("cleo")
    annex, _ = await rooms.create(house.services, bo, "Annex", "private")
    talk = await direct.open_room(house.services, cleo, [bo.user.id])
    for who, room in ((bo, annex), (cleo, talk.room)):
        for _ in range(5):
            await house.post(who, LONG, room.id)
        with pytest.raises(Repeated):
            await house.post(who, LONG, room.id)
    cases = await reports.queue(house.services, ana)
    assert [(case.person.handle, case.by_roost, case.notes) for case in cases] == [("bo", True, []), ("cleo", True, [])]


async def test_a_send_that_is_repeated_is_said_once(house: House, ana: Visitor, bo: Visitor) -> None:
    ana = await house.appoint(ana, "moderator")
    nonce = new_nonce()
    for _ in range(9):
        await house.post(bo, LONG, nonce=nonce)
    assert await reports.queue(house.services, ana) == []
    for _ in range(4):
        await house.post(bo, LONG)


async def test_a_send_that_is_stored_may_be_repeated_without_end(house: House, bo: Visitor) -> None:
    nonce = new_nonce()
    first = await house.post(bo, LONG, nonce=nonce)
    for _ in range(8):
        assert (await house.post(bo, LONG, nonce=nonce)).message == first.message


async def test_nobody_waits_in_a_slow_room_after_what_was_refused(house: House, ana: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Slow", "public")
    await messages.page(house.services, ana, GENERAL)
    for _ in range(5):
        await house.post(bo, LONG)
    await house.services.store.write(
        lambda connection: connection.exec_driver_sql(f"UPDATE rooms SET slow_seconds = 60 WHERE id = {GENERAL}")  # noqa: S608
    )
    house.services.cache.clear()
    with pytest.raises(Repeated):
        await house.post(bo, LONG)
    await house.post(bo, "in other words")
    with pytest.raises(TooFast):
        await house.post(bo, "and more")
    assert room.id != GENERAL
