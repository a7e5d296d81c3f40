"""People by handle, in pages that leave nobody out and show nobody twice."""

import pytest

from app.models import User
from app.storage import memberships, rooms, roster, users
from app.storage.store import Store
from tests.support.storage import person

GENERAL = 1
HANDLES = ("Zoe", "ada_l", "Bob", "under_score", "ada", "x9")


@pytest.fixture(autouse=True, params=["few", "many"])
def sorted_or_along_the_index(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "many":
        monkeypatch.setattr(roster, "FEW", 0)


async def crowd(store: Store) -> list[User]:
    """Members of `general`, by handle."""
    people = [await person(store, handle) for handle in HANDLES]
    for each in people:
        await store.write(memberships.join_default, each.id, 1)
    return people


async def test_pages_of_a_room_hold_everybody_once_and_in_order(store: Store) -> None:
    people = await crowd(store)
    whole = await store.read(roster.without_these, GENERAL, set(), None, 100)
    assert {user.id for user in whole} == {user.id for user in people}
    for count in (1, 2, 5):
        walked: list[User] = []
        while part := await store.read(roster.without_these, GENERAL, set(), walked[-1].id if walked else None, count):
            assert len(part) <= count
            walked += part
        assert walked == whole


async def test_case_does_not_matter_for_the_order(store: Store) -> None:
    await crowd(store)
    handles = [user.handle for user in await store.read(roster.without_these, GENERAL, set(), None, 100)]
    assert handles.index("ada") < handles.index("Bob") < handles.index("x9") < handles.index("Zoe")


async def test_those_who_are_left_out_take_no_place(store: Store) -> None:
    people = await crowd(store)
    out = {user.id for user in people if user.handle != "x9"}
    assert [user.handle for user in await store.read(roster.without_these, GENERAL, out, None, 1)] == ["x9"]


async def test_who_is_not_in_the_room_is_not_on_its_roster(store: Store) -> None:
    people = await crowd(store)
    attic = await store.write(rooms.add, "attic", "Attic", "", "private", 5)
    await store.write(users.add_imported, "oldie", 1)
    assert await store.read(roster.without_these, attic.id, set(), None, 100) == []
    assert len(await store.read(roster.without_these, GENERAL, set(), None, 100)) == len(people)


async def test_pages_of_some_people_hold_each_once_and_in_order(store: Store) -> None:
    people = await crowd(store)
    some = {user.id for user in people if user.handle != "Bob"}
    first = await store.read(roster.of_these, GENERAL, some, None, 2)
    assert [user.handle for user in first] == ["ada", "ada_l"]
    rest = await store.read(roster.of_these, GENERAL, some, first[-1].id, 100)
    assert [user.handle for user in rest] == ["under_score", "x9", "Zoe"]
    assert await store.read(roster.of_these, GENERAL, some, rest[-1].id, 100) == []
    assert await store.read(roster.of_these, GENERAL, set(), None, 100) == []


async def test_a_page_goes_on_past_somebody_who_is_not_on_it(store: Store) -> None:
    by_handle = {user.handle: user for user in await crowd(store)}
    some = {by_handle["ada"].id, by_handle["Zoe"].id}
    assert await store.read(roster.of_these, GENERAL, some, by_handle["Bob"].id, 100) == [by_handle["Zoe"]]
    assert len(await store.read(roster.of_these, GENERAL, some, 999, 100)) == 2, "nobody is the beginning"


async def test_two_who_had_the_same_handle_are_both_there(store: Store) -> None:
    """A handle given up on X may be taken by somebody else before its first holder signs in here again."""
    one, other = await person(store, "kestrel"), await person(store, "Kestrel")
    for each in (one, other):
        await store.write(memberships.join_default, each.id, 1)
    assert await store.read(roster.without_these, GENERAL, set(), None, 1) == [one]
    assert await store.read(roster.without_these, GENERAL, set(), one.id, 1) == [other]
    assert await store.read(roster.of_these, GENERAL, {one.id, other.id}, one.id, 1) == [other]
