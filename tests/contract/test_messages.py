import pytest

from app.models import Message, User
from app.storage import messages, rooms
from app.storage.store import Store
from tests.support.storage import draft, post


@pytest.fixture(autouse=True)
async def ten_messages(store: Store, ada: User) -> None:
    """Numbers 1 to 10 in `general`, and others in another room that must never show."""
    other = await store.write(rooms.add, "other", "Other", "", "public", 0)
    for number in range(1, 11):
        await post(store, [draft(ada, f"{number}"), draft(ada, "elsewhere", room_id=other.id)])


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
