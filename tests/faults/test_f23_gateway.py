"""F23: F1, F5 and F10 again, with clients over TCP alone, and with them and WebSockets in the same rooms (DELIVERY
D1-D7)."""

import asyncio
from typing import Literal

import pytest

from stores.postgres import Cluster
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.load import ROOMS_EACH, Load, quantile
from tests.faults.server import ServerProcess
from tests.faults.tcp_client import TcpClient
from tests.faults.test_f01_kill import BURST, DOWN, return_limit
from tests.faults.test_f05_crash import ANSWERED, AWAY, BACK, KEPT
from tests.faults.test_f10_repeats import SENDERS, answers_by_nonce, repeat_with_other_texts, send_and_repeat

Kind = Literal["tcp", "mixed"]
KINDS = ["tcp", "mixed"]
PEOPLE = 200


def load_of(kind: Kind, community: Community, nodes: list[ServerProcess], people: int = PEOPLE) -> Load:
    """All of them over TCP, or every other one over a WebSocket."""
    if kind == "tcp":
        load = Load(community, *(node.gateway for node in nodes), kind=TcpClient)
        load.add_all(people)
        return load
    load = Load(community, *(node.address for node in nodes))
    for number in range(people):
        rooms = [community.rooms[(number + step) % len(community.rooms)] for step in range(ROOMS_EACH)]
        if (number // len(nodes)) % 2:
            load.add(rooms)
        else:
            load.add(rooms, kind=TcpClient, address=nodes[number % len(nodes)].gateway)
    return load


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("engine", ["sqlite", "redis"])
async def test_nothing_acknowledged_is_lost_when_a_server_is_killed(
    community: Community, nodes: list[ServerProcess], long: bool, figure: Figure, engine: Engine, kind: Kind
) -> None:
    rounds = 20 if long else 2
    returns: list[float] = []
    away = 0.0
    load = load_of(kind, community, nodes)
    async with load.running():
        for done in range(1, rounds + 1):
            server = nodes[done % len(nodes)]
            load.send_at(BURST)
            await load.acknowledged(100)
            await server.kill()
            killed_at = asyncio.get_running_loop().time()
            await asyncio.sleep(DOWN)
            await server.start()
            away = max(away, server.ready_at - killed_at)
            await load.all_live()
            returns += load.returns_to(server)
            await load.settle()
            assert await load.violations() == [], f"round {done}"

    p99 = quantile(returns, 0.99)
    figure(
        f"F23  {kind}, {engine}: K = 0 in {rounds} of {rounds} kills; {len(load.sends)} sends, {len(returns)} returns, "
        f"p99 ready-to-live {p99:.1f} s, away {away:.1f} s"
    )
    assert len(returns) >= PEOPLE // len(nodes) * rounds
    assert p99 <= return_limit(away)
    assert sum(client.resets for client in load.clients) == 0


@pytest.mark.parametrize("kind", ["tcp", "mixed"])
@pytest.mark.parametrize("engine", ["notify"])
async def test_nothing_acknowledged_is_lost_when_postgresql_breaks_off(
    cluster: Cluster,
    community: Community,
    nodes: list[ServerProcess],
    long: bool,
    figure: Figure,
    engine: Engine,
    kind: Kind,
) -> None:
    rounds = 5 if long else 1
    load = load_of(kind, community, nodes)
    returns = []
    async with load.running():
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

    waits = [send.answered_at - send.begun_at for send in load.sends if send.answered_at is not None]
    figure(
        f"F23  {kind}, {engine}: K = 0 in {rounds} of {rounds} crashes; {len(load.sends)} sends, answers after "
        f"{max(waits):.1f} s at most; first acknowledgement {max(returns):.2f} s after the return"
    )
    assert {send.refused for send in load.sends if send.refused} == {"unavailable"}
    assert max(waits) <= ANSWERED
    assert max(returns) <= BACK
    assert len(load.absences) <= (1 - KEPT) * len(load.clients) * rounds


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("engine", ["sqlite", "redis"])
async def test_repeats_are_stored_once_and_answered_with_the_first(
    community: Community, nodes: list[ServerProcess], long: bool, figure: Figure, engine: Engine, kind: Kind
) -> None:
    load = load_of(kind, community, nodes, SENDERS)
    pairs = [(client, load.add_twin(client)) for client in load.clients[:]]
    async with load.running():
        for _ in range(150 if long else 40):
            for client, twin in pairs:
                send_and_repeat(client, twin)
            await load.all_answered()
        for node in nodes:
            await node.kill()
        for node in nodes:
            await node.start()
        await load.all_live()
        for client, twin in pairs:
            repeat_with_other_texts(twin, client)
        await load.all_answered()
        await load.settle()
        assert await load.violations() == []

    by_nonce = answers_by_nonce(load)
    figure(f"F23  {kind}, {engine}: {len(load.sends)} sends of {len(by_nonce)} nonces, K = 0")
    assert len(community.truth().rows) == len(by_nonce)
    assert all(len({send.number for send in same}) == 1 for same in by_nonce.values())
    assert all(sum(not send.dup for send in same) == 1 for same in by_nonce.values())
