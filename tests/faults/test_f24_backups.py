"""F24: a copy made while people write, and everybody's return to what it holds (DELIVERY D7)."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.checker import rooms_are_whole
from tests.faults.community import ROOT, Community
from tests.faults.conftest import Engine, Figure
from tests.faults.history import History, Resume, Seen, Truth
from tests.faults.load import Load, quantile
from tests.faults.server import ServerProcess

BALLAST = {
    "sqlite": "SELECT zeroblob(104857600) AS weight",
    "notify": """
        SELECT (SELECT string_agg(md5((32 * n + k)::text), '') FROM generate_series(1, 32) k)
        FROM generate_series(1, 102400) n
    """,
}
"""100 MiB: a copy of a small database is over before anybody writes. In PostgreSQL of a kind that cannot be packed into
nothing."""
RATE = 100.0
CALM = 5.0
"""Seconds."""
SLOWER = 500.0
"""Milliseconds by which a message may be later for a hundredth of the readers while a copy is made: on a machine with
nothing else to do there is no difference, and a copy that stopped the writer would cost seconds."""


@pytest.fixture
def community(community: Community, engine: Engine) -> Community:
    community.ask(f"CREATE TABLE ballast AS {BALLAST[engine]}")
    return community


@pytest.fixture
def nodes(server: ServerProcess) -> list[ServerProcess]:
    """One on each engine: nobody may be connected while a copy is put back."""
    return [server]


@pytest.mark.parametrize("engine", BALLAST)
async def test_a_copy_made_under_load_comes_back_and_everybody_begins_anew(
    load: Load, community: Community, server: ServerProcess, tmp_path: Path, figure: Figure, engine: Engine
) -> None:
    loop = asyncio.get_running_loop()
    copy = tmp_path / "copy"
    load.send_at(RATE)
    await asyncio.sleep(CALM)
    begun = loop.time()
    assert await manage(server, "backup", str(copy)) == (0, "")
    copied = loop.time()
    refused, problem = await manage(server, "restore", str(copy), "--replace")
    await asyncio.sleep(CALM)
    await load.settle()
    assert await load.violations() == []
    calm, copying = load.latencies(until=begun), load.latencies(begun, copied)
    server.terminate()
    assert await server.ended() == 0

    before, epoch = community.truth(), community.epoch()
    assert await manage(server, "restore", str(copy), "--replace") == (0, "")
    restored = community.truth()
    assert list(rooms_are_whole(restored)) == []
    lost = len(before.rows) - len(restored.rows)
    assert set(restored.rows) < set(before.rows)

    await server.start()
    await load.all_live()
    resets = sum(client.resets for client in load.clients)
    returned = loop.time()
    load.send_at(RATE)
    await asyncio.sleep(CALM)
    await load.settle()
    assert await load.violations(lambda history: since_the_return(history, restored, returned)) == []
    usual, meanwhile = (1000 * quantile(latencies, 0.99) for latencies in (calm, copying))
    size = copy.stat().st_size / 2**20
    figure(
        f"F24  {engine}: {size:.0f} MiB copied in {copied - begun:.1f} s; p99 {usual:.0f} ms before, {meanwhile:.0f} "
        f"meanwhile; {len(restored.rows)} messages restored, {lost} came later; {resets} rooms reset; K = 0"
    )
    assert refused == 1
    assert "Another server runs on this SQLite file" in problem or "Others are connected" in problem
    assert len(copying) > 0
    assert meanwhile <= usual + SLOWER
    assert lost > 0
    assert community.epoch() != epoch
    assert resets == sum(len(client.history.rooms) for client in load.clients)
    assert [line for line in server.log.read_text().splitlines() if " ERROR " in line] == []
    assert 1011 not in {code for client in load.clients for code in client.codes}


async def manage(server: ServerProcess, *words: str) -> tuple[int, str]:
    """Status and complaints of a command of `manage.py` on the server's database."""
    command = ("nice", sys.executable, str(ROOT / "manage.py"), *words)
    process = await asyncio.create_subprocess_exec(
        *command, env=server.environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, complaints = await process.communicate()
    assert process.returncode is not None
    return process.returncode, complaints.decode()


def since_the_return(history: History, restored: Truth, returned: float) -> History:
    """What a client has seen since it began anew, and its sends but those that came after the copy was made."""
    kept = {row.nonce for row in restored.rows}
    return History(
        history.author,
        {room: since_reset(entries) for room, entries in history.rooms.items()},
        [send for send in history.sends if send.nonce in kept or send.begun_at >= returned],
    )


def since_reset(entries: Sequence[Seen | Resume]) -> list[Seen | Resume]:
    last = max(at for at, entry in enumerate(entries) if isinstance(entry, Resume) and entry.reset)
    return list(entries[last:])
