"""F7: who does not read is let go, and hurts nobody else (DELIVERY D8)."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.client import Client
from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load, quantile, until
from tests.faults.server import Peak, ServerProcess
from tests.faults.sockets import dial_from, narrow_socket

READERS = 30
RATE, SIZE = 200.0, 1024
EVENT = 2 * SIZE + 300
"""Bytes of a message.posted: its text, the same as HTML, and the rest."""
BACKLOG = 1024 * 1024
AFTER_LIMIT = 15.0
"""Seconds in which who is over the limit must be gone."""
MEMORY = {1: 2 * 1024 * 1024, 100: 130 * 1024 * 1024}
"""Bytes that so many slow readers may cost the server."""
SHARE, JITTER = 1.2, 0.010
"""What the others' p99 may grow by: a fifth, and the seconds that a shared machine adds by itself."""
CACHE = 2_500
"""Long messages that fill the database's page cache, which would else grow under the measurement."""


class Phase(NamedTuple):
    memory: int
    p99: float


@pytest.mark.parametrize("count", [pytest.param(1, marks=pytest.mark.short), 100])
async def test_slow_readers_are_let_go_and_the_others_notice_nothing(
    community: Community, server: ServerProcess, long: bool, figure: Figure, count: int
) -> None:
    room, elsewhere = community.rooms[:2]
    load = Load(community, server.address)
    for _ in range(READERS):
        load.add([room])
    async with load.running():
        await fill_cache(load, elsewhere)
        load.send_at(RATE, size=SIZE)
        before = await phase(load, server, asyncio.sleep(20 if long else 8))
        slow = [load.add([room], dial=dial_from(narrow_socket)) for _ in range(count)]
        await load.all_live()
        closing = Closing(server, slow)
        during = await phase(load, server, closing.wait(60 if long else 0))
        for client in slow:
            client.read_on()
        await load.settle()
        assert await load.violations() == []

    grown = during.memory - before.memory
    figure(
        f"F7   {count} slow: closed after {closing.seconds:.1f} s; memory + {grown / 2**20:.1f} MiB; "
        f"others' p99 {1000 * before.p99:.1f} -> {1000 * during.p99:.1f} ms; K = 0"
    )
    assert closing.seconds <= AFTER_LIMIT + (kernel_holds_most() + BACKLOG) / (RATE * EVENT)
    assert grown <= MEMORY[count]
    assert during.p99 <= SHARE * before.p99 + JITTER


class Closing:
    """Stops reading and waits until the server has let all of them go."""

    def __init__(self, server: ServerProcess, slow: list[Client]) -> None:
        self.seconds = 0.0
        self._server = server
        self._slow = slow

    async def wait(self, at_least: float) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for client in self._slow:
            client.stop_reading()
        await self._server.until_metric("roost_slow_closes_total", lambda closed: closed >= len(self._slow))
        self.seconds = loop.time() - begun
        await asyncio.sleep(at_least - self.seconds)


async def phase(load: Load, server: ServerProcess, wait: Awaitable[None]) -> Phase:
    begun = asyncio.get_running_loop().time()
    async with Peak(lambda: server.rss) as peak:
        await wait
    return Phase(peak.value, quantile(load.latencies(begun), 0.99))


async def fill_cache(load: Load, room: int) -> None:
    for _ in range(CACHE):
        load.send_one(4000, [room])
    await until(lambda: not any(client.pending for client in load.clients))


def kernel_holds_most() -> int:
    """Bytes that the kernel takes for a connection whose other end does not read."""
    return int(Path("/proc/sys/net/ipv4/tcp_wmem").read_text().split()[2])
