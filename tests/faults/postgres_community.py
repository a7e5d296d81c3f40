"""A community that is kept in PostgreSQL."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from tests.faults.community import Community, inhabited
from tests.support.postgres import Databases, own_cluster


@dataclass(frozen=True, slots=True)
class PostgresCommunity(Community):
    """`database` is no database here: its folder takes the logs of servers."""

    address: str = ""

    @property
    def url(self) -> str:
        return self.address

    def rows(self, query: str) -> list[Any]:
        async def fetch() -> list[Any]:
            connection = await asyncpg.connect(self.address)
            try:
                return [tuple(row) for row in await connection.fetch(query)]
            finally:
                await connection.close()

        with ThreadPoolExecutor(1) as thread:  # the caller runs a loop of its own
            return thread.submit(asyncio.run, fetch()).result()


@contextmanager
def postgres_community(folder: Path) -> Iterator[PostgresCommunity]:
    """One on a server of its own."""
    with own_cluster() as cluster, Databases(cluster.url()).empty() as url, ThreadPoolExecutor(1) as thread:
        empty = PostgresCommunity(folder / "postgres", [], [], url)
        community = thread.submit(inhabited, empty).result()
        assert isinstance(community, PostgresCommunity)
        yield community
