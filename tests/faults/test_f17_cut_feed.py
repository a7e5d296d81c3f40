"""F17 while one of two nodes is cut off from what carries word between them (DELIVERY D11, D15)."""

from collections.abc import AsyncIterator, Callable

import pytest

from tests.faults.attic import Attic, Guest, open_attic
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure, start
from tests.faults.server import ServerProcess
from tests.faults.test_f17_removal import HERE, THERE, leave, one_removal, remove
from tests.support.feed_proxy import FeedProxy, feed_proxy

A, B = 0, 1

Cut = Callable[[FeedProxy], None]


def deafen(feed: FeedProxy) -> None:
    """B hears nothing; A hears it."""
    feed.fate = lambda _: "lose"


def refuse(feed: FeedProxy) -> None:
    """B reaches nobody."""
    feed.sever()


def mend(feed: FeedProxy) -> None:
    feed.heal()
    feed.fate = None


@pytest.fixture
async def feed(community: Community) -> AsyncIterator[FeedProxy]:
    """Of node B."""
    async with feed_proxy(community.redis or community.url) as feed:
        yield feed


@pytest.fixture
async def nodes(community: Community, feed: FeedProxy, servers: list[ServerProcess]) -> list[ServerProcess]:
    name = "REDIS_URL" if community.redis else "DATABASE_URL"
    first = await start(ServerProcess(community), servers)
    return [first, await start(ServerProcess(community, environment={name: feed.url}), servers)]


@pytest.mark.parametrize(("engine", "cut"), [("notify", deafen), ("redis", deafen), ("redis", refuse)])
async def test_who_is_taken_out_while_the_feed_is_down_hears_nothing_that_comes_after(
    community: Community,
    nodes: list[ServerProcess],
    feed: FeedProxy,
    long: bool,
    figure: Figure,
    engine: Engine,
    cut: Cut,
) -> None:
    """Cut in the moment of the removal, before anybody has noticed; and the guest comes back while it is cut."""
    rounds = 20 if long else 4
    slowest = {A: 0.0, B: 0.0}
    async with open_attic(community, nodes) as attic:
        for count in range(rounds):
            node = count // 2 % 2
            await until_joined(attic)

            async def cut_off(attic: Attic, guest: Guest, node: int, count: int = count) -> float:
                cut(feed)
                return await [remove, leave][count % 2](attic, guest, node)

            same, other = await one_removal(attic, cut_off, node)
            mend(feed)
            slowest[node] = max(slowest[node], other)
            assert same <= HERE

    figure(
        f"F17  {engine}, {cut.__name__}: 0 events after {rounds} of {rounds} removals while B was cut off; done on A, "
        f"known within {slowest[A]:.2f} s on B, done on B {slowest[B]:.2f} s on A"
    )
    assert max(slowest.values()) <= THERE


async def until_joined(attic: Attic) -> None:
    for node in attic.nodes:
        await node.until_metric("roost_bus_up", lambda up: up == 1)
