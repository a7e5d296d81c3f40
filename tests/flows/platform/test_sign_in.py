"""Signing in through X on an app of two dynos, and what its logs say of it."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.flows.platform.conftest import SECRET_KEY, Town, a_whole_town
from tests.flows.platform.slug import Slug
from tests.support.postgres import Databases
from tests.support.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

SESSION_ENDED = 3500
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING|ERROR) [\w.]+: \S.*")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(slug: Slug, postgres: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with a_whole_town(slug, postgres, tmp_path_factory.mktemp("town"), {}) as town:
        yield town


async def test_a_sign_in_begun_on_one_dyno_ends_on_the_other(town: Town) -> None:
    first, second = town.platform.web
    ada = town.visitor()
    with town.router.leading_to(first.port):
        away = await ada.open("/login?next=/chat/general")
    with town.router.leading_to(second.port):
        back = await ada.open(ada.way_back(await ada.choose(away.headers["Location"], "ada")))
        assert back.code == 302
    for dyno in (first, second):
        with town.router.leading_to(dyno.port):
            page = await ada.open("/chat/general")
            assert page.code == 200
            assert "@ada" in page.body.decode()
    assert all(name.startswith("__Host-") for name in ada.cookies)
    assert town.platform.faults == []


async def test_signing_out_on_one_dyno_closes_the_connection_at_the_other(town: Town) -> None:
    first, second = town.platform.web
    ada = await town.arrived("ada")
    with town.router.leading_to(first.port):
        talk = await ada.talk()
    with town.router.leading_to(second.port):
        await ada.sign_out()
    async with asyncio.timeout(2):
        await talk.socket.wait_closed()
    assert talk.socket.close_code == SESSION_ENDED
    with town.router.leading_to(first.port):
        assert (await ada.open("/chat/general")).code == 302


async def test_cookies_stay_far_below_what_routers_pass_on(town: Town) -> None:
    """HOSTING H16."""
    ada = town.visitor()
    for _ in range(9):
        await ada.open("/login?next=/chat/general")
    await ada.sign_in("ada")
    assert len(ada.cookie) < 4_096
    assert town.router.faults == []


async def test_a_request_is_found_in_the_log_by_the_id_that_the_router_gave_it(town: Town) -> None:
    given = "0f1e2d3c-aaaa-bbbb-cccc-1234567890ab"
    answer = await town.visitor().open("/rules", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] == given
    await until(lambda: re.search(rf"GET /rules 200 .* {given}$", town.platform.said, re.MULTILINE))


async def test_logs_are_one_line_an_event_and_hold_nothing_secret(town: Town) -> None:
    """HOSTING H23."""
    ada = await town.arrived("ada")
    await ada.open("/chat/general?token=hunter2")
    talk = await ada.talk()
    await talk.open(1)
    await talk.say(1, "between us")
    await talk.leave()
    said = town.platform.said
    assert [line for line in said.splitlines() if not LINE.fullmatch(line)] == []
    config = town.platform.config
    secrets = [SECRET_KEY, config["TWITTER_CONSUMER_SECRET"], config["DATABASE_URL"], *ada.cookies.values()]
    assert [secret for secret in (*secrets, "hunter2", "between us") if secret in said] == []
    assert re.search(r"INFO app\.handlers\.login: person \d+ signed in: request \S+$", said, re.MULTILINE)
