"""The panel beside the room: what it is, who is in it, as they come and go; and where it stands at which width."""

import re

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor

WIDE: ViewportSize = {"width": 1280, "height": 800}
MIDDLING: ViewportSize = {"width": 1000, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
# Of people: more than the first page of them.
CROWD = 120


def panel(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Details")


async def lists(visitor: Visitor, side: str, *names: str) -> None:
    """Waits until these are the people of one side, and its heading counts them."""
    people = visitor.page.locator(f".people--{side}")
    await expect(people.locator("[data-part=name]")).to_have_text(names)
    if names:
        await expect(people.locator("h3")).to_have_text(re.compile(rf", {len(names)}$"))
    else:
        await expect(people).to_be_hidden()


async def test_people_are_listed_as_they_come_and_go(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 5)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", viewport=WIDE)
    await lists(ada, "here", "ada_l")
    await ada.page.get_by_role("link", name="general").click()
    await expect(panel(ada.page).get_by_role("heading", level=3).first).to_have_text("general")
    await expect(panel(ada.page)).to_contain_text(re.compile(r"Made on \d+ \w+ 20\d\d"))
    await lists(ada, "here", "ada_l")
    await lists(ada, "away")

    grace = await newcomer("grace", "/chat/general")
    await lists(ada, "here", "ada_l", "grace")
    await grace.page.close()
    await expect(ada.page.locator(".people--away [data-part=name]")).to_have_text(["grace"], timeout=30_000)
    await lists(ada, "here", "ada_l")


async def test_a_large_room_comes_in_pages(site: Site, newcomer: Newcomer) -> None:
    await site.add_people(f"person_{number:03}" for number in range(CROWD))
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=WIDE)
    away = ada.page.locator(".people--away")
    await expect(away.locator("h3")).to_have_text(f"Away from the wire, {CROWD}")
    await expect(away.locator("li").first).to_be_visible()
    shown = await away.locator("li").count()
    assert 0 < shown < CROWD
    for more in range(shown, CROWD, shown):
        await ada.page.locator(".people__bones").scroll_into_view_if_needed()
        await expect(away.locator("li")).not_to_have_count(more)
    await expect(away.locator("li")).to_have_count(CROWD)
    handles = await away.locator("[data-part=handle]").all_text_contents()
    assert handles == sorted(set(handles)), "each once, in order"
    await expect(ada.page.locator(".people__bones")).to_be_hidden()


async def test_on_a_wide_page_it_stands_beside_the_room_until_it_is_closed(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=WIDE)
    page, button = ada.page, ada.page.get_by_role("button", name="Room details")
    await expect(button).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("Control+.")
    await expect(panel(page)).to_be_hidden()
    await expect(button).to_have_attribute("aria-expanded", "false")
    await expect(ada.composer).to_be_focused()
    await ada.open("/chat/general")
    await expect(panel(page)).to_be_hidden()
    await button.click()
    await expect(panel(page)).to_be_visible()
    await page.get_by_role("button", name="Close details").click()
    await expect(button).to_be_focused()
    await button.click()
    await ada.open("/chat/general")
    await expect(panel(page)).to_be_visible()
    await page.set_viewport_size(MIDDLING)
    await expect(panel(page)).to_be_hidden()


async def test_on_a_narrower_page_it_lies_over_the_edge_until_esc(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=MIDDLING)
    page = ada.page
    await expect(panel(page)).to_be_hidden()
    room = await page.locator(".room").bounding_box()
    await page.get_by_role("button", name="Room details").click()
    await expect(page.get_by_role("heading", name="Details")).to_be_focused()
    await lists(ada, "here", "ada_l")
    assert await page.locator(".room").bounding_box() == room, "the room keeps its place"
    await ada.write("Not modal")
    await page.keyboard.press("Escape")
    await expect(panel(page)).to_be_hidden()
    await expect(ada.composer).to_have_value("Not modal")


async def test_on_a_phone_it_is_a_view_that_the_way_back_leaves(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=PHONE, has_touch=True, is_mobile=True)
    page = ada.page
    await page.get_by_role("button", name="Room details").tap()
    await expect(panel(page)).to_be_visible()
    await expect(ada.composer).to_be_hidden()
    await expect(page.get_by_role("navigation", name="Rooms")).to_be_hidden()
    await expect(page.get_by_role("heading", name="Details")).to_be_focused()
    await lists(ada, "here", "ada_l")
    await page.go_back()
    await expect(ada.composer).to_be_visible()
    await expect(panel(page)).to_be_hidden()
    await page.go_forward()
    await expect(panel(page)).to_be_visible()
    await page.get_by_role("button", name="Back to the room").tap()
    await expect(ada.composer).to_be_visible()
    await page.reload()
    await page.goto(f"{site.url}/chat/general#details")
    await page.get_by_role("button", name="Back to the room").tap()
    await expect(ada.composer).to_be_visible()


async def test_what_cannot_be_known_offline_is_not_shown(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    await newcomer("grace", "/chat/general")
    ada = await newcomer("ada_l", "/chat/general", viewport=WIDE)
    await lists(ada, "here", "ada_l", "grace")
    await ada.offline()
    await expect(ada.page.locator(".presence").first).to_be_hidden()
    await expect(ada.page.get_by_text("Here now, 2")).to_be_hidden()
    await expect(panel(ada.page).get_by_text("Members, 2")).to_be_visible()
    await ada.online()
    await expect(ada.page.get_by_text("Here now, 2")).to_be_visible()


async def test_a_card_says_who_somebody_is_and_where_both_are(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 5)
    await site.start()
    grace = await newcomer("grace", "/chat/general")
    await grace.say("Here I am.")
    ada = await newcomer("ada_l", "/chat/general", viewport=WIDE)
    page = ada.page
    await page.locator(".msg").get_by_role("button", name="grace").click()
    card = page.get_by_role("dialog", name="grace")
    await expect(card).to_contain_text("2 rooms in common")
    await card.get_by_role("link", name="attic").click()
    await expect(page).to_have_url(re.compile("/chat/attic$"))
    await expect(card).to_have_count(0)

    await panel(page).get_by_role("button", name="grace").focus()
    await page.keyboard.press("Enter")
    await card.get_by_role("button", name="Mention").click()
    await expect(ada.composer).to_have_value("@grace ")
    await expect(ada.composer).to_be_focused()

    await panel(page).get_by_role("button", name="ada_l").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="ada_l")).to_be_visible()
    await expect(page.get_by_role("button", name="Mention")).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(panel(page).get_by_role("button", name="ada_l")).to_be_focused()


@pytest.mark.parametrize("closed", ["rooms", "details"])
async def test_a_value_from_elsewhere_closes_nothing(site: Site, newcomer: Newcomer, closed: str) -> None:
    """The cookie is anybody's to write, so its words are looked up."""
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=WIDE)
    await ada.page.context.add_cookies([{"name": "closed", "value": f'{closed}x."><b>', "url": site.url}])
    await ada.open("/chat/general")
    await expect(panel(ada.page)).to_be_visible()
    await expect(ada.page.get_by_role("button", name="Rooms", exact=True)).to_have_attribute("aria-expanded", "true")
