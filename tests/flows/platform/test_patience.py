"""What a router would cut: an answer that takes too long to begin (HOSTING H15), a line on which nothing passes
(HOSTING H14)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlencode

import pytest

from tests.flows.platform.conftest import Town, a_town
from tests.flows.platform.router import Router
from tests.flows.platform.slug import Slug
from tests.support.postgres import Cluster, own_cluster

FIRST_BYTE = 25.0
"""Seconds in which every answer has to begin."""
SHORTENED = 40
"""The heartbeat and the router's patience, by this factor."""
IDLE = 55 / SHORTENED


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with own_cluster() as cluster:
        yield cluster


@pytest.fixture
def database_url(cluster: Cluster) -> str:
    return cluster.url()


async def test_every_answer_begins_in_time_while_the_database_hangs(town: Town, cluster: Cluster) -> None:
    ada = await town.arrived("ada")
    xsrf = await ada.xsrf()
    headers = {"Origin": town.site, "X-Xsrftoken": xsrf}
    send = '{"type":"message.send","ref":1,"room":1,"nonce":"0123456789abcdef","text":"hello"}'
    cluster.pause()
    try:
        async with asyncio.timeout(FIRST_BYTE):
            answers = await asyncio.gather(
                *[town.visitor().open(path) for path in ("/", "/rules", "/login", "/readyz", "/healthz")],
                *[ada.open(path) for path in ("/chat", "/chat/general", "/chat/general/1", "/welcome")],
                ada.open("/command", method="POST", body=send, headers=headers),
                ada.open("/logout", method="POST", body=urlencode({"_xsrf": xsrf}), headers=headers),
            )
    finally:
        cluster.resume()
    assert {answer.code for answer in answers} <= {200, 302, 503}
    assert town.router.faults == []


# Silence


@pytest.fixture
def quick_slug(slug: Slug, tmp_path_factory: pytest.TempPathFactory) -> Slug:
    """With a heartbeat that is as short as this router's patience."""
    quick = slug.copy(tmp_path_factory.mktemp("quick"))
    hub = quick.code / "app" / "realtime" / "hub.py"
    code = hub.read_text()
    assert "HEARTBEAT = 20.0\n" in code
    hub.write_text(code.replace("HEARTBEAT = 20.0\n", f"HEARTBEAT = {20 / SHORTENED}\n"))
    return quick


@pytest.fixture
async def impatient_town(quick_slug: Slug, config: dict[str, str], router: Router) -> AsyncIterator[Town]:
    router._idle = IDLE
    async with a_town(quick_slug, router, config, web=1) as town:
        yield town


async def test_a_line_on_which_nobody_speaks_is_not_cut(impatient_town: Town) -> None:
    ada = await impatient_town.arrived("ada")
    talk, stream = await ada.talk(), await ada.listen("room=1")
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while loop.time() - begun < 2 * IDLE:
        await talk.hears("heartbeat")
        await stream.hears("heartbeat")
    assert impatient_town.router.faults == []
    await talk.leave()
    stream.leave()
