"""The contract suite runs once for every engine: a new one is a line in ENGINES."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from app.models import User
from app.storage.database import Database
from app.storage.store import Store
from tests.support.storage import open_database, open_fresh, person


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder}/roost.db"


ENGINES: dict[str, Callable[[Path], str]] = {"sqlite": sqlite_url}
"""By name: makes the URL of a database that does not exist yet or is empty."""


class SetClock:
    """Tells the time it was set to, in milliseconds."""

    def __init__(self) -> None:
        self.time = 1_000_000

    def __call__(self) -> int:
        return self.time


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return ENGINES[request.param](tmp_path)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await open_database(url)
    yield database
    await database.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def store(url: str, clock: SetClock) -> AsyncIterator[Store]:
    store = await open_fresh(url, clock)
    yield store
    await store.close()


@pytest.fixture
async def ada(store: Store) -> User:
    return await person(store, "ada")


@pytest.fixture
async def bob(store: Store) -> User:
    return await person(store, "bob")
