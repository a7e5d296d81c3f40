"""Two servers on one PostgreSQL database, which hear of each other over a feed that a test may break."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.community import Community
from tests.faults.load import Load
from tests.faults.server import ServerProcess

CLIENTS = 200


@asynccontextmanager
async def two_servers(
    community: Community, folder: Path, one: dict[str, str], other: dict[str, str]
) -> AsyncIterator[tuple[ServerProcess, ServerProcess]]:
    """Each with its own additional environment."""
    servers = [
        ServerProcess(folder / name, environment={"DATABASE_URL": community.url, **environment})
        for name, environment in (("one", one), ("other", other))
    ]
    try:
        for server in servers:
            await server.start()
        yield servers[0], servers[1]
    finally:
        for server in servers:
            await server.kill()


def load_on_both(community: Community, one: ServerProcess, other: ServerProcess, clients: int = CLIENTS) -> Load:
    """Clients of each room on either server."""
    load = Load(community, one.address)
    load.add_all(clients // 2)
    load.add_all(clients - clients // 2, address=other.address)
    return load
