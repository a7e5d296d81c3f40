"""F21: the event loop stands still for half a second, every five (DELIVERY D9, D16)."""

import asyncio

from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load, quantile
from tests.faults.runners.blocked_loop import BLOCK, EVERY
from tests.faults.server import ServerProcess

STAY = 65.0
"""Seconds: three rounds of pings, and longer than any watchdog's patience."""


async def test_a_halting_loop_loses_nobody_and_is_measured(
    community: Community, servers: list[ServerProcess], figure: Figure
) -> None:
    server = ServerProcess(community, command=("-m", "tests.faults.runners.blocked_loop"))
    servers.append(server)
    await server.start()
    load = Load(community, server.address)
    load.add_all(200)
    async with load.running():
        load.send_at()
        await asyncio.sleep(STAY)
        await load.settle()
        assert await load.violations() == []
        short = await server.metric('roost_loop_lag_seconds_bucket{le="0.25"}')
        measured = await server.metric("roost_loop_lag_seconds_count") - short

    figure(
        f"F21  K = 0; {len(load.absences)} lost; {measured:.0f} of about {STAY / (EVERY + BLOCK):.0f} blocks measured; "
        f"p99 {quantile(load.latencies(), 0.99):.2f} s"
    )
    assert load.absences == []
    assert measured >= 0.8 * STAY / (EVERY + BLOCK)
