"""F3: the disk answers a sync with an I/O error, at five places (DELIVERY D1, D13)."""

from collections import Counter
from pathlib import Path

import pytest

from tests.faults import strace
from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load, until
from tests.faults.server import ServerProcess

RATE = 150.0
SENDS = 700

PLACES = ("1", "30", "120..124", "210..213", "250+")
"""Which syncs of a thread fail, as strace writes it: the writer's first, one, five in a row, those around its first
checkpoint (after some 200 commits of five pages each), and all from there on."""


@pytest.mark.parametrize("place", PLACES)
async def test_nothing_acknowledged_is_lost_when_a_sync_fails(
    community: Community, servers: list[ServerProcess], tmp_path: Path, figure: Figure, place: str
) -> None:
    trace = tmp_path / "trace"
    inject = ("-e", f"inject=fdatasync:error=EIO:when={place}")
    failing = ServerProcess(community, wrapper=strace.tracing(trace, "fdatasync", *inject))
    servers.append(failing)
    await failing.start()
    load = Load(community, failing.address)
    load.add_all(20)
    async with load.running():
        load.send_at(RATE)
        await until(lambda: len(load.sends) >= SENDS)
        await load.stop_sending()
        await until(lambda: not failing.is_running or not any(send.pending for send in load.sends))
        await failing.kill()
        sound = failing.again()
        servers.append(sound)
        await sound.start()
        await load.settle()
        assert await load.violations() == []

    failed = [call for call in strace.read(trace) if not call.succeeded]
    refused = Counter(send.refused for send in load.sends if send.refused)
    figure(
        f"F3   K = 0 with {len(failed)} failed syncs ({place}); {load.count_acked()} acknowledged, "
        f"refused: {dict(refused)}"
    )
    assert failed
    assert set(refused) <= {"storage"}
    assert community.is_intact()
