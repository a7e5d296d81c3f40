"""F15 where WebSocket is blocked: a bus that loses, doubles and swaps what comes down as a stream (DELIVERY D5, D6)."""

import asyncio
from pathlib import Path

from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load, quantile
from tests.faults.server import ServerProcess
from tests.faults.stream_client import StreamClient
from tests.faults.test_f15_lossy_bus import FILLED, SHOWN, losses, send_bursts, start_lossy


async def lossy_load(community: Community, servers: list[ServerProcess], mode: str, log: Path) -> Load:
    server = start_lossy(community, mode, log)
    servers.append(server)
    await server.start()
    load = Load(community, server.address, kind=StreamClient)
    load.add_all(200)
    return load


async def test_what_the_bus_loses_reaches_a_stream_from_the_database(
    community: Community, servers: list[ServerProcess], tmp_path: Path, long: bool, figure: Figure
) -> None:
    load = await lossy_load(community, servers, "mixed", tmp_path / "lost")
    async with load.running():
        load.send_at()
        await asyncio.sleep(120 if long else 25)
        await load.settle()
        assert await load.violations() == []

    delays = [load.board.shown_at[room, seq] - noticed for room, seq, noticed in losses(tmp_path / "lost")]
    gaps = sum(client.gaps for client in load.clients)
    figure(
        f"F15  streams: K = 0; of {len(load.sends)} changes {len(delays)} lost, filled p99 "
        f"{quantile(delays, 0.99):.3f} s after the gap showed; {gaps} gaps seen by clients"
    )
    assert len(delays) > len(load.sends) / 20
    assert quantile(delays, 0.99) <= FILLED


async def test_a_lost_last_change_is_shown_to_a_stream_by_the_next_heartbeat(
    community: Community, servers: list[ServerProcess], tmp_path: Path, figure: Figure
) -> None:
    load = await lossy_load(community, servers, "tail", tmp_path / "lost")
    async with load.running():
        behind, shown = await send_bursts(load)
        await load.settle()
        assert await load.violations() == []

    figure(f"F15  streams: K = 0; the lost last change of a burst reached everybody after {shown:.1f} s")
    assert len(behind) == len(load.clients), "the last change was not lost"
    assert shown <= SHOWN
