import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.realtime import readiness
from tests.support.door import Door, running
from tests.support.postgres import Cluster, own_cluster

HOST = {"Host": "127.0.0.1"}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {}) as door:
        yield door


async def status(door: Door, path: str) -> int:
    return (await door.ask(f"GET {path} HTTP/1.1", HOST))[0]


async def becomes(door: Door, wanted: int) -> None:
    async with asyncio.timeout(5.0):
        while await status(door, "/readyz") != wanted:  # noqa: ASYNC110  this is what is tested
            await asyncio.sleep(0.05)


async def test_both_are_open_to_everybody_and_kept_by_nobody(door: Door) -> None:
    for path, said in (("/healthz", "ok"), ("/readyz", "ready")):
        head, body = await door.get(path, HOST)
        assert body == f'{{"status": "{said}"}}'
        assert "Cache-Control: no-store" in head


async def test_a_database_that_is_gone_makes_it_unready_and_one_that_is_back_ready_while_the_process_is_healthy(
    door: Door,
) -> None:
    database = door.server.application.services.store.database
    assert await status(door, "/readyz") == 200
    await database.close()
    await becomes(door, 503)
    assert await status(door, "/healthz") == 200
    await database.start()
    await becomes(door, 200)


async def test_a_server_that_leaves_is_unready_at_once(door: Door) -> None:
    door.server.application.leave()
    assert await status(door, "/readyz") == 503
    assert await status(door, "/healthz") == 200


async def test_reading_is_enough_to_be_ready(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk refuses what is written, and everybody reads on (DELIVERY D13)."""
    monkeypatch.setattr(readiness, "ASKED_EVERY", 0.0)
    path = door.server.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await status(door, "/readyz") == 200


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with own_cluster() as cluster:
        yield cluster


@pytest.fixture
async def far_door(tmp_path: Path, cluster: Cluster) -> AsyncIterator[Door]:
    """Of a server whose database is another server."""
    async with running(tmp_path, {"DATABASE_URL": cluster.url()}) as door:
        yield door


async def test_a_database_server_that_ends_is_noticed_within_five_seconds_and_so_is_its_return(
    far_door: Door, cluster: Cluster
) -> None:
    assert await status(far_door, "/readyz") == 200
    await asyncio.to_thread(cluster.stop, "immediate")
    await becomes(far_door, 503)
    await asyncio.to_thread(cluster.start)
    await becomes(far_door, 200)


async def test_a_database_server_that_hangs_is_noticed_within_five_seconds_and_nobody_hangs_with_it(
    far_door: Door, cluster: Cluster
) -> None:
    loop = asyncio.get_running_loop()
    assert await status(far_door, "/readyz") == 200
    cluster.pause()
    try:
        await becomes(far_door, 503)
        begun = loop.time()
        answers = await asyncio.gather(*[status(far_door, "/readyz") for _ in range(100)])
        assert set(answers) == {503}
        assert loop.time() - begun < readiness.PATIENCE + 1.0
        assert await status(far_door, "/healthz") == 200
    finally:
        cluster.resume()
    await becomes(far_door, 200)
