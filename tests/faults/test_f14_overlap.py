"""F14: an old and a new process serve side by side, as they do while a platform deploys (DELIVERY D10)."""

import asyncio
import random
from collections import Counter

import pytest

from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure, start
from tests.faults.load import Load
from tests.faults.server import ServerProcess
from tests.faults.sockets import dial_any
from tests.faults.wire import BROKEN

CLIENTS, LEAVING = 200, 5
EVERY = 1.0
"""Seconds in which so many of them lose their line, and come back to either."""
TOGETHER = 30.0
RESTARTING = 1012


@pytest.mark.parametrize("engine", ["notify", "redis"])
async def test_two_processes_overlap_and_nobody_notices(
    community: Community, servers: list[ServerProcess], figure: Figure, engine: Engine
) -> None:
    loop = asyncio.get_running_loop()
    old = await start(ServerProcess(community), servers)
    open_to = [old.address]
    load = Load(community, old.address)
    load.add_all(CLIENTS, dial=dial_any(open_to))
    async with load.running():
        load.send_at()
        await load.acknowledged(40)
        new = await start(ServerProcess(community), servers)
        open_to.append(new.address)
        both = loop.time()
        while loop.time() < both + TOGETHER:
            await asyncio.sleep(EVERY)
            for client in random.sample([client for client in load.clients if client.live], LEAVING):
                client.drop()
        moved = await new.metric("roost_connections")
        old.terminate()
        status = await old.ended()
        await load.all_live()
        await load.settle()
        assert await load.violations() == []

    codes = Counter(code for client in load.clients for code in client.codes)
    refused = Counter(send.refused for send in load.sends if send.refused)
    resets = sum(client.resets for client in load.clients)
    figure(
        f"F14  {engine}: K = 0; {moved:.0f} of {CLIENTS} had moved before the old one left with status {status}; "
        f"connections ended with {dict(codes)}; {len(load.sends)} sends, refused {dict(refused)}; {resets} resets"
    )
    assert moved > 0
    assert status == 0
    assert codes[RESTARTING] > 0
    assert set(codes) <= {RESTARTING, BROKEN}
    assert not refused
    assert not any(send.pending for send in load.sends)
    assert resets == 0
