import pytest

from app.models import Message, User
from app.storage import messages, removals, rooms
from app.storage.database import Connection
from app.storage.store import Store
from tests.contract.conftest import SetClock
from tests.support.storage import new_message, post


@pytest.fixture(autouse=True)
async def ten_messages(store: Store, ada: User) -> None:
    """Numbers 1 to 10 in `general`, and others in another room that must never show."""
    other = await store.write(rooms.add, "other", "Other", "", "public", 0)
    for number in range(1, 11):
        await post(store, [new_message(ada, f"{number}"), new_message(ada, "elsewhere", room_id=other.id)])


def numbers(found: list[Message]) -> list[int]:
    assert {one.room_id for one in found} <= {1}
    return [one.number for one in found]


async def test_the_newest_are_the_last_ones_oldest_first(store: Store) -> None:
    assert numbers(await store.read(messages.newest, 1, 3)) == [8, 9, 10]
    assert numbers(await store.read(messages.newest, 1, 50)) == list(range(1, 11))


@pytest.mark.parametrize(
    ("number", "expected"), [(11, [8, 9, 10]), (10, [7, 8, 9]), (3, [1, 2]), (1, []), (0, []), (99, [8, 9, 10])]
)
async def test_the_page_before_ends_in_front_of_the_number(store: Store, number: int, expected: list[int]) -> None:
    assert numbers(await store.read(messages.before, 1, number, 3)) == expected


@pytest.mark.parametrize(("number", "expected"), [(0, [1, 2, 3]), (5, [6, 7, 8]), (9, [10]), (10, []), (99, [])])
async def test_the_page_after_begins_behind_the_number(store: Store, number: int, expected: list[int]) -> None:
    assert numbers(await store.read(messages.after, 1, number, 3)) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (5, [3, 4, 5, 6]),
        (1, [1, 2, 3, 4]),
        (2, [1, 2, 3, 4]),
        (10, [7, 8, 9, 10]),
        (99, [7, 8, 9, 10]),
        (0, [1, 2, 3, 4]),
    ],
)
async def test_the_page_around_a_number_is_full_at_the_edges_too(
    store: Store, number: int, expected: list[int]
) -> None:
    assert numbers(await store.read(messages.around, 1, number, 4)) == expected


async def test_a_page_around_in_a_short_room_is_all_of_it(store: Store) -> None:
    assert numbers(await store.read(messages.around, 1, 5, 50)) == list(range(1, 11))


async def test_a_room_that_does_not_exist_has_no_messages(store: Store) -> None:
    for page in (messages.before, messages.after, messages.around):
        assert await store.read(page, 999, 5, 10) == []


async def test_what_changed_since_comes_in_the_order_of_changes(store: Store) -> None:
    assert numbers(await store.read(messages.changed_since, 1, 7, 100)) == [8, 9, 10]
    assert numbers(await store.read(messages.changed_since, 1, 0, 4)) == [1, 2, 3, 4]
    assert await store.read(messages.changed_since, 1, 10, 100) == []


@pytest.mark.parametrize(
    ("at", "expected"), [(0, 1), (100, 1), (101, 2), (199, 2), (200, 2), (201, 5), (300, 5), (301, 6), (999, 6)]
)
async def test_the_first_message_of_a_time_is_found(
    store: Store, clock: SetClock, ada: User, at: int, expected: int
) -> None:
    room = await store.write(rooms.add, "dated", "Dated", "", "public", 0)
    for clock.time in (100, 200, 200, 200, 300, 300):
        await post(store, [new_message(ada, room_id=room.id)])
    assert await store.read(messages.number_at, room.id, at) == expected


async def test_a_room_without_messages_has_none_of_any_time(store: Store) -> None:
    assert await store.read(messages.number_at, 999, 5) == 0


async def test_messages_are_found_by_the_numbers_of_several_rooms(store: Store) -> None:
    other = await store.read(rooms.by_slug, "other")
    assert other is not None
    found = await store.read(messages.by_numbers, [(other.id, 2), (1, 3), (1, 99), (999, 1)])
    assert {(one.room_id, one.number, one.text) for one in found} == {(other.id, 2, "elsewhere"), (1, 3, "3")}


async def test_the_newest_that_is_there_lies_behind_a_number(store: Store, ada: User) -> None:
    def take_away(connection: Connection) -> None:
        removals.remove(connection, messages.by_numbers(connection, [(1, 9), (1, 10)]), ada.id, 1)

    await store.write(take_away)
    (found,) = await store.read(messages.newest_living, 1, 1, 3)
    assert found.number == 8
    assert [each.number for each in await store.read(messages.newest_living, 1, 3)] == [6, 7, 8]
    assert await store.read(messages.newest_living, 1, 1, 8) == []
    last = await store.read(messages.last_changed, 1)
    assert last is not None
    assert (last.number, last.seq) == (10, 12)
    assert len(await store.read(messages.by_author, 1, ada.id, 0, 10)) == 8


async def test_what_an_older_version_made_is_found_by_its_numbers(store: Store) -> None:
    older = await store.read(messages.older_than, 2, 1, 2, 5)
    assert [each.text for each in older] == ["3", "4", "5"]
    assert await store.read(messages.older_than, 1, 1, 0, 10) == []


async def test_new_html_changes_nothing_else_and_leaves_alone_what_has_changed_since(store: Store) -> None:
    third, fourth = await store.read(messages.older_than, 2, 1, 2, 4)
    await store.write(messages.set_html, [("new", 2, *third.key), ("late", 2, fourth.room_id, 999)])
    found = await store.read(messages.after, 1, 2, 2)
    assert [(each.text, each.html, each.renderer) for each in found] == [("3", "new", 2), ("4", "4", 1)]
    assert found[0].seq == third.seq
    assert await store.read(messages.older_than, 2, 1, 2, 4) == [fourth]
