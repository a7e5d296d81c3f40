"""F15 with two nodes: what carries word between them loses, doubles and swaps (DELIVERY D5, D6)."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure, start
from tests.faults.load import Load, quantile
from tests.faults.runners.lossy_bus import TAIL
from tests.faults.server import ServerProcess
from tests.faults.test_f15_lossy_bus import FILLED, SHOWN, send_bursts
from tests.support.buses import mixed
from tests.support.feed_proxy import FeedProxy, feed_proxy

pytestmark = pytest.mark.parametrize("engine", ["notify", "redis"])

CHANGE = re.compile(rb"\nroom:(\d+) ([1-9]\d*)")
"""A line of a parcel (app/bus/parcels.py)."""

Change = tuple[int, int]
"""Room and seq."""


class Fates:
    """A tenth each of what is told is lost, doubled and swapped; `lost` is what was lost of rooms."""

    def __init__(self) -> None:
        self.lost: set[Change] = set()
        self._choose = mixed(random.Random())

    def __call__(self, frame: bytes) -> str:
        fate = self._choose(frame)
        if fate == "lose":
            self.lost.update((int(room), int(seq)) for room, seq in CHANGE.findall(frame))
        return fate


@pytest.fixture
async def feeds(community: Community) -> AsyncIterator[list[FeedProxy]]:
    """Of each node."""
    async with AsyncExitStack() as stack:
        url = community.redis or community.url
        yield [await stack.enter_async_context(feed_proxy(url)) for _ in range(2)]


@pytest.fixture
async def nodes(community: Community, feeds: list[FeedProxy], servers: list[ServerProcess]) -> list[ServerProcess]:
    name = "REDIS_URL" if community.redis else "DATABASE_URL"
    return [await start(ServerProcess(community, environment={name: feed.url}), servers) for feed in feeds]


async def test_what_the_feed_loses_is_filled_from_the_database(
    load: Load, feeds: list[FeedProxy], long: bool, figure: Figure, engine: Engine
) -> None:
    fates = [Fates() for _ in feeds]
    for feed, fate in zip(feeds, fates, strict=True):
        feed.fate = fate
    load.send_at()
    await asyncio.sleep(120 if long else 25)
    for feed in feeds:
        feed.fate = None
    await load.settle()
    assert await load.violations() == []

    delays = [delay for node, fate in enumerate(fates) for delay in filling(load, node, fate.lost)]
    client_gaps = sum(client.gaps for client in load.clients)
    figure(
        f"F15  {engine}: K = 0; of {len(load.sends)} changes {len(delays)} lost, filled p99 "
        f"{quantile(delays, 0.99):.3f} s after the next one; {client_gaps} gaps seen by clients"
    )
    assert len(delays) > len(load.sends) / 30
    assert quantile(delays, 0.99) <= FILLED


def filling(load: Load, node: int, lost: set[Change]) -> Iterator[float]:
    """For each change that this node did not hear of, the seconds from the writing of the next one that it did hear of
    until everybody had it."""
    board = load.board
    for room, seq in lost:
        if board.begun_on[board.known[room, seq].nonce] == node:  # it need not hear of its own
            continue
        following = seq + 1
        while (room, following) in lost:
            following += 1
        if (room, following) in board.known:
            yield board.shown_at[room, seq] - board.begun_at[board.known[room, following].nonce]


async def test_a_lost_last_change_is_shown_by_the_next_look_at_the_database(
    load: Load, community: Community, feeds: list[FeedProxy], figure: Figure, engine: Engine
) -> None:
    for feed in feeds:
        feed.fate = lambda frame: "lose" if TAIL in frame else "pass"
    behind, shown = await send_bursts(load)
    await load.settle()
    assert await load.violations() == []

    bursts = len(community.rooms)
    figure(f"F15  {engine}: K = 0; the lost last change of {bursts} bursts reached everybody after {shown:.1f} s")
    assert len(behind) >= len(load.clients) / 2, "the last change was not lost"
    assert shown <= SHOWN
