"""What is removed from the log, put back, and forgotten, on every engine."""

from functools import partial

import pytest

from app.chat import reactions
from app.models import Extras, Message, Reaction, Removal, User
from app.storage import message_changes, messages, removals, rooms
from app.storage.database import Connection
from app.storage.store import Store
from app.storage.tables import messages as rows
from tests.support.storage import new_message, post


@pytest.fixture(autouse=True)
async def three_messages(store: Store, ada: User, bob: User) -> None:
    """Numbers and changes 1 to 3: ada, bob, ada."""
    for author, text in ((ada, "one"), (bob, "two"), (ada, "three")):
        await post(store, [new_message(author, text, nonce=f"nonce of {text} ....")])


async def of_room(store: Store) -> list[Message]:
    return await store.read(messages.newest, 1, 50)


async def remove(store: Store, numbers: list[int], by: User, at: int = 7) -> list[Message]:
    def take_away(connection: Connection) -> list[Message]:
        rooms.locked(connection, 1)
        found = messages.by_numbers(connection, [(1, number) for number in numbers])
        return removals.remove(connection, found, by.id, at)

    return await store.write(take_away)


async def restore(store: Store, removal: Removal, limit: int = 50) -> list[Message]:
    def put_back(connection: Connection) -> list[Message]:
        rooms.locked(connection, 1)
        return removals.restore(connection, removal, 1, limit)

    return await store.write(put_back)


async def test_what_is_removed_keeps_its_number_and_nonce_and_loses_its_words(
    store: Store, ada: User, bob: User
) -> None:
    before = await of_room(store)
    removed = await remove(store, [1, 3], bob)
    assert removed == [each for each in await of_room(store) if each.removed_at is not None]
    for was, now, seq in ((before[0], removed[0], 4), (before[2], removed[1], 5)):
        assert (now.number, now.nonce, now.author_id, now.at) == (was.number, was.nonce, was.author_id, was.at)
        assert (now.text, now.html, now.removed_at, now.removed_by) == ("", "", 7, bob.id)
        assert (now.seq, now.posted_seq) == (seq, was.seq)
    room = await store.read(rooms.by_id, 1)
    assert room is not None
    assert (room.seq, room.last_number) == (5, 3)
    assert [each.number for each in await store.read(messages.changed_since, 1, 3, 9)] == [1, 3]


async def test_nothing_that_was_said_stays_in_the_log(store: Store, bob: User) -> None:
    await remove(store, [1, 2, 3], bob)
    said = await store.read(lambda connection: [tuple(row) for row in connection.execute(rows.select())])
    assert not [row for row in said if {"one", "two", "three"} & set(row)]


async def test_a_repeated_send_finds_what_was_removed_and_stores_nothing(store: Store, ada: User, bob: User) -> None:
    (removed,) = await remove(store, [1], bob)
    (posted,) = await post(store, [new_message(ada, "one", nonce=removed.nonce)])
    assert (posted.duplicate, posted.message) == (True, removed)
    assert len(await of_room(store)) == 3


async def test_what_is_put_back_is_as_before_but_for_its_change(store: Store, ada: User, bob: User) -> None:
    before = await of_room(store)
    await remove(store, [1, 3], bob)
    restored = await restore(store, Removal(ada.id, bob.id, 7))
    assert [(each.number, each.text, each.html) for each in restored] == [(1, "one", "one"), (3, "three", "three")]
    assert [(each.seq, each.posted_seq) for each in restored] == [(6, 1), (7, 3)]
    assert [each.removed_at for each in restored] == [None, None]
    after = await of_room(store)
    assert [(each.text, each.at, each.nonce) for each in after] == [(each.text, each.at, each.nonce) for each in before]
    assert await restore(store, Removal(ada.id, bob.id, 7)) == []


async def test_only_what_was_removed_at_once_is_put_back_together(store: Store, ada: User, bob: User) -> None:
    await remove(store, [1], ada, at=7)
    await remove(store, [3], bob, at=7)
    await remove(store, [2], bob, at=8)
    assert await store.read(removals.rooms_of, Removal(ada.id, bob.id, 7)) == [1]
    assert [each.number for each in await restore(store, Removal(ada.id, bob.id, 7))] == [3]
    for nothing in (Removal(ada.id, bob.id, 8), Removal(bob.id, bob.id, 7), Removal(ada.id, bob.id, 7)):
        assert await store.read(removals.rooms_of, nothing) == []
        assert await restore(store, nothing) == []


async def test_a_part_at_a_time_is_put_back(store: Store, ada: User, bob: User) -> None:
    await remove(store, [1, 3], bob)
    removal = Removal(ada.id, bob.id, 7)
    assert [[each.number for each in await restore(store, removal, 1)] for _ in range(3)] == [[1], [3], []]


async def test_what_is_purged_was_removed_before_a_time_and_does_not_come_back(
    store: Store, ada: User, bob: User
) -> None:
    for at, number in enumerate((1, 3), 7):
        await remove(store, [number], bob, at)
    assert await store.write(removals.purge, 8, 50) == 1
    assert await store.write(removals.purge, 8, 50) == 0
    assert await restore(store, Removal(ada.id, bob.id, 7)) == []
    assert [each.number for each in await restore(store, Removal(ada.id, bob.id, 8))] == [3]


async def test_a_purge_takes_so_many_at_most(store: Store, bob: User) -> None:
    await remove(store, [1, 2, 3], bob)
    assert [await store.write(removals.purge, 8, 2) for _ in range(3)] == [2, 1, 0]


async def test_what_is_kept_besides_the_words_can_lose_a_part(store: Store, ada: User, bob: User) -> None:
    def react(connection: Connection) -> None:
        rooms.locked(connection, 1)
        found = messages.by_numbers(connection, [(1, 1), (1, 3)])
        extras = [Extras(reactions=(Reaction("🎉", (ada.id, bob.id)),)), Extras(reactions=(Reaction("👍", (bob.id,)),))]
        message_changes.write(connection, [each.with_more(more) for each, more in zip(found, extras, strict=True)])

    await store.write(react)
    assert await store.read(messages.reactions_of, 1, bob.id, 0, 9) == [(1, "🎉"), (3, "👍")]
    assert await store.read(messages.reactions_of, 1, ada.id, 1, 9) == []
    await remove(store, [1, 2, 3], bob)
    assert await store.read(messages.reactions_of, 1, bob.id, 0, 9) == []
    await store.write(removals.keep_without, partial(reactions.without, user_id=bob.id))
    back = await restore(store, Removal(ada.id, bob.id, 7))
    assert [each.more.reactions for each in back] == [(Reaction("🎉", (ada.id,)),), ()]
    assert back[1].extras is None
