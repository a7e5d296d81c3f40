"""The switch of the community beside that of each room, on both engines."""

from functools import partial

from app.storage import public_reading, rooms
from app.storage.store import Store


async def test_it_is_off_until_it_is_turned_on(store: Store) -> None:
    assert not await store.read(public_reading.is_on)
    for on in (True, True, False):
        await store.write(partial(public_reading.change, on=on))
        assert await store.read(public_reading.is_on) is on


async def test_a_room_is_found_with_the_switch(store: Store) -> None:
    room = await store.write(rooms.add, "garden", "Garden", "", "public", 5)
    assert (room.is_readable, room.is_unlisted) == (False, False)
    assert await store.read(public_reading.by_slug, "garden") == (room, False)
    await store.write(partial(public_reading.change, on=True))
    assert await store.read(public_reading.by_slug, "garden") == (room, True)
    assert await store.read(public_reading.by_id, room.id) == (room, True)
    assert await store.read(public_reading.by_slug, "nowhere") is None
    assert await store.read(public_reading.by_id, 9_999) is None


async def test_rooms_that_allow_it_are_listed_from_the_oldest_on(store: Store) -> None:
    await store.write(partial(public_reading.change, on=True))
    for slug in ("garden", "shed", "attic"):
        room = await store.write(rooms.add, slug, slug, "", "public", 5)
        await store.write(rooms.change, room.id, {"is_readable": True})
    attic = await store.read(rooms.by_slug, "attic")
    assert attic is not None
    await store.write(rooms.change, attic.id, {"kind": "private"})
    found = await store.read(public_reading.listed, 10)
    assert [(room.slug, is_on) for room, is_on in found] == [("garden", True), ("shed", True)]
    assert len(await store.read(public_reading.listed, 1)) == 1
