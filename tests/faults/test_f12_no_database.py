"""F12: one of two nodes is cut off from the database, and only that (DELIVERY D12)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable

import pytest

from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure, start
from tests.faults.history import Send
from tests.faults.load import Load
from tests.faults.network import led_through, place_of
from tests.faults.server import ServerProcess
from tests.support.proxy import Proxy, proxy_to

A, B = 0, 1
CALM, CUT = 15.0, 30.0
REFUSED, UNREADY, BACK = 5.0, 5.0, 5.0
"""Seconds until a send is refused, until /readyz says so, until all is well again."""
SHARE, JITTER = 1.1, 0.005
"""What the other's p99 may be more than before: a tenth, and seconds that a shared machine adds."""
ABSENT = 3.0
"""Seconds for which what the lost node held may keep somebody else waiting."""


@pytest.fixture
async def line(community: Community) -> AsyncIterator[Proxy]:
    """From node A to the database."""
    async with proxy_to(place_of(community.url)) as line:
        yield line


@pytest.fixture
async def nodes(community: Community, line: Proxy, servers: list[ServerProcess]) -> list[ServerProcess]:
    environment = {"DATABASE_URL": led_through(community.url, line.address)}
    led = await start(ServerProcess(community, environment=environment), servers)
    return [led, await start(ServerProcess(community), servers)]


@pytest.mark.parametrize("engine", ["notify", "redis"])
@pytest.mark.parametrize("cut", [Proxy.sever, Proxy.stall])
async def test_who_has_no_database_says_so_and_the_other_goes_on(
    load: Load, line: Proxy, nodes: list[ServerProcess], figure: Figure, cut: Callable[[Proxy], None], engine: Engine
) -> None:
    loop = asyncio.get_running_loop()
    load.send_at()
    await asyncio.sleep(CALM)
    begun = loop.time()
    cut(line)
    await nodes[A].until_unready()
    unready = loop.time() - begun
    await asyncio.sleep(begun + CUT - loop.time())
    unready_still, other = await nodes[A].status("/readyz"), await nodes[B].status("/readyz")
    mended = loop.time()
    line.heal()
    line.flow()
    back = await load.first_ack(mended)
    await nodes[A].until_ready()
    ready = loop.time() - mended
    await load.settle()
    assert await load.violations() == []

    refused = [send for send in sends_at(load, A) if send.refused]
    waits = [send.answered_at - send.begun_at for send in refused if send.answered_at is not None]
    calm = load.typical_p99(begun - CALM, begun, origin=B, node=B)
    meanwhile = load.typical_p99(begun, mended, origin=B, node=B)
    worst = max(load.latencies(begun, mended, origin=B, node=B))
    figure(
        f"F12  {engine}, {cut.__name__}: K = 0; A refused {dict(Counter(send.refused for send in refused))} after "
        f"{max(waits):.1f} s at most, was not ready after {unready:.1f} s, took sends again after {back:.1f} s; "
        f"B's p99 {1000 * calm:.1f} to {1000 * meanwhile:.1f} ms, worst "
        f"{worst:.2f} s"
    )
    assert {send.refused for send in refused} == {"unavailable"}
    assert max(waits) <= REFUSED
    assert unready <= UNREADY
    assert (unready_still, other) == (503, 200)
    assert [at for at in load.acks(begun, A) if at < mended] == []
    assert not [send for send in sends_at(load, B) if send.refused]
    assert meanwhile <= SHARE * calm + JITTER
    assert worst <= ABSENT
    assert back <= BACK
    assert ready <= BACK
    assert load.absences == []


def sends_at(load: Load, node: int) -> list[Send]:
    return [send for client in load.clients if client.node == node for send in client.history.sends]
