"""What waits to be sent, and what could not be: in its writer's hands until it is stored."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor

TEXT_LIMIT = 4_000


def row(visitor: Visitor, text: str) -> Locator:
    return visitor.page.locator(".msg[data-state]", has_text=text)


@pytest.fixture
def service_workers() -> str:
    """What opens over the page comes from there while the network is away."""
    return "allow"


def button(where: Locator, name: str) -> Locator:
    return where.get_by_role("button", name=name)


async def test_what_waits_for_the_network_may_be_changed_and_taken_back(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.offline()
    await ada.is_cut_off()
    await ada.say("one", "two", "three")
    await expect(ada.page.get_by_text("Waiting to send")).to_have_count(3)
    await ada.write("and then")
    await button(row(ada, "one"), "Edit").click()
    await expect(ada.composer).to_have_value("one\nand then")
    await button(row(ada, "three"), "Delete").click()
    await expect(row(ada, "three")).to_have_count(0)
    await button(ada.page.get_by_role("status"), "Undo").click()
    await expect(row(ada, "three")).to_have_count(1)
    await button(row(ada, "two"), "Delete").click()
    await ada.say("one, in other words")
    await ada.online()
    for person in (ada, grace):
        await person.sees("three", "one, in other words")


async def test_what_waits_in_a_tab_without_a_connection_is_sent_by_another(site: Site, newcomer: Newcomer) -> None:
    """Also when the tab in which it was written is closed."""
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    other = Visitor(await ada.page.context.new_page(), site, ada.complaints)
    await other.open("/chat")
    await other.is_live()
    await offline_alone(ada)
    await ada.say("written where there is no network")
    await ada.page.close()
    for person in (other, grace):
        await person.sees("written where there is no network")


async def offline_alone(visitor: Visitor) -> None:
    """This tab, and no other of its browser."""
    devtools = await visitor.page.context.new_cdp_session(visitor.page)
    gone = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    await devtools.send("Network.enable")
    await devtools.send("Network.emulateNetworkConditions", gone)
    await visitor.is_cut_off()


async def test_what_left_before_the_line_broke_is_not_taken_back(site: Site, newcomer: Newcomer) -> None:
    """It may be stored: taken back and sent in other words, it would be there twice."""
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say("before")
    await ada.sees("before")
    site.freeze()
    await ada.say("under way", "behind it")
    await ada.offline()
    await ada.is_cut_off()
    await expect(button(row(ada, "behind it"), "Edit")).to_be_visible()
    await expect(button(row(ada, "under way"), "Edit")).to_be_hidden()
    await expect(button(row(ada, "under way"), "Delete")).to_be_hidden()
    site.thaw()
    await button(row(ada, "behind it"), "Delete").click()
    await ada.online()
    await ada.sees("before", "under way")


async def test_several_that_failed_say_why_and_are_answered_together(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    page = ada.page
    await page.evaluate("async () => { (await import('roost/core/app.js')).app.store.textLimit = 9_000 }")
    long = ["first " + "x" * TEXT_LIMIT, "second " + "y" * TEXT_LIMIT]
    await ada.say(*long)
    await expect(page.get_by_text("Not sent. A message holds at most 4,000 characters.")).to_have_count(2)
    both = page.get_by_text("2 messages were not sent.")
    await expect(both).to_be_visible()
    await page.get_by_role("button", name="Try all again").click()
    await expect(page.get_by_text("Not sent. A message holds at most 4,000 characters.")).to_have_count(2)
    await page.get_by_role("button", name="Delete all").click()
    await expect(page.locator(".msg")).to_have_count(0)
    await expect(both).to_be_hidden()
    await button(page.get_by_role("status"), "Undo").click()
    await expect(both).to_be_visible()

    await page.reload()
    await expect(both).to_be_visible()
    await button(row(ada, "first"), "Delete").click()
    await expect(both).to_be_hidden()
    await button(row(ada, "second"), "Edit").click()
    await expect(ada.composer).to_have_value(long[1])
    await ada.say("short enough")
    await ada.sees("short enough")
