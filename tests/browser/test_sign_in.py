"""The way in as a person meets it, with X on another site, and what it says when it does not lead in."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, expect

from tests.browser.site import Ports, Site, arrive

OVER = "That sign-in is over"


async def choose(page: Page, name: str) -> None:
    """On the stand-in's page: who to be, or Cancel."""
    await expect(page).to_have_title("Stand-in for X")
    await page.get_by_role("button", name=name).click()


async def refused(page: Page, sentence: str) -> None:
    """The page is the door, says why, and offers to try again."""
    await expect(page.get_by_role("alert")).to_contain_text(sentence)
    await expect(page.get_by_role("link", name="Sign in with X")).to_be_visible()


async def way_back(page: Page, site: Site) -> str:
    """The address with which X sends somebody back, caught on the wire before it is used."""
    caught: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    session = await page.context.new_cdp_session(page)

    async def catch(paused: dict[str, Any]) -> None:
        await session.send("Fetch.failRequest", {"requestId": paused["requestId"], "errorReason": "Aborted"})
        caught.set_result(paused["request"]["url"])

    session.once("Fetch.requestPaused", catch)
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*/login?oauth_token=*"}]})
    await page.goto(f"{site.url}/login")
    await choose(page, "Juniper Okafor")
    address = await caught
    await session.detach()
    return address


async def test_cancelling_leads_back_to_the_door_and_the_second_try_leads_in(browser: Browser, site: Site) -> None:
    await site.start()
    visitor = await arrive(browser, site)
    page = visitor.page
    await page.goto(site.url)
    await page.get_by_role("link", name="Sign in with X").click()
    assert urlsplit(page.url).hostname == "localhost"
    await choose(page, "Cancel")
    await refused(page, "The request was cancelled on X")
    assert urlsplit(page.url).netloc == urlsplit(site.url).netloc

    await page.get_by_role("link", name="Sign in with X").click()
    await choose(page, "Ada Moreau")
    await expect(page.get_by_role("heading", name="Find your perch")).to_be_visible()
    await expect(page.get_by_text("@ada_wires")).to_be_visible()
    await page.get_by_role("link", name="Take me in").click()
    await expect(page).to_have_url(f"{site.url}/chat/general")
    assert visitor.complaints == []


async def test_a_way_back_works_once_and_only_in_its_own_browser(browser: Browser, site: Site) -> None:
    await site.start()
    juniper, stranger = (await arrive(browser, site)).page, (await arrive(browser, site)).page
    address = await way_back(juniper, site)
    answer = await stranger.goto(address)
    assert answer is not None
    assert answer.status == 400
    await refused(stranger, OVER)
    await stranger.goto(f"{site.url}/chat")
    await expect(stranger).to_have_title("Stand-in for X")

    await juniper.goto(address)
    await expect(juniper.get_by_role("heading", name="Find your perch")).to_be_visible()
    await juniper.goto(address)
    await refused(juniper, OVER)
    await juniper.goto(f"{site.url}/chat")
    await juniper.get_by_role("button", name="Sign out").click()
    await expect(juniper.get_by_role("status")).to_contain_text("You’re signed out")
    await juniper.goto(address)
    await refused(juniper, OVER)
    await juniper.goto(f"{site.url}/chat")
    await expect(juniper).to_have_title("Stand-in for X")


async def test_the_other_name_of_this_computer_leads_to_the_right_one(browser: Browser, site: Site) -> None:
    await site.start()
    page = (await arrive(browser, site)).page
    await page.goto(f"http://localhost:{site.port}/login?next=/chat/general")
    await choose(page, "Ada Moreau")
    await page.get_by_role("link", name="Take me in").click()
    await expect(page).to_have_url(f"{site.url}/chat/general")
    await page.goto(f"http://localhost:{site.port}/rules?from=there")
    await expect(page).to_have_url(f"{site.url}/rules?from=there")


async def test_an_x_that_does_not_answer_is_named(browser: Browser, tmp_path: Path) -> None:
    """Nothing listens where this community expects X."""
    site = Site(tmp_path, Ports())
    await site.start()
    page = (await arrive(browser, site)).page
    await page.goto(site.url)
    await page.get_by_role("link", name="Sign in with X").click()
    await refused(page, "X is not answering")
    await site.stop()
