"""Rows of files, on every engine: whose they are, what takes them, and what is swept."""

import pytest
from msgspec.structs import replace

from app.errors import FileGone
from app.models import File, NewMessage, Upload, User
from app.storage import files, messages, removals, rooms
from app.storage.database import Connection
from app.storage.store import Store
from tests.support.storage import new_message, outcomes, post

ROOM = 1


def file(name: str = "a", size: int = 10) -> File:
    """Names are single letters, so that ids are 32 of them."""
    return File(32 * name, f"{name}.txt", "text/plain", size)


def upload(user: User, nonce: str, at: int = 1, room_id: int = ROOM) -> Upload:
    return Upload(room_id, user.id, nonce, at)


async def begin(store: Store, user: User, name: str = "a", at: int = 1, size: int = 10) -> File:
    await store.write(files.add, file(name, size), upload(user, f"nonce of {name}", at))
    return file(name, size)


async def bring(store: Store, user: User, name: str = "a", at: int = 1, size: int = 10) -> File:
    begun = await begin(store, user, name, at, size)
    assert await store.write(files.be_there, begun, at + 1)
    return begun


async def to_send(store: Store, user: User, given: list[File], room_id: int = ROOM) -> list[File]:
    return await store.read(files.to_send, user.id, room_id, {each.id: "" for each in given})


def with_files(user: User, *given: File, nonce: str = "") -> NewMessage:
    return replace(new_message(user, nonce=nonce), files=given)


async def sweep(store: Store, now: int, limit: int = 50) -> list[str]:
    """An hour is 60 here, a day 1,440."""
    swept, _ = await store.write(files.to_sweep, now - 60, now - 1_440, limit)
    return swept


async def test_what_comes_is_found_by_its_nonce_and_read_when_it_is_there(store: Store, ada: User) -> None:
    begun = await begin(store, ada)
    assert await store.read(files.by_nonce, ada.id, "nonce of a") == (begun, upload(ada, "nonce of a"))
    assert await store.read(files.by_id, begun.id) is None
    picture = replace(begun, size=20, width=3, height=2, thumb_width=3, thumb_height=2, animated=True)
    assert await store.write(files.be_there, picture, 5)
    placed = await store.read(files.by_id, begun.id)
    assert placed is not None
    assert placed.file.animated is True
    assert placed == (picture, replace(upload(ada, "nonce of a"), ready_at=5), None, None)


async def test_it_is_there_once_and_not_after_it_was_given_up(store: Store, ada: User) -> None:
    begun = await bring(store, ada)
    assert not await store.write(files.be_there, begun, 9)
    other = await begin(store, ada, "b")
    await store.write(files.give_up, other.id)
    assert not await store.write(files.be_there, other, 9)
    assert await store.read(files.by_nonce, ada.id, "nonce of b") is None
    await store.write(files.give_up, begun.id)
    assert await store.read(files.by_id, begun.id) is not None


async def test_what_somebody_and_all_have_is_added_up(store: Store, ada: User, bob: User) -> None:
    assert (await store.read(files.used_by, ada.id), await store.read(files.used_by_all)) == (0, 0)
    await bring(store, ada, "a", size=3_000_000_000)
    await begin(store, ada, "b", size=5)
    await bring(store, bob, "c", size=7)
    assert await store.read(files.used_by, ada.id) == 3_000_000_005
    assert await store.read(files.used_by_all) == 3_000_000_012


async def test_only_ones_own_of_this_room_that_are_there_are_sent_in_their_order(
    store: Store, ada: User, bob: User
) -> None:
    first, second = await bring(store, ada, "a"), await bring(store, ada, "b")
    others = [await bring(store, bob, "c"), await begin(store, ada, "d")]
    assert await to_send(store, ada, [second, *others, first]) == [second, first]
    assert await to_send(store, ada, [first], room_id=2) == []


async def test_a_file_has_its_message_from_that_on_and_no_other(store: Store, ada: User) -> None:
    brought = await bring(store, ada)
    assert await to_send(store, ada, [brought]) == [brought]
    await post(store, [with_files(ada, replace(brought, alt="a buoy"))])
    assert await to_send(store, ada, [brought]) == []
    with pytest.raises(FileGone):
        await post(store, [with_files(ada, brought)])
    placed = await store.read(files.by_id, brought.id)
    assert placed is not None
    assert (placed.number, placed.removed_at, placed.file.alt) == (1, None, "a buoy")
    assert [each.number for each in await store.read(files.of_user, ada.id)] == [1]


async def test_somebody_else_s_message_with_that_nonce_is_not_its_own(store: Store, ada: User, bob: User) -> None:
    brought = await bring(store, ada)
    await post(store, [new_message(bob, nonce="the same nonce")])
    await post(store, [with_files(ada, brought, nonce="the same nonce")])
    placed = await store.read(files.by_id, brought.id)
    assert placed is not None
    assert placed.number == 2


async def test_of_two_messages_with_one_file_the_later_is_refused_and_fails_no_neighbour(
    store: Store, ada: User, bob: User
) -> None:
    brought = await bring(store, ada)
    given = [new_message(bob), with_files(ada, brought), with_files(ada, brought), new_message(bob)]
    first, second, third, fourth = await outcomes(store.log, given)
    assert [first.message.number, second.message.number, fourth.message.number] == [1, 2, 3]
    assert isinstance(third, FileGone)


async def test_a_message_that_is_sent_again_keeps_its_files(store: Store, ada: User) -> None:
    brought = await bring(store, ada)
    twice = await post(store, [with_files(ada, brought, nonce="n"), with_files(ada, brought, nonce="n")])
    assert [each.message.number for each in twice] == [1, 1]


async def test_a_removed_message_is_told_and_a_forgotten_one_lets_its_files_go(store: Store, ada: User) -> None:
    brought, other = await bring(store, ada, "a"), await bring(store, ada, "b")
    for each in (brought, other):
        await post(store, [with_files(ada, each)])
    assert await sweep(store, 10_000) == []

    def remove(connection: Connection) -> None:
        rooms.locked(connection, ROOM)
        removals.remove(connection, messages.by_numbers(connection, [(ROOM, 1)]), ada.id, 7)

    await store.write(remove)
    placed = await store.read(files.by_id, brought.id)
    assert placed is not None
    assert placed.removed_at == 7
    assert await sweep(store, 20_000) == []
    await store.write(removals.purge, 8, 50)
    assert await store.read(files.by_id, brought.id) is None
    assert await sweep(store, 20_000) == [brought.id]


async def test_what_is_swept_is_taken_by_nobody_and_swept_until_its_row_is_gone(store: Store, ada: User) -> None:
    brought = await bring(store, ada, at=100)
    assert await sweep(store, 1_540) == []
    for _ in range(2):
        assert await sweep(store, 1_541) == [brought.id]
    assert await to_send(store, ada, [brought]) == []
    with pytest.raises(FileGone):
        await post(store, [with_files(ada, brought)])
    await store.write(files.drop, [brought.id])
    assert await sweep(store, 1_541) == []


async def test_what_broke_off_is_swept_sooner(store: Store, ada: User) -> None:
    begun = await begin(store, ada, at=100)
    assert await sweep(store, 160) == []
    assert await sweep(store, 161) == [begun.id]


async def test_of_many_some_are_looked_at_and_the_rest_is_told(store: Store, ada: User) -> None:
    for name in "abc":
        await bring(store, ada, name)
    for found, more in ((2, True), (1, False)):
        swept, told = await store.write(files.to_sweep, 10_000, 10_000, 2)
        assert (len(swept), told) == (found, more)
        await store.write(files.drop, swept)


@pytest.mark.parametrize("sent", [True, False])
async def test_what_somebody_has_not_sent_goes_with_them(store: Store, ada: User, sent: bool) -> None:
    brought = await bring(store, ada)
    if sent:
        await post(store, [with_files(ada, brought)])
    await store.write(files.let_go_unsent, ada.id)
    assert (await store.read(files.by_id, brought.id) is not None) is sent
