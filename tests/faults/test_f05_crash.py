"""F5: PostgreSQL breaks off everything in mid-burst and has to recover, again and again (DELIVERY D1, D3, D12)."""

import asyncio
from collections import Counter

import pytest

from stores.postgres import Cluster
from tests.faults.conftest import Engine, Figure
from tests.faults.load import Load

BURST = 100.0
AWAY = 2.0
BACK = 5.0
"""Seconds from the database taking connections to the first acknowledgement, at each node."""
ANSWERED = 6.0
KEPT = 0.99
"""Of the connections, each time."""


@pytest.mark.parametrize("engine", [pytest.param("notify", marks=pytest.mark.short), "redis"])
async def test_nothing_acknowledged_is_lost_when_postgresql_breaks_off(
    cluster: Cluster, load: Load, long: bool, figure: Figure, engine: Engine
) -> None:
    rounds = 5 if long else 1
    returns = []
    for done in range(1, rounds + 1):
        load.send_at(BURST)
        await load.acknowledged(100)
        await asyncio.to_thread(cluster.stop, "immediate")
        await asyncio.sleep(AWAY)
        await asyncio.to_thread(cluster.start)
        returns.append(await load.first_ack(asyncio.get_running_loop().time()))
        await load.acknowledged(100)
        await load.settle()
        assert await load.violations() == [], f"round {done}"

    refused = [send for send in load.sends if send.refused]
    waits = [send.answered_at - send.begun_at for send in load.sends if send.answered_at is not None]
    figure(
        f"F5   {engine}: K = 0 in {rounds} of {rounds} crashes; {len(load.sends)} sends, refused "
        f"{dict(Counter(send.refused for send in refused))}, answers after {max(waits):.1f} s at most; first "
        f"acknowledgement {max(returns):.2f} s after the return; {len(load.absences)} connections lost"
    )
    assert {send.refused for send in refused} <= {"unavailable"}
    assert refused, "nobody noticed"
    assert max(waits) <= ANSWERED
    assert max(returns) <= BACK
    assert len(load.absences) <= (1 - KEPT) * len(load.clients) * rounds
