from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.storage import epoch
from app.storage.store import Store, open_store
from tests.support.storage import open_fresh


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_fresh(f"sqlite:///{tmp_path}/roost.db")
    yield store
    await store.close()


def test_no_two_are_the_same() -> None:
    assert len({epoch.new() for _ in range(100)}) == 100


async def test_a_renewed_one_is_found_by_whoever_opens_the_database_next(store: Store, tmp_path: Path) -> None:
    await store.write(epoch.renew)
    assert await store.read(epoch.of) != store.epoch
    again = await open_store(f"sqlite:///{tmp_path}/roost.db")
    assert again.epoch == await store.read(epoch.of)
    await again.close()
