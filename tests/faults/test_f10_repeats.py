"""F10: every send repeated, in all the ways there are, is stored once and answered alike (DELIVERY D3)."""

import asyncio
import random
from collections import defaultdict

import pytest

from tests.faults.client import Client
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.history import Send
from tests.faults.load import Load, quantile, random_text
from tests.faults.server import ServerProcess

SENDERS = 40
TIMED = 300
JITTER = 0.002
"""Seconds that a shared machine adds to a p99 by itself."""


@pytest.mark.parametrize("engine", [pytest.param("sqlite", marks=pytest.mark.short), "notify", "redis"])
async def test_repeats_are_stored_once_and_answered_with_the_first(
    community: Community, nodes: list[ServerProcess], long: bool, figure: Figure, engine: Engine
) -> None:
    load = Load(community, *(node.address for node in nodes))
    load.add_all(SENDERS)
    pairs = [(client, load.add_twin(client)) for client in load.clients[:]]
    rounds = 150 if long else 40
    async with load.running():
        for _ in range(rounds):
            for client, twin in pairs:
                send_and_repeat(client, twin)
            await load.all_answered()
        for client, twin in pairs:
            repeat_with_other_texts(client, twin)
        await load.all_answered()
        sends, repeats = await times(pairs[0][0])
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
    figure(
        f"F10  {engine}: {len(load.sends)} sends of {len(by_nonce)} nonces, {len(community.truth().rows)} rows; K = 0; "
        f"p99 of a send {1000 * quantile(sends, 0.99):.1f} ms, of a repeat {1000 * quantile(repeats, 0.99):.1f} ms"
    )
    assert len(community.truth().rows) == len(by_nonce)
    assert all(len({send.number for send in same}) == 1 for same in by_nonce.values())
    assert all(sum(not send.dup for send in same) == 1 for same in by_nonce.values())
    assert quantile(repeats, 0.99) <= quantile(sends, 0.99) + JITTER


def send_and_repeat(client: Client, twin: Client) -> None:
    """Up to five times each on two sockets of one person, to two nodes where there are two, all under way at once."""
    first = client.send(random.choice(list(client.history.rooms)), random_text(100))
    for _ in range(random.randrange(5)):
        client.repeat(first)
    for _ in range(random.randrange(5)):
        twin.repeat(first)


def repeat_with_other_texts(client: Client, other: Client) -> None:
    """The nonces of what was answered long ago, on both sockets and with what was never said."""
    for first in random.sample(client.history.sends, 10):
        client.repeat(first, "This was never said.")
        other.repeat(first, "Nor was this.")


async def times(client: Client) -> tuple[list[float], list[float]]:
    """Seconds to the answer, of sends and of repeats in turn, one at a time."""
    sends, repeats = [], []
    room = next(iter(client.history.rooms))
    for _ in range(TIMED):
        sends.append(await answer_time(client.send(room, random_text(100))))
        repeats.append(await answer_time(client.repeat(random.choice(client.history.sends))))
    return sends, repeats


async def answer_time(send: Send) -> float:
    while send.answered_at is None:  # noqa: ASYNC110  a pause would be longer than what is measured
        await asyncio.sleep(0)
    return send.answered_at - send.begun_at


def answers_by_nonce(load: Load) -> dict[str, list[Send]]:
    found = defaultdict(list)
    for send in load.sends:
        found[send.nonce].append(send)
    return found
