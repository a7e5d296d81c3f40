"""F7: who does not read is let go, and hurts nobody else (DELIVERY D8)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.client import Client
from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load
from tests.faults.server import Peak, ServerProcess
from tests.faults.sockets import dial_from, narrow_socket

READERS = 10
RATE, SIZE = 200.0, 1024
EVENT = 2 * SIZE + 300
"""Bytes of a message.posted: its text, the same as HTML, and the rest."""
BACKLOG = 1024 * 1024
AFTER_LIMIT = 15.0
"""Seconds in which who is over the limit must be gone."""
MEMORY = {1: 2 * 1024 * 1024, 100: 130 * 1024 * 1024}
"""Bytes that so many slow readers may cost the server."""
SHARE, JITTER = 1.2, 0.005
"""What the others' p99 may be more than elsewhere: a fifth, and seconds that a shared machine adds to one of two."""


@pytest.mark.parametrize("count", [pytest.param(1, marks=pytest.mark.short), 100])
async def test_slow_readers_are_let_go_and_the_others_notice_nothing(
    founded: Community, servers: list[ServerProcess], tmp_path: Path, long: bool, figure: Figure, count: int
) -> None:
    async with busy_room(founded, servers, tmp_path / "one") as (load, server):
        async with busy_room(founded, servers, tmp_path / "control") as (control, other):
            before = await peaks((server, other), asyncio.sleep(20 if long else 8))
            slow = [load.add([load.community.rooms[0]], dial=dial_from(narrow_socket)) for _ in range(count)]
            await load.all_live()
            closing = Closing(server, slow)
            begun = asyncio.get_running_loop().time()
            during = await peaks((server, other), closing.wait(60 if long else 0))
            ended = asyncio.get_running_loop().time()
            p99, control_p99 = (one.typical_p99(begun, ended) for one in (load, control))
        for client in slow:
            client.read_on()
        await load.settle()
        assert await load.violations() == []

    grown = (during[0] - before[0]) - (during[1] - before[1])
    figure(
        f"F7   {count} slow: closed after {closing.seconds:.1f} s; memory {grown / 2**20:+.1f} MiB, others' p99 "
        f"{1000 * p99:.1f} to {1000 * control_p99:.1f} ms, beside a server without slow readers; K = 0"
    )
    assert closing.seconds <= AFTER_LIMIT + (kernel_holds_most() + BACKLOG) / (RATE * EVENT)
    assert grown <= MEMORY[count]
    assert p99 <= SHARE * control_p99 + JITTER


@asynccontextmanager
async def busy_room(
    founded: Community, servers: list[ServerProcess], folder: Path
) -> AsyncIterator[tuple[Load, ServerProcess]]:
    """A server of its own, with readers in one room and 200 messages of 1 KiB a second into it."""
    await asyncio.to_thread(folder.mkdir)
    community = founded.copy(folder)
    server = ServerProcess(community)
    servers.append(server)
    await server.start()
    load = Load(community, server.address)
    for _ in range(READERS):
        load.add(community.rooms[:1])
    async with load.running():
        await load.fill_cache(community.rooms[1])
        load.send_at(RATE, size=SIZE)
        # The first look at the figures loads what makes them, which is no slow reader's doing.
        await server.until_metric("roost_slow_closes_total", lambda closed: closed == 0)
        yield load, server


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


async def peaks(servers: tuple[ServerProcess, ServerProcess], wait: Awaitable[None]) -> tuple[int, int]:
    """The most memory that each takes meanwhile."""
    one, other = servers
    async with Peak(lambda: one.rss) as of_one, Peak(lambda: other.rss) as of_other:
        await wait
    return of_one.value, of_other.value


def kernel_holds_most() -> int:
    """Bytes that the kernel takes for a connection whose other end does not read."""
    return int(Path("/proc/sys/net/ipv4/tcp_wmem").read_text().split()[2])
