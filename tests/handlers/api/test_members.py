"""/api/v1/rooms/ID/members."""

import pytest

from tests.support.api import Program, program_of
from tests.support.door import Door


async def me(program: Program) -> int:
    person: int = (await program.ask("GET", "/me")).body["person"]["id"]
    return person


async def test_the_people_of_a_room_come_by_handle_page_by_page(door: Door, ada: Program) -> None:
    for handle in ("dora", "carl", "ben"):
        await program_of(door, handle, ada.room)
    seen, path = [], "/rooms/ROOM/members?limit=3"
    while path:
        page = (await ada.ask("GET", path)).body
        seen.append([person["handle"] for person in page["people"]])
        path = page.get("next")
    assert seen == [["ada", "ben", "carl"], ["dora"]]


async def test_who_is_connected_is_listed_like_the_others(door: Door, ada: Program) -> None:
    await program_of(door, "ben", ada.room)
    source = await door.listen(f"room={ada.room}")
    await source.hears("opened")
    assert [person["handle"] for person in (await ada.ask("GET", "/rooms/ROOM/members")).body["people"]] == [
        "ada",
        "ben",
    ]


async def test_somebody_whom_one_has_met_is_brought_in(door: Door, ada: Program) -> None:
    elsewhere = await program_of(door, "ben", 1)
    ben = Program(door, elsewhere.bearer, ada.room)
    assert (await ben.ask("GET", "/rooms/ROOM")).status == 404
    for _ in range(2):
        assert (await ada.ask("POST", "/rooms/ROOM/members", {"person": await me(ben)})).status == 204
    assert (await ben.ask("GET", "/rooms/ROOM")).status == 200


@pytest.mark.parametrize(
    ("given", "status"),
    [({"person": 999_999}, 404), ({}, 400), ({"person": 0}, 400), ({"person": 1, "role": "owner"}, 400)],
)
async def test_who_is_nobody_is_not_brought_in(ada: Program, given: dict[str, object], status: int) -> None:
    assert (await ada.ask("POST", "/rooms/ROOM/members", given)).status == status
