"""F13: a deploy: the server is told to stop, twice, and a new one comes up (DELIVERY D7, D10)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from tests.faults.community import Community, peopled
from tests.faults.conftest import Engine, Figure
from tests.faults.load import Load, until
from tests.faults.server import Peak, ServerProcess

FEW, MANY = 200, 1_000
NEXT = 5.0
EXIT = 20.0
LIVE = 30.0
"""Seconds."""
CONNECTS = 200
"""A second, at most."""
PEAK = 1.5
"""Memory at its highest, in parts of that when all is calm."""
READS = 3
"""Of the database, for each room that somebody comes back to, on average and at most."""
RESTARTING = 1012
UPS_AND_DOWNS = 10.0

ENGINES = [pytest.param("sqlite", FEW, marks=pytest.mark.short), ("sqlite", MANY), ("notify", MANY), ("redis", MANY)]


@pytest.fixture
def community(community: Community, count: int) -> Community:
    """Every client is somebody else."""
    return peopled(community, count)


@pytest.fixture
async def load(community: Community, server: ServerProcess, count: int) -> AsyncIterator[Load]:
    load = Load(community, server.address)
    load.add_all(count)
    async with load.running():
        yield load


@pytest.mark.parametrize(("engine", "count"), ENGINES)
async def test_a_deploy_goes_unnoticed(
    load: Load, server: ServerProcess, figure: Figure, engine: Engine, count: int
) -> None:
    loop = asyncio.get_running_loop()
    load.send_at()
    await load.acknowledged(40)
    router = await server.kept_connection()
    assert await router("/readyz") == 200
    told = loop.time()
    server.terminate()
    await until(lambda: any(not client.live for client in load.clients))
    server.terminate()
    ready = await router("/readyz")
    status = await server.ended()
    left = loop.time() - told
    await asyncio.sleep(max(0.0, told + NEXT - loop.time()))
    await server.launch()
    async with Peak(lambda: server.rss) as peak:
        await server.until_ready()
        await load.all_live()
        live = loop.time() - server.ready_at
        reads = await server.metric("roost_database_seconds_count")
        await asyncio.sleep(UPS_AND_DOWNS)
    await load.settle()
    assert await load.violations() == []

    unanswered = sum(send.pending for send in load.sends)
    refused = Counter(send.refused for send in load.sends if send.refused)
    returns = [at for at in load.board.connects if at > told]
    busiest = max(Counter(int(at - told) for at in returns).values())
    faults = [status for at, status in load.board.statuses if at > server.ready_at and status >= 500]
    reads /= sum(len(client.history.rooms) for client in load.clients)
    codes = Counter(code for client in load.clients for code in client.codes)
    figure(
        f"F13  {engine}: left after {left:.1f} s with status {status}; {count} live {live:.1f} s after ready; "
        f"busiest second {busiest} connects; memory at most {peak.value / server.rss:.2f} of calm; "
        f"{reads:.1f} reads for a room; closed with {dict(codes)}; {unanswered} sends unanswered, "
        f"refused {dict(refused)}; {len(faults)} answers of 5xx after ready; K = 0"
    )
    assert ready == 503
    assert status == 0
    assert left <= EXIT
    assert set(codes) == {RESTARTING}
    assert unanswered == 0
    assert not refused
    assert busiest <= CONNECTS
    assert live <= LIVE
    assert reads <= READS
    assert peak.value <= PEAK * server.rss
    assert faults == []
    assert sum(client.resets for client in load.clients) == 0
