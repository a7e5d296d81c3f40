"""The line over a real PostgreSQL that stalls, restarts, or is reached through something that shares sessions."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from app.bus import postgres as postgres_module
from app.bus.postgres import PostgresLine
from app.bus.shared import SharedBus
from stores.postgres import Cluster
from tests.support.postgres import Databases, own_cluster
from tests.support.waiting import until


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """For tests that harm it."""
    with own_cluster() as cluster:
        yield cluster


@pytest.fixture
def url(postgres: Databases) -> Iterator[str]:
    with postgres.empty() as url:
        yield url


class Process:
    def __init__(self, url: str, community: str) -> None:
        self.line = PostgresLine(url, community)
        self.bus = SharedBus(self.line)
        self.seqs: list[int] = []
        self.touches: list[str] = []
        self.breaks = 0

    def deliver(self, topic: str, seq: int, body: bytes | None) -> None:
        if topic == "touch":
            self.touches.append(topic)
            return
        self.seqs.append(seq)

    def lost(self) -> None:
        self.breaks += 1


@asynccontextmanager
async def two(url: str) -> AsyncIterator[tuple[Process, Process]]:
    community = secrets.token_hex(4)
    one, other = Process(url, community), Process(url, community)
    for each in (one, other):
        each.bus.subscribe("room:1")
        each.bus.subscribe("touch")
        await each.bus.start(each.deliver, each.lost)
    yield one, other
    for each in (one, other):
        await each.bus.close()


async def in_touch(one: Process, other: Process) -> None:
    """Both are up, and what one says is heard by the other."""
    await until(lambda: one.bus.up and other.bus.up)
    heard = len(other.touches)
    one.bus.publish("touch", 0, b"{}")
    await until(lambda: len(other.touches) > heard)


async def test_after_a_restart_of_the_server_everything_is_heard_again(cluster: Cluster) -> None:
    async with two(cluster.url()) as (one, other):
        await asyncio.to_thread(cluster.restart, "immediate")
        async with asyncio.timeout(5):
            await in_touch(one, other)
            await in_touch(other, one)
        assert (one.breaks, other.breaks) == (1, 1)


async def test_while_the_server_stands_still_it_is_not_up_and_afterwards_it_is(cluster: Cluster) -> None:
    async with two(cluster.url()) as (one, other):
        cluster.pause()
        async with asyncio.timeout(2.5):
            await until(lambda: not one.bus.up and not other.bus.up)
        await asyncio.sleep(5)  # lines are given up, and new ones are not answered
        cluster.resume()
        async with asyncio.timeout(5):
            await in_touch(one, other)
            await in_touch(other, one)
        assert one.breaks == other.breaks == 1


async def test_a_hint_does_not_wait_for_the_disk(url: str) -> None:
    async with two(url) as (one, _):
        assert one.line._connection is not None
        assert await one.line._connection.fetchval("SHOW synchronous_commit") == "off"


async def test_one_connection_a_process_is_all_it_takes(url: str) -> None:
    async with two(url) as (one, other):
        await in_touch(one, other)
        watcher = await asyncpg.connect(url)
        found = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1"
        assert await watcher.fetchval(found, "roost bus") == 2
        await watcher.close()


async def test_databases_of_one_server_do_not_hear_each_other(postgres: Databases) -> None:
    with postgres.empty() as first, postgres.empty() as second:
        one, other = Process(first, "same"), Process(second, "same")
        for each in (one, other):
            each.bus.subscribe("room:1")
            await each.bus.start(each.deliver, each.lost)
        one.bus.publish("room:1", 1, b"{}")
        await asyncio.sleep(0.2)
        assert other.seqs == []
        for each in (one, other):
            await each.bus.close()


async def test_the_largest_parcel_is_taken_by_the_server(url: str) -> None:
    """However many bytes its characters have."""
    async with two(url) as (one, other):
        for seq in range(1, 200):
            one.bus.publish("room:1", seq, '"{}"'.format("😀" * (7 * seq % 1_960)).encode())
        await until(lambda: other.seqs == list(range(1, 200)))
        assert one.breaks == other.breaks == 0


async def test_a_pooler_that_shares_sessions_is_noticed_though_it_takes_everything(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As one would: the LISTEN is answered, and what comes of it goes to nobody."""

    async def listen_elsewhere(self: asyncpg.Connection, *_: object) -> None:
        await self.execute("SELECT 1")

    monkeypatch.setattr(asyncpg.Connection, "add_listener", listen_elsewhere)
    process = Process(url, "pooled")
    await process.bus.start(process.deliver, process.lost)
    assert not process.bus.up
    await until(lambda: "pooler" in caplog.text)
    await process.bus.close()


async def test_no_parcel_is_refused_by_the_server_at_its_limit(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(postgres_module.NOTIFY, "roost", ["x" * postgres_module.LONGEST])
    await connection.close()
