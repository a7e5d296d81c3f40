"""What the fault tests share: options, communities, servers that do not outlive their test, and the table of figures.

make faults         all, with the numbers of DELIVERY's table
make faults-short   the cut that .ci/run takes
make soak           forty minutes of mixed load
make soak-faults    an hour of faults on PostgreSQL and Redis

A test is run on another engine by `@pytest.mark.parametrize("engine", ...)`.
"""

import dataclasses
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from stores.postgres import Cluster
from stores.redis import RedisServer
from tests.faults.community import Community, found_community, inhabited
from tests.faults.load import Load
from tests.faults.server import ServerProcess
from tests.support.postgres import Databases, own_cluster
from tests.support.redis import own_redis

FIGURES = pytest.StashKey[list[str]]()

Figure = Callable[[str], None]
Engine = Literal["sqlite", "notify", "redis"]
"""SQLite and one process; PostgreSQL, its NOTIFY between two processes; PostgreSQL, and Redis between them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption("--long", action="store_true", help="as many rounds, and as long, as DELIVERY's table says")
    group.addoption("--minutes", type=float, default=40.0, help="length of the soak")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what DELIVERY's table numbers, before -m looks."""
    for item in items:
        if re.match(r"test_f\d\d_", item.path.name) and item.get_closest_marker("soak") is None:
            item.add_marker(pytest.mark.fault)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[FIGURES]:
        terminalreporter.write_line(line)


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Notes a line for the end of the run."""
    return request.config.stash[FIGURES].append


@pytest.fixture
def engine() -> Engine:
    return "sqlite"


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Community:
    return found_community(tmp_path_factory.mktemp("community"))


@pytest.fixture
def community(engine: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Community]:
    """A new one on this engine; on `cluster`, where the test asks for that."""
    redis = request.getfixturevalue("redis").url if engine == "redis" else ""
    if engine == "sqlite":
        founded: Community = request.getfixturevalue("founded")
        yield founded.copy(tmp_path)
    elif "cluster" in request.fixturenames:
        cluster: Cluster = request.getfixturevalue("cluster")
        yield inhabited(Community(cluster.url(), tmp_path, redis=redis))
    else:
        founded = request.getfixturevalue("founded_in_postgres")
        databases: Databases = request.getfixturevalue("postgres")
        with databases.empty(founded.name) as url:
            yield dataclasses.replace(founded, url=url, folder=tmp_path, redis=redis)


@pytest.fixture(scope="session")
def founded_in_postgres(postgres: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    with postgres.empty() as url:
        yield inhabited(Community(url, tmp_path_factory.mktemp("community")))


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of the test's own, to be harmed."""
    with own_cluster() as cluster:
        yield cluster


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis server of the test's own."""
    with own_redis() as server:
        yield server


@pytest.fixture
async def servers() -> AsyncIterator[list[ServerProcess]]:
    """Put a server in here and it is gone after the test."""
    started: list[ServerProcess] = []
    yield started
    for server in started:
        await server.kill()


@pytest.fixture
async def server(community: Community, servers: list[ServerProcess]) -> ServerProcess:
    """A plain one, serving."""
    return await start(ServerProcess(community), servers)


@pytest.fixture
async def nodes(community: Community, server: ServerProcess, servers: list[ServerProcess]) -> list[ServerProcess]:
    """As many as the tests take on this engine: two where they share a database."""
    return [server, await start(ServerProcess(community), servers)] if community.is_shared else [server]


async def start(server: ServerProcess, servers: list[ServerProcess]) -> ServerProcess:
    servers.append(server)
    await server.start()
    return server


@pytest.fixture
async def load(community: Community, nodes: list[ServerProcess]) -> AsyncIterator[Load]:
    """200 clients, live."""
    load = Load(community, *(node.address for node in nodes))
    load.add_all(200)
    async with load.running():
        yield load
