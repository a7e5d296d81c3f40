import pytest

from app.errors import BadRequest
from app.models import Room, User
from app.storage import memberships, messages, rooms
from app.storage.store import Store
from tests.support.storage import draft, post


async def test_a_new_room_is_empty(store: Store) -> None:
    room = await store.write(rooms.add, "garden", "Garden", "What grows", "private", 5)
    counters = {"last_number": 0, "seq": 0, "last_at": 0, "members": 0}
    assert room == Room(room.id, "garden", "Garden", "What grows", "private", **counters)
    assert await store.read(rooms.by_id, room.id) == room
    assert await store.read(rooms.by_slug, "garden") == room


async def test_a_room_that_does_not_exist_is_none(store: Store) -> None:
    assert await store.read(rooms.by_id, 999) is None
    assert await store.read(rooms.by_slug, "nowhere") is None


async def test_a_slug_names_one_room(store: Store) -> None:
    with pytest.raises(BadRequest, match="general already"):
        await store.write(rooms.add, "general", "Another", "", "public", 5)


async def test_members_are_counted(store: Store, ada: User, bob: User) -> None:
    await store.write(memberships.join_public, ada.id, 1)
    await store.write(memberships.join_public, bob.id, 1)
    general = await store.read(rooms.by_id, 1)
    assert general is not None
    assert general.members == 2
    garden = await store.write(rooms.add, "garden", "Garden", "", "public", 5)
    await store.write(memberships.join_everybody, garden.id, 7)
    found = await store.read(memberships.find_with_room, garden.id, ada.id)
    assert found is not None
    assert found[0].members == 2


async def test_heads_are_those_of_the_rooms_that_exist(store: Store, ada: User) -> None:
    other = await store.write(rooms.add, "other", "Other", "", "public", 5)
    await post(store, [draft(ada), draft(ada)])
    assert await store.read(rooms.heads, [1, other.id, 999]) == {1: 2, other.id: 0}
    assert await store.read(rooms.heads, range(40_000)) == {1: 2, other.id: 0}


async def test_an_id_of_63_bits_is_one_that_does_not_exist(store: Store) -> None:
    largest = 2**63 - 1
    assert await store.read(rooms.by_id, largest) is None
    assert await store.read(rooms.heads, [largest]) == {}
    assert await store.read(memberships.find, largest, largest) is None
    assert await store.read(messages.after, largest, largest, 50) == []


async def test_each_joining_takes_the_next_number_of_a_change(store: Store) -> None:
    assert (await store.write(rooms.admit, 1, 1)).seq == 1
    assert (await store.write(rooms.admit, 1, 4)).seq == 5
