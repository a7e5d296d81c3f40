"""F6: PostgreSQL hangs for 20 s, and then it does not (DELIVERY D12)."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest

from stores.postgres import Cluster
from tests.faults.conftest import Engine, Figure
from tests.faults.load import Load
from tests.faults.server import ServerProcess

HUNG = 20.0
ANSWERED, BACK = 6.0, 5.0
"""Seconds."""
POOL = 5
WAITING = POOL + 100
HEARTBEAT, LATE = 20.0, 2.0
"""Seconds between two heartbeats, and by how much one may be late."""


@pytest.mark.parametrize("engine", ["notify", "redis"])
async def test_a_hanging_database_holds_up_nobody_but_senders(
    cluster: Cluster, load: Load, nodes: list[ServerProcess], figure: Figure, engine: Engine
) -> None:
    loop = asyncio.get_running_loop()
    load.send_at()
    await load.acknowledged(20)
    lags = [await Lags.of(node) for node in nodes]
    hung = loop.time()
    cluster.pause()
    waiting = await most_waiting(nodes, hung + HUNG)
    cluster.resume()
    back = await load.first_ack(loop.time())
    await asyncio.sleep(HEARTBEAT)
    late = [lag.late(await Lags.of(node)) for lag, node in zip(lags, nodes, strict=True)]
    await load.settle()
    assert await load.violations() == []

    refused = Counter(send.refused for send in load.sends if send.refused)
    waits = [send.answered_at - send.begun_at for send in load.sends if send.answered_at is not None]
    beats = [later - earlier for client in load.clients for earlier, later in pairwise(client.heartbeats)]
    figure(
        f"F6   {engine}: hung for {HUNG:.0f} s: refused {dict(refused)}, answers after {max(waits):.1f} s at most, "
        f"{waiting:.0f} waiting at most; taken again after {back:.1f} s; loop late {100 * max(late):.1f} % of times, "
        f"heartbeats every {max(beats):.1f} s at most; {len(load.absences)} connections lost; K = 0"
    )
    assert set(refused) == {"unavailable"}
    assert max(waits) <= ANSWERED
    assert waiting <= WAITING
    assert back <= BACK
    assert max(late) <= 0.01
    assert len(beats) >= len(load.clients)
    assert max(beats) <= HEARTBEAT + LATE
    assert load.absences == []


class Lags:
    """Looks at the event loop of a node, and those at which it was late by a quarter of a second."""

    def __init__(self, looks: float, late: float) -> None:
        self._looks = looks
        self._late = late

    @classmethod
    async def of(cls, node: ServerProcess) -> "Lags":
        looks = await node.metric("roost_loop_lag_seconds_count")
        return cls(looks, looks - await node.metric('roost_loop_lag_seconds_bucket{le="0.25"}'))

    def late(self, after: "Lags") -> float:
        """The part of the looks between the two that was late."""
        return (after._late - self._late) / (after._looks - self._looks)


async def most_waiting(nodes: Sequence[ServerProcess], until: float) -> float:
    """The most that waited for the database at one node."""
    loop, most = asyncio.get_running_loop(), 0.0
    while loop.time() < until:
        for node in nodes:
            waiting = [await node.metric(name) for name in ("roost_log_waiting", "roost_database_waiting")]
            most = max(most, sum(waiting))
        await asyncio.sleep(0.2)
    return most
