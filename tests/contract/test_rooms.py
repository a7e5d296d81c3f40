import pytest

from app.errors import RoomTaken
from app.models import Room, RoomKind, User
from app.storage import memberships, messages, rooms
from app.storage.store import Store
from tests.support.storage import new_message, post


async def test_a_new_room_is_empty(store: Store) -> None:
    room = await store.write(rooms.add, "garden", "Garden", "What grows", "private", 5)
    assert room == Room(room.id, "garden", "Garden", "What grows", "private", 0, 0, 0, 0, created_at=5)
    assert await store.read(rooms.by_id, room.id) == room
    assert await store.read(rooms.by_slug, "garden") == room


async def test_a_room_that_does_not_exist_is_none(store: Store) -> None:
    assert await store.read(rooms.by_id, 999) is None
    assert await store.read(rooms.by_slug, "nowhere") is None


async def test_a_slug_names_one_room(store: Store) -> None:
    garden = await store.write(rooms.add, "garden", "Garden", "", "public", 5)
    with pytest.raises(RoomTaken, match="general already"):
        await store.write(rooms.add, "general", "Another", "", "public", 5)
    with pytest.raises(RoomTaken, match="general already"):
        await store.write(rooms.change, garden.id, {"slug": "general"})
    assert (await store.write(rooms.change, garden.id, {"slug": "garden"})).slug == "garden"


async def test_a_public_name_names_one_room_in_whatever_case(store: Store) -> None:
    garden = await store.write(rooms.add, "garden", "Кафе Sol", "", "public", 5)
    await store.write(rooms.add, "cellar", "Cellar", "", "private", 5)
    for name, taken in {"КАФЕ SOL": True, "кафе sól": False, "кафе": False, "Cellar": False, "General": True}.items():
        assert await store.read(rooms.name_is_taken, name) is taken, name
    assert not await store.read(rooms.name_is_taken, "кафе sol", garden.id)


async def test_a_change_of_a_room_takes_the_next_number_of_a_change(store: Store, ada: User) -> None:
    garden = await store.write(rooms.add, "garden", "Garden", "", "public", 5, created_by=ada.id)
    await post(store, [new_message(ada, room_id=garden.id)])
    changed = await store.write(rooms.change, garden.id, {"name": "Orchard", "slow_seconds": 30, "is_default": True})
    assert (changed.name, changed.slow_seconds, changed.is_default, changed.created_by) == ("Orchard", 30, True, ada.id)
    assert (changed.seq, changed.changed_seq, changed.last_number) == (2, 2, 1)
    assert await store.write(rooms.locked, garden.id) == await store.read(rooms.by_id, garden.id) == changed
    assert [room.id for room, _ in await store.read(rooms.directory, ada.id, "orch", None, 5)] == [garden.id]
    assert await store.read(rooms.directory, ada.id, "gard", None, 5) == []


async def test_the_directory_goes_by_name_and_shows_nothing_private(store: Store, ada: User, bob: User) -> None:
    made = {}
    for name in ("bees", "Ärger", "zebras", "_", "Bees II", "烏"):
        kind: RoomKind = "private" if name == "zebras" else "public"
        made[name] = (await store.write(rooms.add, name.casefold(), name, "", kind, 5)).id
    await store.write(memberships.join, made["zebras"], ada.id, 6)
    await store.write(memberships.join, made["bees"], ada.id, 6)
    await store.write(memberships.leave, made["bees"], ada.id, 7)
    everything = await store.read(rooms.directory, ada.id, "", None, 50)
    assert [room.name for room, _ in everything] == ["_", "Ärger", "bees", "Bees II", "general", "zebras", "烏"]
    assert [room.name for room, joined in everything if joined] == ["zebras"]
    assert [room.name for room, _ in await store.read(rooms.directory, bob.id, "z", None, 50)] == []
    for count in (1, 2, 3):
        walked: list[tuple[Room, bool]] = []
        while part := await store.read(rooms.directory, ada.id, "", walked[-1][0].id if walked else None, count):
            walked += part
        assert walked == everything


async def test_members_are_counted(store: Store, ada: User, bob: User) -> None:
    await store.write(memberships.join_default, ada.id, 1)
    await store.write(memberships.join_default, bob.id, 1)
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
    await post(store, [new_message(ada), new_message(ada)])
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
