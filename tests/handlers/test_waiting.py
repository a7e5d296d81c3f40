"""The page of who waits, from X's way back until the team has answered."""

import json

import pytest

from app.chat import accounts, doors, waiting_room
from app.models import Visitor
from app.storage import users
from tests.support.sign_in import ADA, JUNIPER, Browser, Roost


@pytest.fixture
async def team(roost: Roost) -> Visitor:
    """A moderator of a community whose team lets people in."""
    await doors.change_by_operator(roost.services, "waiting")
    user = await accounts.add_user(roost.services, JUNIPER.handle, "moderator")
    return Visitor(user)


@pytest.fixture
async def browser(roost: Roost, team: Visitor) -> Browser:
    """Ada's, who waits."""
    browser = roost.browser()
    answer = await browser.sign_in("/chat/general")
    assert (answer.code, answer.headers["Location"]) == (302, "/waiting?next=/chat/general")
    return browser


async def state(browser: Browser) -> str:
    answer = await browser.open("/waiting", headers={"Accept": "application/json"})
    assert answer.headers["Cache-Control"] == "no-store"
    return str(json.loads(answer.body)["state"])


async def test_whoever_waits_is_told_so_and_gets_in_nowhere(roost: Roost, browser: Browser) -> None:
    page = (await browser.open("/waiting")).body.decode()
    assert "You’re at the door" in page
    assert f"@{ADA.handle}" in page
    for path in ("/chat", "/settings", "/catch-up"):
        answer = await browser.open(path)
        assert (answer.code, answer.headers["Location"]) == (302, f"/login?next={path}")
    assert (await browser.open("/stream")).code == 401
    assert await roost.services.store.read(users.by_twitter_id, ADA.id) is None


async def test_the_page_becomes_the_chat_when_somebody_lets_them_in(
    roost: Roost, team: Visitor, browser: Browser
) -> None:
    assert await state(browser) == "waiting"
    (waiting,) = await waiting_room.queue(roost.services, team)
    await waiting_room.let_in(roost.services, team, waiting.id)
    assert await state(browser) == "in"
    answer = await browser.open("/waiting?next=/chat/general")
    assert (answer.code, answer.headers["Location"]) == (302, "/chat/general")
    assert (await browser.open("/chat/general")).code == 200


async def test_whoever_is_refused_is_told_so(roost: Roost, team: Visitor, browser: Browser) -> None:
    (waiting,) = await waiting_room.queue(roost.services, team)
    await waiting_room.refuse(roost.services, team, waiting.id)
    assert await state(browser) == "refused"
    assert "Not this time" in (await browser.open("/waiting")).body.decode()


async def test_starting_again_leads_to_where_one_waits_without_asking_x(roost: Roost, browser: Browser) -> None:
    asked = roost.asked("/oauth/request_token")
    answer = await browser.open("/login?next=/chat/general")
    assert answer.headers["Location"] == "/waiting?next=/chat/general"
    assert roost.asked("/oauth/request_token") == asked
    assert "oauth_token" in (await browser.open("/login?again")).headers["Location"]


async def test_when_the_door_is_opened_the_page_says_so(roost: Roost, browser: Browser) -> None:
    await doors.change_by_operator(roost.services, "open")
    page = (await browser.open("/waiting?next=/chat/general")).body.decode()
    assert 'href="/login?again&amp;next=/chat/general"' in page


async def test_leaving_forgets_the_browser(roost: Roost, browser: Browser) -> None:
    page = (await browser.open("/waiting")).body.decode()
    xsrf = page.partition('name="_xsrf" value="')[2].partition('"')[0]
    await browser.open("/logout", method="POST", body=f"_xsrf={xsrf}")
    assert await state(browser) == "gone"
    answer = await browser.open("/waiting")
    assert (answer.code, answer.headers["Location"]) == (302, "/")


async def test_a_second_browser_takes_the_place_of_the_first(roost: Roost, browser: Browser) -> None:
    other = roost.browser()
    await other.sign_in()
    assert (await state(other), await state(browser)) == ("waiting", "gone")


async def test_signing_in_as_who_waits_ends_the_session_before(roost: Roost, team: Visitor) -> None:
    browser = roost.browser()
    await browser.sign_in(person=JUNIPER.id)
    session = browser.cookies["session"]
    token = (await browser.open("/login?again")).headers["Location"].partition("oauth_token=")[2]
    await browser.open(await browser.choose(token, person=ADA.id))
    assert browser.cookies["session"] != session
    assert await accounts.resume(roost.services, session) is None
    assert (await browser.open("/chat")).code == 302
