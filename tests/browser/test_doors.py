"""The ways in as people walk them: by a link, and through the waiting room."""

import re

from playwright.async_api import Browser, Page, expect

from tests.browser.site import Site, Visitor, arrive


async def consent(page: Page, name: str = "Ada Moreau") -> None:
    """What X asks."""
    await expect(page).to_have_title("Stand-in for X")
    await page.get_by_role("button", name=name).click()


async def moderator(browser: Browser, site: Site) -> Visitor:
    await site.expect("juniper", "moderator")
    visitor = await arrive(browser, site)
    await visitor.sign_in("juniper")
    return visitor


async def at_the_door(browser: Browser, site: Site) -> Visitor:
    """Somebody who has signed in with X and waits."""
    visitor = await arrive(browser, site)
    page = visitor.page
    await page.goto(site.url)
    await page.get_by_role("link", name="Sign in with X").click()
    await consent(page)
    await expect(page.get_by_role("heading", name="You’re at the door")).to_be_visible()
    return visitor


async def test_from_a_link_to_the_first_message_there_is_one_click_besides_xs_consent(
    browser: Browser, site: Site
) -> None:
    await site.add_room("tide-sensors")
    await site.start()
    await site.choose_door("invited")
    visitor = await arrive(browser, site)
    page = visitor.page
    await page.goto(await site.invite("--room", "tide-sensors"))
    await page.get_by_role("link", name="Sign in with X").click()
    await consent(page)
    await expect(page).to_have_url(f"{site.url}/chat/tide-sensors")
    await visitor.is_live()
    await visitor.composer.fill("Hello from the quay")
    await visitor.composer.press("Enter")
    await visitor.sees("Hello from the quay")
    assert visitor.complaints == []


async def test_whoever_is_signed_in_goes_in_by_one_click(browser: Browser, site: Site) -> None:
    await site.start()
    visitor = await arrive(browser, site)
    await visitor.sign_in("ada_wires")
    await site.add_room("tide-sensors")
    await visitor.page.goto(await site.invite("--room", "tide-sensors"))
    await visitor.page.get_by_role("button", name="Take me in").click()
    await expect(visitor.page).to_have_url(f"{site.url}/chat/tide-sensors")
    await visitor.is_live()
    await visitor.say("Here already")
    await visitor.sees("Here already")
    assert visitor.complaints == []


async def test_a_link_is_made_on_a_page_and_told_on_x_by_a_link(browser: Browser, site: Site) -> None:
    await site.start()
    juniper = await moderator(browser, site)
    await juniper.page.goto(f"{site.url}/settings")
    await juniper.page.get_by_role("link", name="Invite links").click()
    await juniper.page.get_by_label("For how many people").fill("3")
    await juniper.page.get_by_role("button", name="Make a link").click()
    link = await juniper.page.get_by_label("Copy it now").input_value()
    assert link.startswith(f"{site.url}/invite/")
    await juniper.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await juniper.page.get_by_role("button", name="Copy link").click()
    await expect(juniper.page.get_by_role("status")).to_have_text("Link copied.")
    assert await juniper.page.evaluate("navigator.clipboard.readText()") == link
    share = await juniper.page.get_by_role("link", name="Post it on X").get_attribute("href")
    assert share is not None
    assert re.match(r"https://x\.com/intent/tweet\?text=[^&]+&url=http%3A", share)
    await juniper.page.get_by_role("button", name="Revoke").click()
    await expect(juniper.page.get_by_role("status")).to_have_text("Revoked")
    answer = await juniper.page.goto(link)
    assert answer is not None
    assert answer.status == 404
    assert juniper.complaints == []


async def test_whoever_waits_is_in_the_chat_as_soon_as_somebody_lets_them_in(browser: Browser, site: Site) -> None:
    await site.start()
    await site.choose_door("waiting")
    juniper = await moderator(browser, site)
    ada = await at_the_door(browser, site)
    await expect(juniper.page.get_by_text("1 person waits at the door")).to_be_visible()
    await juniper.page.get_by_role("button", name="See who").click()
    await juniper.page.get_by_role("button", name="Let in @ada_wires").click()
    await expect(juniper.page.get_by_text("Nobody waits.")).to_be_visible()
    await expect(ada.page).to_have_url(re.compile(f"{site.url}/chat/"))
    await ada.is_live()
    await ada.say("Thanks for opening")
    await ada.sees("Thanks for opening")
    assert ada.complaints + juniper.complaints == []


async def test_a_refusal_is_told_on_the_page_and_the_queue_is_live(browser: Browser, site: Site) -> None:
    await site.start()
    await site.choose_door("waiting")
    juniper = await moderator(browser, site)
    await juniper.page.goto(f"{site.url}/settings/waiting")
    ada = await at_the_door(browser, site)
    await juniper.page.get_by_role("button", name="Refuse @ada_wires").click()
    await expect(ada.page.get_by_role("heading", name="Not this time")).to_be_visible()
    await ada.page.get_by_role("button", name="Go to the front door").click()
    await expect(ada.page.get_by_role("link", name="Sign in with X")).to_be_visible()
    assert ada.complaints + juniper.complaints == []


async def test_the_waiting_room_needs_no_script(browser: Browser, site: Site) -> None:
    await site.start()
    await site.choose_door("waiting")
    visitor = await arrive(browser, site, java_script_enabled=False)
    await visitor.enter("ada_wires")
    await visitor.page.goto(f"{site.url}/waiting")
    await expect(visitor.page.locator("meta[http-equiv=refresh]")).to_have_count(1)
    await expect(visitor.page.get_by_role("heading", name="You’re at the door")).to_be_visible()
