"""F16, over a line that takes seconds for what was missed: the answer must not be taken for a client that does not read
(DELIVERY D7, D8)."""

import asyncio

import pytest

from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load
from tests.faults.server import ServerProcess
from tests.support.proxy import proxy_to

pytestmark = pytest.mark.short

SLOW = 1024 * 1024
"""Bytes a second."""
ROOMS, MISSED, LONG_TEXT = 4, 150, 4_000


async def test_who_missed_much_gets_it_over_a_slow_line(
    community: Community, server: ServerProcess, figure: Figure
) -> None:
    load = Load(community, server.address)
    loop = asyncio.get_running_loop()
    rooms = community.rooms[:ROOMS]
    async with proxy_to(server.address) as line:
        away = load.add(rooms, address=line.address)
        sender = load.add(rooms)
        async with load.running():
            line.stall()
            away.drop()
            for room in rooms:
                for number in range(MISSED):
                    sender.send(room, f"{number}".ljust(LONG_TEXT, "m"))
            await load.all_answered()
            line.rate = SLOW
            line.flow()
            begun = loop.time()
            await load.all_live()
            seconds = loop.time() - begun
            await load.settle()
            assert await load.violations() == []
    figure(
        f"F16  {len(rooms) * MISSED} long messages caught up over {SLOW / 2**20:.0f} MiB/s in {seconds:.1f} s; K = 0"
    )
    assert len(away.codes) == 1, f"it was closed again: {away.codes}"
