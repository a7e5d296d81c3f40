"""/api/v1/me, /rooms and /rooms/ID."""

from typing import Any
from urllib.parse import urlencode

import pytest

from app.chat import accounts, direct
from tests.support.api import Program, program_of
from tests.support.door import Door
from tests.support.house import new_nonce


async def test_a_token_knows_for_whom_it_acts(ada: Program) -> None:
    me = (await ada.ask("GET", "/me")).body
    assert (me["person"]["handle"], me["text_limit"]) == ("ada", 4_000)
    assert "restraint" not in me


async def test_one_sees_one_s_own_rooms(ada: Program) -> None:
    listed = (await ada.ask("GET", "/rooms")).body["rooms"]
    assert {1, ada.room} <= {room["id"] for room in listed}
    shown = (await ada.ask("GET", "/rooms/ROOM")).body
    assert shown in listed


async def test_a_direct_room_has_its_people(door: Door, ada: Program) -> None:
    ben = await program_of(door, "ben", ada.room)
    services = door.server.application.services
    visitor = await accounts.resume_bearer(services, ben.bearer)
    assert visitor is not None
    person = (await ada.ask("GET", "/me")).body["person"]
    talk = await direct.open_room(services, visitor, [person["id"]])
    shown = (await ada.ask("GET", f"/rooms/{talk.room.id}")).body
    assert sorted(each["handle"] for each in shown["people"]) == ["ada", "ben"]


async def test_a_room_is_made_and_has_its_address(ada: Program) -> None:
    made = await ada.ask("POST", "/rooms", {"name": "Attic", "kind": "private", "topic": "dust"})
    assert made.status == 201
    assert made.headers["location"] == f"/api/v1/rooms/{made.body['id']}"
    shown = await ada.ask("GET", made.headers["location"])
    assert shown.body == made.body
    assert (made.body["name"], made.body["topic"], made.body["role"]) == ("Attic", "dust", "moderator")


async def test_a_name_that_is_taken_is_refused(ada: Program) -> None:
    answer = await ada.ask("POST", "/rooms", {"name": "general", "kind": "public"})
    assert (answer.status, answer.body["code"]) == (400, "room_taken")


@pytest.mark.parametrize(
    "given", [{}, {"name": "A"}, {"name": "A", "kind": "direct"}, {"name": "A", "kind": "public", "created_by": 7}]
)
async def test_a_room_that_cannot_be_is_refused(ada: Program, given: Any) -> None:
    answer = await ada.ask("POST", "/rooms", given)
    assert (answer.status, answer.body["code"]) == (400, "bad_request")


async def test_what_is_left_out_of_a_change_stays_as_it_is(ada: Program) -> None:
    before = (await ada.ask("PATCH", "/rooms/ROOM", {"topic": "first", "description": "of all"})).body
    after = (await ada.ask("PATCH", "/rooms/ROOM", {"topic": "second", "slow_seconds": 10})).body
    assert (before["topic"], after["topic"]) == ("first", "second")
    assert (after["description"], after["slow_seconds"]) == ("of all", 10)
    assert (await ada.ask("PATCH", "/rooms/ROOM", {})).body == after


async def test_an_empty_text_is_not_one_that_is_left_out(ada: Program) -> None:
    await ada.ask("PATCH", "/rooms/ROOM", {"topic": "first"})
    assert (await ada.ask("PATCH", "/rooms/ROOM", {"topic": ""})).body["topic"] == ""


@pytest.mark.parametrize(
    "given", [{"topic": None}, {"slow_seconds": -1}, {"slow_seconds": 2**60}, {"number": 5}, {"role": "moderator"}]
)
async def test_a_change_to_what_no_room_has_is_refused(ada: Program, given: Any) -> None:
    answer = await ada.ask("PATCH", "/rooms/ROOM", given)
    assert (answer.status, answer.body["code"]) == (400, "bad_request")


async def test_who_does_not_moderate_a_room_changes_nothing(door: Door, ada: Program) -> None:
    carl = await program_of(door, "carl", ada.room)
    assert (await carl.ask("PATCH", "/rooms/ROOM", {"topic": "mine"})).status == 404
    assert (await carl.ask("GET", "/rooms/ROOM")).body["topic"] == ""


async def test_a_public_room_is_found_entered_and_left(door: Door, ada: Program) -> None:
    made = (await ada.ask("POST", "/rooms", {"name": f"Boats {new_nonce()}", "kind": "public"})).body
    bo = await program_of(door, "bo", ada.room)
    membership, listing = f"/rooms/{made['id']}/membership", f"/directory?{urlencode({'prefix': made['name']})}"
    (found,) = (await bo.ask("GET", listing)).body["rooms"]
    assert (found["id"], found["members"], "joined" in found) == (made["id"], 1, False)
    for _ in range(2):
        entered = await bo.ask("PUT", membership)
        assert (entered.status, entered.body["id"]) == (200, made["id"])
    (found,) = (await bo.ask("GET", listing)).body["rooms"]
    assert (found["members"], found["joined"]) == (2, True)
    assert (await bo.ask("DELETE", membership)).status == 204
    assert made["id"] not in [room["id"] for room in (await bo.ask("GET", "/rooms")).body["rooms"]]
    assert (await bo.ask("DELETE", membership)).status == 404


async def test_nobody_enters_a_private_room_by_themselves_nor_finds_it(door: Door, ada: Program) -> None:
    made = (await ada.ask("POST", "/rooms", {"name": f"Attic {new_nonce()}", "kind": "private"})).body
    bo = await program_of(door, "bo", ada.room)
    assert (await bo.ask("PUT", f"/rooms/{made['id']}/membership")).status == 404
    listing = f"/directory?{urlencode({'prefix': made['name']})}"
    assert (await bo.ask("GET", listing)).body == {"rooms": []}
    assert [room["id"] for room in (await ada.ask("GET", listing)).body["rooms"]] == [made["id"]]


async def test_the_directory_comes_page_by_page_by_name(ada: Program) -> None:
    word = new_nonce()
    for name in ("c", "a & ö", "b"):
        await ada.ask("POST", "/rooms", {"name": f"{word} {name}", "kind": "public"})
    pages, further = [], f"/directory?{urlencode({'prefix': word.upper(), 'limit': 1})}"
    while further:
        page = (await ada.ask("GET", further)).body
        pages.append([room["name"].removeprefix(word) for room in page["rooms"]])
        further = page.get("next", "")
    assert pages == [[" a & ö"], [" b"], [" c"]]


@pytest.mark.parametrize("query", ["limit=0", "limit=51", "cursor=x", "cursor=0", f"prefix={'a' * 51}", "before=1"])
async def test_a_page_of_the_directory_that_cannot_be_is_refused(ada: Program, query: str) -> None:
    answer = await ada.ask("GET", f"/directory?{query}")
    assert (answer.status, answer.body["code"]) == (400, "bad_request")
