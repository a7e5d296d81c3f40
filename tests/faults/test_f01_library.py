"""F1 with clients that are our library (DELIVERY D1-D5, D7)."""

import asyncio

import pytest

from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.library_client import LibraryClient
from tests.faults.load import Load, quantile, until
from tests.faults.server import ServerProcess
from tests.faults.test_f01_kill import DOWN, return_limit

PEOPLE = 40
BURST = 50.0
SAID = 100


@pytest.mark.parametrize("engine", [pytest.param("sqlite", marks=pytest.mark.short), "redis"])
async def test_nothing_acknowledged_to_the_library_is_lost_when_a_server_is_killed(
    community: Community, nodes: list[ServerProcess], long: bool, figure: Figure, engine: Engine
) -> None:
    rounds = 20 if long else 2
    returns: list[float] = []
    away = 0.0
    load = Load(community, *(node.address for node in nodes), kind=LibraryClient)
    load.add_all(PEOPLE)
    async with load.running():
        for done in range(1, rounds + 1):
            server = nodes[done % len(nodes)]
            load.send_at(BURST)
            before = load.count_acked()
            await until(lambda before=before: load.count_acked() > before + SAID)  # type: ignore[misc]
            await server.kill()
            killed_at = asyncio.get_running_loop().time()
            await asyncio.sleep(DOWN)
            await server.start()
            away = max(away, server.ready_at - killed_at)
            await load.all_live()
            await load.settle()
            returns += load.returns_to(server)
            assert await load.violations() == [], f"round {done}"

    p99 = quantile(returns, 0.99)
    resets = sum(client.resets for client in load.clients)
    figure(
        f"F1   library, {engine}: K = 0 in {rounds} of {rounds} kills; {len(load.sends)} sends, "
        f"{len(returns)} returns, p99 ready-to-live {p99:.1f} s, away {away:.1f} s; {resets} resets"
    )
    assert len(returns) >= PEOPLE // len(nodes) * rounds
    assert p99 <= return_limit(away)
    assert resets == 0
