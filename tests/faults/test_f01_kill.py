"""F1: SIGKILL in mid-burst, again and again (DELIVERY D1-D5, D7)."""

import asyncio

import pytest

from tests.faults.conftest import Engine, Figure
from tests.faults.load import Load, quantile, until
from tests.faults.server import ServerProcess

BURST = 100.0
DOWN = 1.0
RETURN = 15.0
"""Seconds from the server being ready within which 99 of 100 are live again."""


def return_limit(away: float) -> float:
    """The same where the server was away for so many seconds. A busy machine starts it late, and by then the waits of
    docs/protocol.md ("Coming back") are long: up to four times what went before, and never above 30 s."""
    return max(RETURN, min(30.0, 4 * away))


@pytest.mark.parametrize("engine", [pytest.param("sqlite", marks=pytest.mark.short), "notify", "redis"])
async def test_nothing_acknowledged_is_lost_when_a_server_is_killed(
    load: Load, nodes: list[ServerProcess], long: bool, figure: Figure, engine: Engine
) -> None:
    rounds = 20 if long else 3
    returns: list[float] = []
    for done in range(1, rounds + 1):
        server = nodes[done % len(nodes)]
        load.send_at(BURST)
        before = load.count_acked()
        await until(lambda before=before: load.count_acked() > before + 100)  # type: ignore[misc]
        await server.kill()
        await asyncio.sleep(DOWN)
        await server.start()
        await load.all_live()
        returns += load.returns_to(server)
        await load.settle()
        assert await load.violations() == [], f"round {done}"

    p99 = quantile(returns, 0.99)
    resets = sum(client.resets for client in load.clients)
    figure(
        f"F1   {engine}: K = 0 in {rounds} of {rounds} kills; {len(load.sends)} sends, {len(returns)} returns, "
        f"p99 ready-to-live {p99:.1f} s; {resets} resets"
    )
    assert len(returns) >= 200 // len(nodes) * rounds
    assert p99 <= RETURN
    assert resets == 0
