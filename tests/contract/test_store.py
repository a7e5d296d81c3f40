import asyncio

import pytest

from app.errors import SettingsError
from app.storage import users
from app.storage.store import Store, claim_database, engine_of, open_store
from app.storage.tables import metadata
from tests.support.storage import open_fresh


async def test_the_epoch_names_one_database_for_as_long_as_it_lives(url: str, store: Store) -> None:
    await store.close()
    again = await open_store(url)
    assert again.epoch == store.epoch
    assert len(store.epoch) >= 16
    await again.close()


async def test_arguments_reach_the_query(store: Store) -> None:
    added = await store.write(users.add, "ada", role="admin", now=5)
    assert await store.read(users.by_id, user_id=added.id) == added


async def test_a_database_without_tables_is_refused_with_the_cure(url: str) -> None:
    await engine_of(url).at(url).migrate(metadata.drop_all)
    with pytest.raises(SettingsError, match=r"manage\.py migrate"):
        await open_store(url)


@pytest.mark.parametrize("url", ["", "nonsense", "oracle://host/name", "sqlite://", "sqlite:///:memory:"])
async def test_a_url_that_cannot_be_opened_is_named(url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        await open_store(url)
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        claim_database(url)


async def test_two_stores_on_one_database_share_what_is_stored(url: str, store: Store) -> None:
    """A server and a command of manage.py."""
    beside = await open_fresh(url)
    turns = [store, beside] * 10
    adding = [one.write(users.add, f"person{number}", "member", 5) for number, one in enumerate(turns)]
    added = await asyncio.gather(*adding)
    for one in (store, beside):
        assert await one.read(users.by_ids, [user.id for user in added]) == sorted(added, key=lambda user: user.id)
    await beside.close()
