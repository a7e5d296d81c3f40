"""What messages said before they were edited, on every engine."""

import pytest

from app.models import Message, User, Version
from app.storage import message_versions, messages, removals, rooms
from app.storage.database import Connection
from app.storage.store import Store
from tests.support.storage import new_message, post


@pytest.fixture(autouse=True)
async def three_messages(store: Store, ada: User) -> None:
    for number in range(1, 4):
        await post(store, [new_message(ada, f"{number}", at=number)])


async def edit(store: Store, number: int, text: str, now: int) -> Message:
    def rewrite(connection: Connection) -> Message:
        rooms.locked(connection, 1)
        message = messages.by_number(connection, 1, number)
        assert message is not None
        return message_versions.edit(connection, message, text, f"<p>{text}", 2, now)

    return await store.write(rewrite)


async def test_an_edited_message_has_the_room_s_next_change_and_everything_else_as_before(store: Store) -> None:
    (before,) = await store.read(messages.by_numbers, [(1, 2)])
    edited = await edit(store, 2, "two", 9)
    assert await store.read(messages.by_numbers, [(1, 2)]) == [edited]
    assert (edited.text, edited.html, edited.edited_at, edited.seq, edited.posted_seq) == ("two", "<p>two", 9, 4, 2)
    assert (edited.number, edited.nonce, edited.at) == (before.number, before.nonce, before.at)
    assert (await edit(store, 2, "deux", 10)).posted_seq == 2
    room = await store.read(rooms.by_id, 1)
    assert room is not None
    assert (room.seq, room.last_number) == (5, 3)


async def test_each_version_has_the_time_at_which_it_was_written(store: Store) -> None:
    for now, text in ((8, "b"), (9, "c")):
        await edit(store, 2, text, now)
    await edit(store, 1, "x", 9)
    assert await store.read(message_versions.page, 1, 2, None, 9) == [Version(2, "b", 8), Version(1, "2", 2)]
    assert await store.read(message_versions.page, 1, 2, None, 1) == [Version(2, "b", 8)]
    assert await store.read(message_versions.page, 1, 2, 2, 9) == [Version(1, "2", 2)]
    assert await store.read(message_versions.page, 1, 3, None, 9) == []


async def test_versions_of_many_are_found_together_without_others(store: Store) -> None:
    for number in (1, 2, 3):
        await edit(store, number, "x", 9)
    assert await store.read(message_versions.of, 1, [3, 1]) == {1: [Version(1, "1", 1)], 3: [Version(1, "3", 3)]}
    assert await store.read(message_versions.of, 1, []) == {}
    assert await store.read(message_versions.of, 2, [1]) == {}


async def test_versions_go_for_good_with_what_was_removed(store: Store, ada: User) -> None:
    for number in (1, 2):
        await edit(store, number, "x", 9)

    def remove(connection: Connection) -> None:
        rooms.locked(connection, 1)
        removals.remove(connection, messages.by_numbers(connection, [(1, 1)]), ada.id, 10)

    await store.write(remove)
    assert await store.write(removals.purge, 11, 9) == 1
    assert await store.read(message_versions.page, 1, 1, None, 9) == []
    assert len(await store.read(message_versions.page, 1, 2, None, 9)) == 1
