"""The contract suite runs once for every engine: a new one is a line in ENGINES."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from app.models import User
from app.storage.database import Database
from app.storage.store import Store, open_store
from tests.support.postgres import Databases
from tests.support.storage import open_database, person


@contextmanager
def sqlite_database(request: pytest.FixtureRequest) -> Iterator[str]:
    folder: Path = request.getfixturevalue("tmp_path")
    shutil.copy(request.getfixturevalue("migrated"), folder / "roost.db")
    yield f"sqlite:///{folder}/roost.db"


def postgres_database(request: pytest.FixtureRequest) -> AbstractContextManager[str]:
    databases: Databases = request.getfixturevalue("postgres")
    return databases.fresh()


ENGINES: dict[str, Callable[[pytest.FixtureRequest], AbstractContextManager[str]]] = {
    "sqlite": sqlite_database,
    "postgresql": postgres_database,
}
"""By name: makes a database with all tables, and gives its URL."""


class SetClock:
    """Tells the time it was set to, in milliseconds."""

    def __init__(self) -> None:
        self.time = 1_000_000

    def __call__(self) -> int:
        return self.time


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with ENGINES[request.param](request) as url:
        yield url


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
    store = await open_store(url, clock)
    yield store
    await store.close()


@pytest.fixture
async def ada(store: Store) -> User:
    return await person(store, "ada")


@pytest.fixture
async def bob(store: Store) -> User:
    return await person(store, "bob")
