from pathlib import Path

import pytest

from app.chat import people
from app.errors import NotFound, TooFast
from app.models import Visitor
from tests.support.house import GENERAL, House, open_house


async def test_members_come_before_others_and_others_only_where_there_is_place(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    found = await people.search(house.services, ana, GENERAL, "", 8)
    assert (found.members, found.others) == ([ana.user, bo.user], [])
    found = await people.search(house.services, ana, GENERAL, "", 1)
    assert (found.members, found.others) == ([ana.user], [])


async def test_a_room_one_is_not_in_finds_nobody(house: House, ana: Visitor) -> None:
    attic = await house.private_room()
    for room_id in (attic.id, 999):
        with pytest.raises(NotFound):
            await people.search(house.services, ana, room_id, "a", 8)


async def test_searches_are_limited_by_person(migrated: Path, tmp_path: Path) -> None:
    async with open_house(migrated, tmp_path, environ={"LIMIT_PEOPLE_PER_MINUTE": "3"}) as house:
        ana, bo = await house.sign_in("ana"), await house.sign_in("bo")
        for _ in range(3):
            await people.search(house.services, ana, GENERAL, "x", 1)
        with pytest.raises(TooFast):
            await people.search(house.services, ana, GENERAL, "x", 1)
        await people.search(house.services, bo, GENERAL, "x", 1)
