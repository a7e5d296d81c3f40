"""F4: Redis dies, hangs, comes back empty, hangs up, or was never there (DELIVERY D11)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from stores.redis import RedisServer
from tests.faults.community import Community
from tests.faults.conftest import Figure, start
from tests.faults.load import Load, quantile
from tests.faults.server import Peak, ServerProcess

pytestmark = pytest.mark.parametrize("engine", ["redis"])

CALM, AFTER = 10.0, 15.0
RETURN = 5.0
"""Seconds within which everything is as before."""
WHILE_DOWN, WHILE_UP = 2.5, 0.3
"""Seconds from one node to the other for 99 of 100 messages."""
MEMORY = 20 * 1024 * 1024
"""Bytes that a node may grow by."""

Harm = Callable[[RedisServer], Awaitable[None]]


async def kill(redis: RedisServer) -> None:
    """Away for half a minute, then empty."""
    redis.kill()
    await asyncio.sleep(30)
    await asyncio.to_thread(redis.start)


async def hang(redis: RedisServer) -> None:
    redis.pause()
    await asyncio.sleep(30)
    redis.resume()


async def empty(redis: RedisServer) -> None:
    """Five times in half a minute."""
    for _ in range(5):
        await asyncio.to_thread(redis.restart)
        await asyncio.sleep(6)


async def hang_up(redis: RedisServer) -> None:
    for _ in range(5):
        await asyncio.to_thread(redis.cut_clients)
        await asyncio.sleep(6)


@pytest.mark.parametrize("harm", [kill, hang, empty, hang_up])
async def test_redis_is_not_missed(
    community: Community, load: Load, nodes: list[ServerProcess], redis: RedisServer, figure: Figure, harm: Harm
) -> None:
    loop = asyncio.get_running_loop()
    load.send_at()
    await asyncio.sleep(CALM)
    async with memory_of(nodes) as grown:
        down = loop.time()
        await harm(redis)
        up = loop.time()
        await asyncio.sleep(AFTER)
        await load.settle()
    assert await load.violations() == []
    judge(load, figure, harm.__name__, down, up, grown)


async def test_redis_may_come_later_than_everybody_else(
    community: Community, redis: RedisServer, servers: list[ServerProcess], figure: Figure
) -> None:
    loop = asyncio.get_running_loop()
    redis.kill()
    nodes = [await start(ServerProcess(community), servers) for _ in range(2)]
    load = Load(community, *(node.address for node in nodes))
    load.add_all(200)
    async with load.running():
        async with memory_of(nodes) as grown:
            down = loop.time()
            load.send_at()
            await asyncio.sleep(30)
            await asyncio.to_thread(redis.start)
            up = loop.time()
            await asyncio.sleep(AFTER)
            await load.settle()
        assert await load.violations() == []
    judge(load, figure, "never started", down, up, grown)


def judge(load: Load, figure: Figure, name: str, down: float, up: float, grown: list[int]) -> None:
    refused = [send.refused for send in load.sends if send.refused]
    meanwhile, after = quantile(load.crossing(down, up), 0.99), quantile(load.crossing(up + RETURN), 0.99)
    figure(
        f"F4   {name.replace('_', ' ')}: K = 0; {len(refused)} of {len(load.sends)} sends refused; p99 between nodes "
        f"{meanwhile:.2f} s while down, {after:.3f} s from {RETURN:.0f} s after its return; memory "
        f"{max(grown) / 2**20:+.1f} MiB"
    )
    assert refused == []
    assert load.absences == []
    assert meanwhile <= WHILE_DOWN
    assert after <= WHILE_UP
    assert max(grown) <= MEMORY


@asynccontextmanager
async def memory_of(nodes: list[ServerProcess]) -> AsyncIterator[list[int]]:
    """By how many bytes each node has grown at most, once the context is left."""
    grown: list[int] = []
    held = [node.rss for node in nodes]
    async with AsyncExitStack() as stack:
        peaks = [await stack.enter_async_context(Peak(lambda node=node: node.rss)) for node in nodes]  # type: ignore[misc]
        yield grown
    grown += [peak.value - before for peak, before in zip(peaks, held, strict=True)]
