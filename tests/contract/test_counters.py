import asyncio

from app.storage import counters
from app.storage.store import Store


async def test_they_have_no_holes_however_many_count_at_once(store: Store) -> None:
    assert await store.read(counters.read) == {"revoked": 0, "unheard": 0, "roles": 0}
    taken = await asyncio.gather(*[store.write(counters.take, "revoked") for _ in range(20)])
    assert sorted(taken) == list(range(1, 21))
    assert await store.write(counters.take, "unheard") == 1
    assert await store.read(counters.read) == {"revoked": 20, "unheard": 1, "roles": 0}
