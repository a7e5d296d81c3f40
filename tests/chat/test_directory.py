"""Which rooms there are, as far as somebody may know."""

import pytest

from app.chat import directory, memberships, rooms
from app.chat.directory import PACE
from app.errors import TooFast
from app.models import Visitor
from tests.support.house import House


async def names(house: House, who: Visitor, prefix: str = "", after: int | None = None, limit: int = 50) -> list[str]:
    return [room.name for room, _ in (await directory.page(house.services, who, prefix, after, limit)).rooms]


async def test_it_lists_public_rooms_and_ones_own_by_name(house: House, ana: Visitor, bo: Visitor) -> None:
    for name in ("Tides", "ärger", "Boats"):
        await rooms.create(house.services, ana, name, "public")
    await rooms.create(house.services, ana, "Attic", "private")
    page = await directory.page(house.services, ana, "", None, 50)
    assert [(room.name, joined) for room, joined in page.rooms] == [
        ("ärger", True),
        ("Attic", True),
        ("Boats", True),
        ("general", True),
        ("Tides", True),
    ]
    assert page.last
    page = await directory.page(house.services, bo, "", None, 50)
    assert [(room.name, joined) for room, joined in page.rooms] == [
        ("ärger", False),
        ("Boats", False),
        ("general", True),
        ("Tides", False),
    ]


async def test_it_counts_people_and_knows_the_last_word(house: House, ana: Visitor, bo: Visitor) -> None:
    annex, _ = await rooms.create(house.services, ana, "Annex", "public")
    await memberships.join(house.services, bo, annex.id)
    await house.post(ana, "hello", annex.id)
    ((room, joined),) = (await directory.page(house.services, bo, "ann", None, 50)).rooms
    assert (room.members, room.last_at, joined) == (2, house.clock.now(), True)
    await memberships.leave(house.services, bo, annex.id)
    ((room, joined),) = (await directory.page(house.services, bo, "ann", None, 50)).rooms
    assert (room.members, joined) == (1, False)


async def test_a_page_goes_on_where_the_last_one_ended(house: House, ana: Visitor, bo: Visitor) -> None:
    made = [f"Room {number:02}" for number in range(9)]
    for name in made:
        await rooms.create(house.services, ana, name, "public")
    await rooms.create(house.services, ana, "Room 03 b", "private")
    told: list[str] = []
    page = await directory.page(house.services, bo, "ROOM", None, 4)
    while True:
        told += [room.name for room, _ in page.rooms]
        if page.last:
            break
        page = await directory.page(house.services, bo, "ROOM", page.rooms[-1][0].id, 4)
    assert told == made
    assert await names(house, bo, "room", after=999) == made, "after nothing is the beginning"


@pytest.mark.parametrize(("prefix", "found"), [("caf", 1), ("CAFÉ", 1), ("é", 0), ("cafe z", 0), ("\ue000", 0)])
async def test_a_name_is_found_by_how_it_begins_whatever_case_and_accents(
    house: House, ana: Visitor, prefix: str, found: int
) -> None:
    await rooms.create(house.services, ana, "Café Royal", "public")
    assert len(await names(house, ana, prefix)) == found


async def test_looks_are_limited(house: House, ana: Visitor) -> None:
    for _ in range(PACE.most):
        await names(house, ana)
    with pytest.raises(TooFast):
        await names(house, ana)
