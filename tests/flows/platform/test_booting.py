"""A dyno that starts while its database or its Redis is not there (HOSTING H7), and how much it takes (HOSTING H20)."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.flows.platform.conftest import Town, all_ready
from tests.flows.platform.dyno import Dyno
from tests.flows.platform.platform import Platform
from tests.flows.platform.router import Router
from tests.flows.platform.slug import Slug
from tests.support.postgres import Cluster, own_cluster

MEMORY = 150 * 1024
"""KiB, a third of the smallest dyno."""
LISTENING, LEAVING, OPEN = 5.0, 5.0, 10.0
"""Seconds."""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server that a test may stop and stall."""
    with own_cluster() as cluster:
        yield cluster


@pytest.fixture
def database_url(cluster: Cluster) -> str:
    return cluster.url()


@pytest.fixture
async def web(slug: Slug, config: dict[str, str]) -> AsyncIterator[Dyno]:
    """Not started yet."""
    dyno = Dyno("web.1", slug, slug.commands()["web"], config)
    yield dyno
    await dyno.remove()


@pytest.fixture
async def town(slug: Slug, router: Router, config: dict[str, str], web: Dyno) -> Town:
    router.dynos.append(web.port)
    return Town(Platform(slug, router, config), router, config["PUBLIC_URL"])


async def start(web: Dyno) -> float:
    """Seconds until it listens."""
    begun = time.monotonic()
    await web.start()
    assert await web.bound()
    return time.monotonic() - begun


def take_away(cluster: Cluster, how: str) -> None:
    if how == "is down":
        cluster.stop()
    else:
        cluster.pause()


def bring_back(cluster: Cluster, how: str) -> None:
    if how == "is down":
        cluster.start()
    else:
        cluster.resume()


@pytest.mark.parametrize("how", ["is down", "hangs"])
async def test_it_listens_while_the_database_cannot_be_had_and_opens_when_it_can(
    town: Town, web: Dyno, cluster: Cluster, how: str
) -> None:
    take_away(cluster, how)
    assert await start(web) < LISTENING
    health = await town.visitor().open("/healthz")
    assert (health.code, health.body) == (200, b'{"status": "starting"}')
    assert (await town.visitor().open("/readyz")).code == 503
    page = await town.visitor().open("/")
    assert (page.code, page.headers["Retry-After"]) == (503, "2")
    assert (await town.visitor().open("/rules")).code == 200
    bring_back(cluster, how)
    town.platform.web.append(web)
    async with asyncio.timeout(OPEN):
        await all_ready(town)
    await town.arrived("ada")
    assert town.router.faults == web.faults == []


@pytest.mark.parametrize("how", ["is down", "hangs"])
async def test_it_ends_cleanly_while_it_waits_for_the_database(web: Dyno, cluster: Cluster, how: str) -> None:
    take_away(cluster, how)
    await start(web)
    seconds = await web.stop()
    assert web.exit_status == 0, web.said
    assert seconds < LEAVING
    assert "Traceback" not in web.said


@pytest.mark.parametrize(
    "added", [{"REDIS_URL": "redis://127.0.0.1:1/0"}, {"REDIS_URL": "redis://192.0.2.1/0"}], ids=["is down", "hangs"]
)
async def test_it_serves_without_its_redis(town: Town, web: Dyno) -> None:
    assert await start(web) < LISTENING
    town.platform.web.append(web)
    await all_ready(town)
    ada = await town.arrived("ada")
    talk = await ada.talk()
    await talk.open(1)
    assert (await talk.say(1, "to myself"))["type"] == "sent"
    await talk.leave()
    assert await web.stop() < LEAVING
    assert web.exit_status == 0


async def test_at_rest_it_takes_a_small_part_of_the_smallest_dyno(town: Town, web: Dyno) -> None:
    await start(web)
    town.platform.web.append(web)
    await all_ready(town)
    await town.arrived("ada")
    assert web.memory < MEMORY


async def test_nothing_else_listens(town: Town, web: Dyno) -> None:
    """HOSTING H10: one port, the platform's."""
    await start(web)
    town.platform.web.append(web)
    await all_ready(town)
    assert web.listening == [web.port]
