"""F4: Redis dies, hangs, loses everything, throws its clients out, or was never there (DELIVERY D11)."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from stores.redis import RedisServer
from tests.faults.conftest import Figure
from tests.faults.feeds import load_on_both, two_servers
from tests.faults.load import Load, quantile
from tests.faults.postgres_community import postgres_community
from tests.faults.server import ServerProcess
from tests.support.redis import own_redis

CALM, HUNG, LONG_HUNG = 5.0, 10.0, 30.0
SEEN, SEEN_AGAIN, HEALING = 2.5, 0.3, 5.0
"""Seconds from sending to being seen, while Redis is away and from so many seconds after its return."""
GROWTH = 20 * 2**20
"""Bytes."""

Harm = Callable[[RedisServer, float], Awaitable[None]]


async def kill(redis: RedisServer, seconds: float) -> None:
    """And start it again, empty."""
    redis.kill()
    await asyncio.sleep(seconds)
    redis.start()


async def hang(redis: RedisServer, seconds: float) -> None:
    redis.pause()
    await asyncio.sleep(seconds)
    redis.resume()


async def restart(redis: RedisServer, seconds: float) -> None:
    redis.restart()


async def throw_out(redis: RedisServer, seconds: float) -> None:
    redis.cut_clients()


@pytest.mark.parametrize("harm", [kill, hang, restart, throw_out])
async def test_whatever_becomes_of_redis_messages_are_stored_and_seen(
    harm: Harm, tmp_path: Path, long: bool, figure: Figure
) -> None:
    loop = asyncio.get_running_loop()
    with postgres_community(tmp_path) as community, own_redis() as redis:
        environment = {"REDIS_URL": redis.url}
        async with two_servers(community, tmp_path, environment, environment) as servers:
            load = load_on_both(community, *servers)
            async with load.running():
                load.send_at()
                await asyncio.sleep(CALM)
                before = memory(servers)
                harmed = loop.time()
                await harm(redis, LONG_HUNG if long else HUNG)
                back = loop.time()
                grown = max(now - then for now, then in zip(memory(servers), before, strict=True))
                await asyncio.sleep(HEALING + CALM)
                await load.settle()
                assert await load.violations() == []
            judge(load, harm.__name__, harmed, back, grown, figure)
            assert {server.is_running for server in servers} == {True}


async def test_a_redis_that_was_never_there_is_not_needed(tmp_path: Path, figure: Figure) -> None:
    loop = asyncio.get_running_loop()
    with postgres_community(tmp_path) as community, own_redis() as redis:
        redis.kill()
        environment = {"REDIS_URL": redis.url}
        async with two_servers(community, tmp_path, environment, environment) as servers:
            load = load_on_both(community, *servers)
            async with load.running():
                begun = loop.time()
                load.send_at()
                await asyncio.sleep(2 * CALM)
                redis.start()
                back = loop.time()
                await asyncio.sleep(HEALING + CALM)
                await load.settle()
                assert await load.violations() == []
            judge(load, "never there", begun, back, 0, figure)


def memory(servers: tuple[ServerProcess, ServerProcess]) -> list[int]:
    return [server.rss for server in servers]


def judge(load: Load, what: str, harmed: float, back: float, grown: int, figure: Figure) -> None:
    away = load.latencies(harmed, back + HEALING)
    again = load.latencies(back + HEALING)
    refused = sum(not send.acked for send in load.sends)
    figure(
        f"F4   {what}: K = 0; {refused} of {len(load.sends)} sends not acked; seen p99 {quantile(away, 0.99):.2f} s "
        f"(at most {max(away):.2f}), {quantile(again, 0.99):.3f} s afterwards; memory + {grown / 2**20:.1f} MiB"
    )
    assert refused == 0
    assert quantile(away, 0.99) <= SEEN
    assert quantile(again, 0.99) <= SEEN_AGAIN
    assert grown <= GROWTH
