"""The page of a room's webhooks."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.chat import access, hook_posts, roles, webhooks
from app.chat.webhooks import Listed
from app.models import Visitor
from app.storage import users
from app.storage import webhooks as rows
from tests.support.house import new_nonce
from tests.support.public import publish
from tests.support.sign_in import ADA, JUNIPER, Browser, Roost, running_roost

PAGE = "/chat/general/webhooks"
GENERAL = 1
INCOMING = {"kind": "incoming", "name": "Ferry times"}
OUTGOING = {"kind": "outgoing", "name": "Weather", "url": "https://site.test/hook", "hears": "all"}


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path, LIMIT_LOGIN_PER_MINUTE="100") as running:
        yield running


@pytest.fixture
async def ada(roost: Roost, ada: Browser) -> Browser:
    """The owner's."""
    await roles.give_by_operator(roost.services, ADA.handle, "owner")
    roost.services.cache.sessions.clear()
    return ada


async def listed(roost: Roost) -> list[Listed]:
    user = await roost.services.store.read(users.by_handle, ADA.handle)
    assert user is not None
    return await webhooks.listed(roost.services, Visitor(user), GENERAL)


def shown_secret(page: str) -> str:
    (value,) = re.findall(r'id="link" value="([^"]+)"', page)
    return str(value)


async def test_the_page_is_for_those_who_moderate_the_room(roost: Roost, ada: Browser) -> None:
    assert (await ada.open(PAGE)).code == 200
    assert (await ada.open("/chat/nowhere/webhooks")).code == 404
    juniper = roost.browser()
    await juniper.sign_in(person=JUNIPER.id)
    assert (await juniper.open(PAGE)).code == 404
    assert (await roost.browser().open(PAGE)).headers["Location"] == "/login?next=/chat/general/webhooks"


async def test_whose_holder_has_deleted_their_account_says_so(roost: Roost, ada: Browser) -> None:
    await ada.submit(PAGE, INCOMING)
    (one,) = await listed(roost)
    juniper = await roost.services.store.write(users.add_imported, "old_hand", 5)
    gone = await roost.services.store.write(users.make_former, juniper.id)
    await roost.services.store.write(rows.rotate, one.webhook, gone.id, rows.Kept("another hash"))
    page = (await ada.open(PAGE)).body.decode()
    assert "Does nothing: Former member, who answered for it," in page
    assert "<bdi>Former member</bdi> answers for it." in page


async def test_the_address_of_an_incoming_one_is_shown_once(roost: Roost, ada: Browser) -> None:
    page = (await ada.submit(PAGE, INCOMING)).body.decode()
    address = shown_secret(page)
    assert address.startswith(f"{roost.settings.public_url}/hooks/roost_hook_")
    caller = await hook_posts.recognise(roost.services, "10.0.0.1", address.rpartition("/")[2])
    assert caller.bot.name == "Ferry times"
    assert "Ferry times" in (again := (await ada.open(PAGE)).body.decode())
    assert "roost_hook_" not in again


async def test_an_outgoing_one_shows_where_it_leads_and_its_secret(roost: Roost, ada: Browser) -> None:
    page = (await ada.submit(PAGE, OUTGOING)).body.decode()
    assert shown_secret(page).startswith("roost_hook_")
    assert "https://site.test/hook" in page
    assert "Hears everything." in page
    (one,) = await listed(roost)
    assert (one.webhook.url, one.webhook.hears) == (OUTGOING["url"], "all")


@pytest.mark.parametrize(
    "given", [{}, {"kind": "sideways", "name": "x"}, INCOMING | {"name": " "}, OUTGOING | {"url": "http://site.test"}]
)
async def test_what_cannot_be_made_is_said_above_what_was_written(
    roost: Roost, ada: Browser, given: dict[str, str]
) -> None:
    answer = await ada.submit(PAGE, given)
    page = answer.body.decode()
    assert answer.code == 400
    assert 'role="alert"' in page
    assert given.get("url", "") in page
    assert await listed(roost) == []


async def test_what_it_posts_is_that_of_a_bot_inside_and_outside(roost: Roost, ada: Browser) -> None:
    secret = shown_secret((await ada.submit(PAGE, INCOMING)).body.decode()).rpartition("/")[2]
    caller = await hook_posts.recognise(roost.services, "10.0.0.1", secret)
    await hook_posts.post(roost.services, caller, new_nonce(), "It leaves on time.")
    assert ">Ferry times (bot)</bdi>" in (await ada.open("/chat/general")).body.decode()
    await publish(roost.services)
    stranger = await roost.browser().open("/chat/general", headers={"Accept-Language": "ru"})
    assert ">Ferry times (бот)</bdi>" in stranger.body.decode()


async def test_one_gets_another_secret_and_is_removed(roost: Roost, ada: Browser) -> None:
    first = shown_secret((await ada.submit(PAGE, INCOMING)).body.decode())
    (one,) = await listed(roost)
    second = shown_secret((await ada.submit(PAGE, {"rotate": str(one.webhook.id)})).body.decode())
    assert first != second
    answer = await ada.submit(PAGE, {"remove": str(one.webhook.id)})
    assert (answer.code, answer.headers["Location"]) == (303, f"{PAGE}?saved")
    assert await listed(roost) == []
    assert (await ada.submit(PAGE, {"remove": str(one.webhook.id)})).code == 404


async def test_a_secret_takes_a_fresh_sign_in_to_which_the_page_leads(roost: Roost, ada: Browser) -> None:
    await ada.submit(PAGE, INCOMING)
    (one,) = await listed(roost)
    roost.clock.seconds += access.FRESH / 1000 + 1
    for given in (INCOMING, {"rotate": str(one.webhook.id)}):
        answer = await ada.submit(PAGE, given)
        assert answer.code == 403
        page = answer.body.decode()
        assert "This takes a fresh sign-in" in page
        assert f'href="/login?again&amp;next={PAGE}"' in page
        assert "roost_hook_" not in page
    assert await listed(roost) == [one]
    assert (await ada.submit(PAGE, {"remove": str(one.webhook.id)})).code == 303


async def test_one_that_is_switched_off_says_why_and_is_switched_on(roost: Roost, ada: Browser) -> None:
    await ada.submit(PAGE, OUTGOING)
    (one,) = await listed(roost)
    await roost.services.store.write(rows.switch, one.webhook, "gone")
    assert "Switched off: who answered at its URL" in (await ada.open(PAGE)).body.decode()
    assert (await ada.submit(PAGE, {"on": str(one.webhook.id)})).code == 303
    assert (await listed(roost))[0].webhook.off is None
    assert "Switched off" not in (await ada.open(PAGE)).body.decode()
