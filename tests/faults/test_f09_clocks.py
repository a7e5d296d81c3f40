"""F9: clocks that are wrong, on the server from its start or suddenly, and on clients (DELIVERY D14)."""

import asyncio
import time

from tests.faults.checker import falling_times
from tests.faults.clock import WrongClock
from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load
from tests.faults.server import ServerProcess
from tests.faults.sessions import add_session, opens

HOUR, DAY, YEAR = 3600, 86_400, 365 * 86_400
JUMPS = {"+1 h": HOUR, "-1 h": -HOUR, "-1 day": -DAY}
CLIENTS = 100
STAY = 42.0
"""Seconds after each jump: two rounds of pings and heartbeats."""
KEPT = 0.99
"""Of the connections, at each jump."""


async def test_no_clock_brings_order_or_sessions_down(
    community: Community, servers: list[ServerProcess], long: bool, figure: Figure
) -> None:
    clock = WrongClock(community.folder)
    server = ServerProcess(community, environment=clock.environment)
    servers.append(server)
    over, short, lasting = (
        add_session(community, expires_after=seconds) for seconds in (-HOUR // 6, HOUR // 2, 2 * DAY)
    )
    await server.start()
    load = Load(community, server.address)
    load.add_all(CLIENTS // 2)
    load.add_all(CLIENTS // 2, clock=lambda: time.time() + YEAR)
    async with load.running():
        load.send_at()
        lost = {}
        for name, seconds in JUMPS.items():
            clock.set(seconds)
            await asyncio.sleep(STAY)
            lost[name] = len(load.absences)
            assert not await opens(server, over), f"an ended session came alive at {name}"
            assert await opens(server, short), f"a session died before its time at {name}"
            assert await opens(server, lasting), f"a session died before its time at {name}"
        for name, seconds in JUMPS.items():
            await server.kill()
            clock.set(seconds)
            await server.start()
            await load.all_live()
            await asyncio.sleep(1.0)
            assert not await opens(server, over), f"an ended session came alive at a start {name}"
            assert await opens(server, lasting), f"a session died before its time at a start {name}"
        await load.settle()
        assert await load.violations() == []
        truth = community.truth()

    figure(
        f"F9   K = 0; {len(truth.rows)} messages, {len(falling_times(truth))} times fell; of {CLIENTS} connections "
        f"lost at the jumps: {lost}; sessions ended and lived as they should"
    )
    assert falling_times(truth) == []
    assert max(lost.values()) <= (1 - KEPT) * CLIENTS
