"""F15: a bus that loses, doubles and swaps (DELIVERY D5, D6). For a single process that is the memory bus, wrapped;
test_f15_lossy_feed.py has two processes."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.client import Client
from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load, quantile, until
from tests.faults.runners.lossy_bus import TAIL
from tests.faults.server import ServerProcess

pytestmark = pytest.mark.short

FILLED = 1.0
"""Seconds from the change that shows a gap to the last client having what was missing, in 99 of 100 cases."""
SHOWN = 25.0
"""Seconds until a change behind which nothing comes has reached everybody."""
BURST = 20
SETTLED = 5.0
"""Seconds after which nobody looks at a room any more only because it was just opened."""


def start_lossy(community: Community, mode: str, log: Path) -> ServerProcess:
    return ServerProcess(community, command=("-m", "tests.faults.runners.lossy_bus", mode, str(log)))


async def test_what_the_bus_loses_is_filled_from_the_database(
    community: Community, servers: list[ServerProcess], tmp_path: Path, long: bool, figure: Figure
) -> None:
    log = tmp_path / "lost"
    server = start_lossy(community, "mixed", log)
    servers.append(server)
    await server.start()
    load = Load(community, server.address)
    load.add_all(200)
    async with load.running():
        load.send_at()
        await asyncio.sleep(120 if long else 25)
        await load.settle()
        assert await load.violations() == []

    delays = [load.board.shown_at[room, seq] - noticed for room, seq, noticed in losses(log)]
    client_gaps = sum(client.gaps for client in load.clients)
    figure(
        f"F15  K = 0; of {len(load.sends)} changes {len(delays)} lost, filled p99 {quantile(delays, 0.99):.3f} s after "
        f"the gap showed; {client_gaps} gaps seen by clients"
    )
    assert len(delays) > len(load.sends) / 20
    assert quantile(delays, 0.99) <= FILLED


async def test_a_lost_last_change_is_shown_by_the_next_heartbeat(
    community: Community, servers: list[ServerProcess], tmp_path: Path, figure: Figure
) -> None:
    server = start_lossy(community, "tail", tmp_path / "lost")
    servers.append(server)
    await server.start()
    load = Load(community, server.address)
    load.add_all(200)
    async with load.running():
        behind, shown = await send_bursts(load)
        await load.settle()
        assert await load.violations() == []

    figure(f"F15  K = 0; the lost last change of {len(community.rooms)} bursts reached everybody after {shown:.1f} s")
    assert len(behind) == len(load.clients), "the last change was not lost"
    assert shown <= SHOWN


async def send_bursts(load: Load) -> tuple[list[Client], float]:
    """One into each room: who lacks something when all is acknowledged, and after how many seconds nobody does."""
    loop = asyncio.get_running_loop()
    await asyncio.sleep(SETTLED)
    heads = {room: head + BURST + 1 for room, (_, head) in load.community.truth().heads.items()}
    for room in load.community.rooms:
        burst(reader_of(load, room), room)
    await until(lambda: not any(client.pending for client in load.clients))
    ended = loop.time()
    behind = [client for client in load.clients if not holds(client, heads)]
    await until(lambda: all(holds(client, heads) for client in load.clients), 2 * SHOWN)
    return behind, loop.time() - ended


def reader_of(load: Load, room: int) -> Client:
    return next(client for client in load.clients if room in client.history.rooms)


def burst(client: Client, room: int) -> None:
    for number in range(BURST):
        client.send(room, f"{number} of a burst")
    client.send(room, TAIL.decode())


def holds(client: Client, heads: dict[int, int]) -> bool:
    return all(client.last(room) == heads[room] for room in client.history.rooms)


def losses(log: Path) -> list[tuple[int, int, float]]:
    """(room, seq, when it could be noticed)."""
    lines = [line.split() for line in log.read_text().splitlines()]
    return [(int(room), int(seq), float(at)) for room, seq, at in lines]
