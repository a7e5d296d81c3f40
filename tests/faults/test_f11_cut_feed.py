"""F11: one of two nodes is cut off from what carries word between them, and not from the database (DELIVERY D5, D6,
D11)."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from tests.faults.community import Community
from tests.faults.conftest import Figure, start
from tests.faults.load import Load, quantile
from tests.faults.server import ServerProcess
from tests.support.feed_proxy import FeedProxy, feed_proxy

CALM, CUT, AFTER = 5.0, 30.0, 15.0
LONG_CUT = 160.0
"""After 100 s of silence a node takes another one for dead."""
RATE = 5.0
RETURN = 5.0
"""Seconds within which everything is as before."""
WHILE_CUT, WHILE_WHOLE = 2.5, 0.3
"""Seconds from one node to the other for 99 of 100 messages."""

Cut = Callable[[FeedProxy], None]


def refuse(feed: FeedProxy) -> None:
    """Node A reaches nobody."""
    feed.sever()


def stall(feed: FeedProxy) -> None:
    """Its line is half-open."""
    feed.stall()


def deafen(feed: FeedProxy) -> None:
    """Its line lives, and it hears nothing; the other one hears it."""
    feed.fate = lambda _: "lose"


def mend(feed: FeedProxy) -> None:
    feed.heal()
    feed.flow()
    feed.fate = None


@pytest.fixture
async def feed(community: Community) -> AsyncIterator[FeedProxy]:
    """Of node A."""
    async with feed_proxy(community.redis) as feed:
        yield feed


@pytest.fixture
async def nodes(community: Community, feed: FeedProxy, servers: list[ServerProcess]) -> list[ServerProcess]:
    led = await start(ServerProcess(community, environment={"REDIS_URL": feed.url}), servers)
    return [led, await start(ServerProcess(community), servers)]


@pytest.mark.parametrize("engine", ["redis"])
@pytest.mark.parametrize("cut", [refuse, stall, deafen])
async def test_messages_cross_while_the_feed_is_cut_and_come_once_when_it_is_back(
    load: Load, feed: FeedProxy, nodes: list[ServerProcess], long: bool, figure: Figure, cut: Cut
) -> None:
    loop = asyncio.get_running_loop()
    load.send_at()
    await asyncio.sleep(CALM)
    await load.stop_sending()
    cut(feed)
    begun = loop.time()
    for node in (1, 0):  # one alone: a message here shows what is missing from there
        load.send_at(RATE, node=node)
        await asyncio.sleep((LONG_CUT if long and cut is refuse else CUT) / 2)
        await load.stop_sending()
    mend(feed)
    mended = loop.time()
    load.send_at()
    await asyncio.sleep(AFTER)
    await load.settle()
    assert await load.violations() == []

    meanwhile, after = load.crossing(begun, mended), quantile(load.crossing(mended + RETURN), 0.99)
    figure(
        f"F11  {cut.__name__}: K = 0 after {mended - begun:.0f} s; p99 between nodes {quantile(meanwhile, 0.99):.2f} s "
        f"while cut, at most {max(meanwhile):.2f} s; {after:.3f} s from {RETURN:.0f} s after; "
        f"{sum(client.gaps for client in load.clients)} gaps seen by clients"
    )
    assert quantile(meanwhile, 0.99) <= WHILE_CUT
    assert after <= WHILE_WHOLE
    assert all(send.acked for send in load.sends)
    assert load.absences == []
