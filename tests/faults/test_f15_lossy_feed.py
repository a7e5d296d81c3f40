"""F15 between two servers: a proxy on the feed loses, doubles and swaps what one of them hears (DELIVERY D5, D6)."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import Figure
from tests.faults.feeds import load_on_both, two_servers
from tests.faults.load import Load, quantile, until
from tests.faults.postgres_community import postgres_community
from tests.support.buses import mixed
from tests.support.feed_proxy import FeedProxy, feed_proxy
from tests.support.redis import own_redis

FILLED = 1.0
"""Seconds until what was lost has reached everybody, from the sending of the next message of its room, which shows the
gap."""
SHOWN = 25.0
"""Seconds until a change behind which nothing comes has reached everybody."""
TAIL = "the last, which the feed loses"


@asynccontextmanager
async def lossy_pair(feed: str, folder: Path) -> AsyncIterator[tuple[Load, FeedProxy]]:
    """200 live clients on two servers, one of which hears through the proxy."""
    with postgres_community(folder) as community, own_redis() as redis:
        async with feed_proxy(redis.url if feed == "redis" else community.url) as proxy:
            by_redis = ({"REDIS_URL": proxy.url}, {"REDIS_URL": redis.url})
            one, other = by_redis if feed == "redis" else ({"DATABASE_URL": proxy.url}, {})
            async with two_servers(community, folder, one, other) as servers:
                load = load_on_both(community, *servers)
                async with load.running():
                    yield load, proxy


@pytest.mark.parametrize("feed", ["redis", "notify"])
async def test_what_the_feed_loses_is_filled_from_the_database(
    feed: str, tmp_path: Path, long: bool, figure: Figure
) -> None:
    async with lossy_pair(feed, tmp_path) as (load, proxy):
        proxy.fate = mixed(random.Random(15))
        load.send_at()
        await asyncio.sleep(120 if long else 25)
        proxy.fate = None
        await load.settle()
        assert await load.violations() == []
    fates = ", ".join(f"{proxy.fates[fate]} {fate}" for fate in ("lose", "double", "swap", "pass"))
    delays = [seconds for seconds in filling(load) if seconds > 0]
    figure(f"F15  {feed}: K = 0; of what one heard {fates}; filled p99 {quantile(delays, 0.99):.3f} s")
    assert min(proxy.fates[fate] for fate in ("lose", "double", "swap")) > 10
    assert quantile(delays, 0.99) <= FILLED


def filling(load: Load) -> list[float]:
    """For each message, the seconds from the sending of the next one until everybody had it."""
    board = load.board
    return [
        shown_at - board.begun_at[board.known[room, seq + 1].nonce]
        for (room, seq), shown_at in board.shown_at.items()
        if (room, seq + 1) in board.known and board.known[room, seq + 1].nonce in board.begun_at
    ]


@pytest.mark.parametrize("feed", ["redis", "notify"])
async def test_a_lost_last_message_is_shown_in_time(feed: str, tmp_path: Path, figure: Figure) -> None:
    loop = asyncio.get_running_loop()
    async with lossy_pair(feed, tmp_path) as (load, proxy):
        proxy.fate = lambda event: "lose" if TAIL.encode() in event else "pass"
        speaker = load.clients[-1]
        rooms = list(speaker.history.rooms)
        for room in rooms:
            speaker.send(room, TAIL)
        await until(lambda: not speaker.pending)
        sent = loop.time()
        behind = [client for client in load.clients if any(client.last(room) != speaker.last(room) for room in rooms)]
        await load.settle()
        shown = loop.time() - sent
        assert await load.violations() == []
    figure(f"F15  {feed}: K = 0; the lost last message of {len(rooms)} rooms reached everybody after {shown:.1f} s")
    assert proxy.fates["lose"] > 0
    assert behind, "the last message was not lost"
    assert shown <= SHOWN
