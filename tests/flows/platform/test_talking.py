"""People on different dynos of one app talk, over WebSocket and where that is blocked, and do not notice that there are
two (HOSTING H8)."""

from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest
import pytest_asyncio

from tests.flows.platform.conftest import Town, a_whole_town
from tests.flows.platform.slug import Slug
from tests.support.postgres import Databases
from tests.support.redis import own_redis

pytestmark = pytest.mark.asyncio(loop_scope="module")

GENERAL = 1


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["through the database", "through Redis"])
async def town(
    request: pytest.FixtureRequest, slug: Slug, postgres: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    with ExitStack() as stack:
        added = {}
        if request.param == "through Redis":
            added["REDIS_URL"] = stack.enter_context(own_redis()).url
        async with a_whole_town(slug, postgres, tmp_path_factory.mktemp("town"), added) as town:
            yield town


async def test_what_is_said_on_one_dyno_is_heard_on_the_other(town: Town) -> None:
    first, second = town.platform.web
    ada, bo = await town.arrived("ada"), await town.arrived("bo")
    with town.router.leading_to(first.port):
        adas = await ada.talk()
    with town.router.leading_to(second.port):
        bos = await bo.talk()
    await adas.open(GENERAL)
    await bos.open(GENERAL)
    for speaker, listener, text in ((adas, bos, "hello"), (bos, adas, "and hello to you")):
        sent = await speaker.say(GENERAL, text)
        heard = await listener.hears("message.posted")
        assert heard["message"]["text"] == text
        assert heard["message"]["number"] == sent["message"]["number"]
    await adas.leave()
    await bos.leave()
    assert town.platform.faults == []


async def test_commands_reach_another_dyno_than_the_one_that_streams(town: Town) -> None:
    first, second = town.platform.web
    ada, bo = await town.arrived("ada"), await town.arrived("bo")
    with town.router.leading_to(first.port):
        adas, bos = await ada.listen(f"room={GENERAL}"), await bo.listen(f"room={GENERAL}")
        await adas.hears("opened")
        await bos.hears("opened")
    with town.router.leading_to(second.port):
        sent = await ada.command(type="message.send", room=GENERAL, nonce="0123456789abcdef", text="by another way")
        again = await ada.command(type="message.send", room=GENERAL, nonce="0123456789abcdef", text="by another way")
    assert sent["type"] == "sent"
    assert (again["message"]["number"], again["dup"]) == (sent["message"]["number"], True)
    for source in (adas, bos):
        assert (await source.hears("message.posted"))["message"]["text"] == "by another way"
        source.leave()
    assert town.platform.faults == []


async def test_a_stream_and_a_websocket_hear_each_other(town: Town) -> None:
    first, second = town.platform.web
    ada, bo = await town.arrived("ada"), await town.arrived("bo")
    with town.router.leading_to(first.port):
        stream = await ada.listen(f"room={GENERAL}")
        await stream.hears("opened")
    with town.router.leading_to(second.port):
        talk = await bo.talk()
        await talk.open(GENERAL)
        await talk.say(GENERAL, "over a socket")
        assert (await stream.hears("message.posted"))["message"]["text"] == "over a socket"
    with town.router.leading_to(first.port):
        await ada.command(type="message.send", room=GENERAL, nonce="fedcba9876543210", text="by POST")
    while (await talk.hears("message.posted"))["message"]["text"] != "by POST":
        pass  # one's own comes back too
    stream.leave()
    await talk.leave()
