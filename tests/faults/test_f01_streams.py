"""F1 where WebSocket is blocked: events come down as a stream, commands go up by POST, to the other server where there
are two (DELIVERY D1-D5, D7)."""

import asyncio

import pytest

from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.load import ROOMS_EACH, Load, quantile, until
from tests.faults.server import ServerProcess
from tests.faults.stream_client import StreamClient
from tests.faults.test_f01_kill import BURST, DOWN, RETURN

PEOPLE = 200


@pytest.mark.parametrize("engine", [pytest.param("sqlite", marks=pytest.mark.short), "redis"])
async def test_nothing_acknowledged_is_lost_when_a_server_of_streams_is_killed(
    community: Community, nodes: list[ServerProcess], long: bool, figure: Figure, engine: Engine
) -> None:
    rounds = 20 if long else 2
    returns: list[float] = []
    load = Load(community, *(node.address for node in nodes), kind=StreamClient)
    for number in range(PEOPLE):
        rooms = [community.rooms[(number + step) % len(community.rooms)] for step in range(ROOMS_EACH)]
        load.add(rooms, commands_to=nodes[(number + 1) % len(nodes)].address)
    async with load.running():
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
    repeats = sum(send.dup for send in load.sends)
    figure(
        f"F1   streams, {engine}: K = 0 in {rounds} of {rounds} kills; {len(load.sends)} sends, {repeats} of them "
        f"repeated; {len(returns)} returns, p99 ready-to-live {p99:.1f} s; {resets} resets"
    )
    assert len(returns) >= PEOPLE // len(nodes) * rounds
    assert p99 <= RETURN
    assert resets == 0
