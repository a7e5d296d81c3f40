from app.storage import setup_codes
from app.storage.store import Store


async def test_the_newest_hashes_are_kept(store: Store) -> None:
    assert await store.read(setup_codes.read) == []
    for number in range(setup_codes.KEPT + 2):
        await store.write(setup_codes.add, f"hash{number}")
    assert await store.read(setup_codes.read) == [f"hash{number}" for number in range(2, setup_codes.KEPT + 2)]
    await store.write(setup_codes.clear)
    assert await store.read(setup_codes.read) == []
