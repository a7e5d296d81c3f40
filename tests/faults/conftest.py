"""What the fault tests share: options, the community, servers that do not outlive their test, and the table of figures.

make faults         all, with the numbers of DELIVERY's table
make faults-short   the cut that .ci/run takes
make soak           forty minutes of mixed load
"""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.faults.community import Community, found_community
from tests.faults.load import Load
from tests.faults.server import ServerProcess

FIGURES = pytest.StashKey[list[str]]()

Figure = Callable[[str], None]


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
        if re.match(r"test_f\d\d_", item.path.name):
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


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Community:
    return found_community(tmp_path_factory.mktemp("community"))


@pytest.fixture
def community(founded: Community, tmp_path: Path) -> Community:
    return founded.copy(tmp_path)


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
    server = ServerProcess(community.database, environment={"DATABASE_URL": community.url})
    servers.append(server)
    await server.start()
    return server


@pytest.fixture
async def load(community: Community, server: ServerProcess) -> AsyncIterator[Load]:
    """200 clients, live."""
    load = Load(community, server.address)
    load.add_all(200)
    async with load.running():
        yield load
