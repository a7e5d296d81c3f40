"""F11: one of two servers is cut off from the feed between them, and not from the database (DELIVERY D5, D6, D11)."""

import asyncio
from pathlib import Path

from tests.faults.conftest import Figure
from tests.faults.feeds import load_on_both, two_servers
from tests.faults.load import quantile
from tests.faults.postgres_community import postgres_community
from tests.support.feed_proxy import feed_proxy
from tests.support.redis import own_redis

CALM = 10.0
CUT, LONG_CUT = 30.0, 150.0
"""Seconds; after 100 of silence a server takes another one for dead."""
SEEN, SEEN_AGAIN, HEALING = 2.5, 0.3, 5.0
"""Seconds from sending to being seen, while it is cut and from so many seconds after that."""


async def test_messages_cross_while_the_feed_is_cut_and_come_once_when_it_is_back(
    tmp_path: Path, long: bool, figure: Figure
) -> None:
    loop = asyncio.get_running_loop()
    with postgres_community(tmp_path) as community, own_redis() as redis:
        async with feed_proxy(redis.url) as feed:
            near, far = {"REDIS_URL": feed.url}, {"REDIS_URL": redis.url}
            async with two_servers(community, tmp_path, near, far) as (one, other):
                load = load_on_both(community, one, other)
                async with load.running():
                    load.send_at()
                    await asyncio.sleep(CALM)
                    feed.sever()
                    cut = loop.time()
                    await asyncio.sleep(LONG_CUT if long else CUT)
                    feed.heal()
                    healed = loop.time()
                    await asyncio.sleep(HEALING + CALM)
                    await load.settle()
                    assert await load.violations() == []
    calm = load.latencies(until=cut)
    apart = load.latencies(cut, healed)
    again = load.latencies(healed + HEALING)
    gaps = sum(client.gaps for client in load.clients)
    figure(
        f"F11  K = 0; seen p99 {quantile(calm, 0.99):.3f} s, while cut {quantile(apart, 0.99):.2f} (at most "
        f"{max(apart):.2f}), afterwards {quantile(again, 0.99):.3f}; {gaps} gaps seen by clients"
    )
    assert max(apart) <= SEEN
    assert quantile(again, 0.99) <= SEEN_AGAIN
