"""What the tests of several packages start from."""

import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.models import Visitor
from tests.clients.desktop.display import running_display, what_is_missing
from tests.support.house import House, StuckWriter, open_house
from tests.support.kept import keep
from tests.support.postgres import Databases, databases
from tests.support.redis import some_redis
from tests.support.tables import give_tables

keep()
# A shell starts what it leaves in the background deaf to Ctrl-C, and so is all that is started from there: a command
# that a test interrupts would never end.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and the room `general`, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "roost.db"
    give_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """Makes databases on a PostgreSQL server, which is started when the first test asks for one."""
    with databases() as made:
        yield made


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis that other tests use too, started when the first one asks for it."""
    with some_redis() as url:
        yield url


@pytest.fixture(scope="session")
def display() -> Iterator[str | None]:
    """Where windows can be opened; None where none can be. One for all tests: a window that is closed still ends the
    process together with its display."""
    if what_is_missing() is not None:
        yield None
        return
    with running_display() as name:
        yield name


@pytest.fixture
async def house(migrated: Path, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(migrated, tmp_path) as house:
        yield house


@pytest.fixture
async def ana(house: House) -> Visitor:
    return await house.sign_in("ana")


@pytest.fixture
async def bo(house: House) -> Visitor:
    return await house.sign_in("bo")


@pytest.fixture
async def stuck(house: House) -> AsyncIterator[StuckWriter]:
    writer = StuckWriter(house)
    await writer.is_stuck()
    yield writer
    await writer.release()
