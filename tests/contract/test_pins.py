"""What rooms pin and people save, on every engine."""

import pytest

from app.models import Message, User
from app.storage import memberships, messages, pins, rooms, saved
from app.storage.database import Connection
from app.storage.store import Store
from tests.support.storage import new_message, post


@pytest.fixture(autouse=True)
async def three_messages(store: Store, ada: User, bob: User) -> None:
    for each in (ada, bob):
        await store.write(memberships.join_default, each.id, 0)
    for text in ("one", "two", "three"):
        await post(store, [new_message(ada, text, nonce=f"nonce of {text} ....")])


async def pin(store: Store, number: int, by: User, at: int) -> Message:
    def put_up(connection: Connection) -> Message:
        rooms.locked(connection, 1)
        message = messages.by_number(connection, 1, number)
        assert message is not None
        return pins.pin(connection, message, by.id, at)

    return await store.write(put_up)


async def test_a_pin_is_a_change_of_the_room_and_stands_in_the_message(store: Store, bob: User) -> None:
    changed = await pin(store, 2, bob, 5)
    assert (changed.seq, changed.posted_seq) == (6, 4)
    assert changed.more.pinned is not None
    assert (changed.more.pinned.by, changed.more.pinned.at) == (bob.id, 5)
    assert [changed] == [each for each in await store.read(messages.newest, 1, 9) if each.extras]
    assert [changed] == await store.read(messages.changed_since, 1, 5, 9)


async def test_pins_come_last_first_and_go(store: Store, bob: User) -> None:
    for number, at in ((3, 5), (1, 6), (2, 6)):
        await pin(store, number, bob, at)
    assert [each.number for each in await store.read(pins.of_room, 1)] == [2, 1, 3]

    def take_off(connection: Connection) -> Message:
        rooms.locked(connection, 1)
        return pins.unpin(connection, pins.of_room(connection, 1)[0])

    assert (await store.write(take_off)).extras is None
    assert await store.read(pins.count, 1) == 2


async def test_what_is_saved_is_told_once_and_by_id(store: Store, ada: User, bob: User) -> None:
    assert [await store.write(saved.add, bob.id, 1, number) for number in (3, 1, 3)] == [True, True, False]
    await store.write(saved.add, ada.id, 1, 2)
    found = await store.read(saved.page, bob.id, None, 9)
    assert [message.number for _, message in found] == [1, 3]
    assert await store.read(saved.page, bob.id, found[0][0].id, 9) == found[1:]
    assert await store.read(saved.numbers, bob.id, 1, 1) == [3]
    assert [await store.write(saved.remove, bob.id, 1, 3) for _ in range(2)] == [True, False]
    await store.write(saved.drop_of, bob.id)
    assert await store.read(saved.of_user, bob.id) == []
    assert [each.number for each in await store.read(saved.of_user, ada.id)] == [2]
