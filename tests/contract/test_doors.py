from app.storage import doors
from app.storage.store import Store


async def test_a_new_community_is_open(store: Store) -> None:
    assert await store.read(doors.read) == "open"


async def test_what_was_chosen_last_holds(store: Store) -> None:
    for door in ("invited", "waiting", "waiting", "open"):
        await store.write(doors.change, door)
        assert await store.read(doors.read) == door
