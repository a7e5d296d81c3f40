"""What a room pins, what one saves, and what is passed on."""

import re

from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site

WIDE: ViewportSize = {"width": 1440, "height": 900}


async def choose(page: Page, text: str, item: str) -> None:
    """An entry of the menu of the message with this text."""
    message = page.locator(".msg:not([data-state])", has_text=text)
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name=item).click()


def message(page: Page, text: str) -> Locator:
    return page.locator(".msg", has_text=text)


async def test_what_is_pinned_everybody_finds_in_the_details(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace", viewport=WIDE)
    await grace.say("Meet at nine", "or at ten")
    await ada.sees("Meet at nine", "or at ten")
    await choose(ada.page, "Meet at nine", "Pin for everybody here")
    for who in (ada, grace):
        await expect(message(who.page, "Meet at nine").locator(".pinned")).to_contain_text("Pinned by ada_l")
    tab = grace.page.get_by_role("tab", name="Pins")
    await grace.page.get_by_role("tab", name="Members").focus()
    await grace.page.keyboard.press("ArrowRight")
    await expect(tab).to_be_focused()
    pins = grace.page.get_by_role("tabpanel", name="Pins").get_by_role("listitem")
    await expect(pins).to_have_count(1)
    await expect(pins).to_contain_text("Meet at nine")
    await message(ada.page, "or at ten").focus()
    await ada.page.keyboard.press("p")
    await expect(pins).to_have_count(2)
    await expect(pins.first).to_contain_text("or at ten")
    await pins.last.get_by_role("link", name="Open").click()
    await expect(message(grace.page, "Meet at nine")).to_have_class(re.compile("is-target"))
    await choose(grace.page, "Meet at nine", "Take the pin off")
    await expect(pins).to_have_count(1)
    await expect(message(ada.page, "Meet at nine").locator(".pinned")).to_have_count(0)
    await grace.page.reload()
    await expect(message(grace.page, "or at ten").locator(".pinned")).to_contain_text("Pinned by ada_l")


async def test_what_one_saves_is_found_on_all_devices(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    await grace.say("The soup has leeks", "and bread")
    phone = await ada.page.context.new_page()
    await phone.set_viewport_size({"width": 390, "height": 844})
    await phone.goto(f"{site.url}/saved")
    await expect(phone.get_by_text("Nothing saved yet.")).to_be_visible()
    await ada.sees("The soup has leeks", "and bread")
    await choose(ada.page, "and bread", "Save for later")
    await message(ada.page, "The soup").focus()
    await ada.page.keyboard.press("s")
    rows = phone.locator("roost-saved [data-part=list] > li")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("The soup has leeks")
    await choose(ada.page, "and bread", "Remove from saved")
    await expect(rows).to_have_count(1)
    await ada.page.get_by_role("link", name="Saved").click()
    await expect(ada.page.get_by_role("heading", name="Saved")).to_be_focused()
    mine = ada.page.locator("roost-saved [data-part=list] > li")
    await mine.get_by_role("button", name="Remove from saved").click()
    await expect(mine).to_have_count(0)
    await ada.page.get_by_role("button", name="Undo").click()
    await mine.get_by_role("link", name="Open").click()
    await expect(message(ada.page, "The soup")).to_be_visible()


async def test_what_is_saved_no_longer_leaves_the_list_however_far_down_it_stands(
    site: Site, newcomer: Newcomer
) -> None:
    await site.import_history("attic", 31)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", viewport=WIDE)
    await ada.say("mine")
    await expect(ada.page.locator("#m-32")).to_be_visible()
    attic = await ada.page.evaluate("async () => (await import('roost/core/app.js')).app.place.room")
    for number in (32, *range(1, 32)):
        await ada.ask("message.save", room=attic, number=number, on=True)
    await ada.visit("/saved")
    rows = ada.page.locator("roost-saved [data-part=list] > li")
    await expect(rows).to_have_count(30)
    await ada.page.get_by_role("button", name="Show older ones").click()
    await expect(rows).to_have_count(32)
    await ada.ask("message.edit", room=attic, number=32, text="mine, and changed")
    await expect(rows.last).to_contain_text("mine, and changed")
    await ada.ask("message.remove", room=attic, number=32)
    await expect(rows.last).to_contain_text("history 1")
    await rows.last.get_by_role("button", name="Remove from saved").click()
    await expect(rows).to_have_count(30)
    await ada.page.get_by_role("button", name="Undo").click()
    await expect(rows).to_have_count(31)
    await expect(rows.first).to_contain_text("history 1")


async def test_a_message_is_passed_on_with_its_words_and_where_it_was_said(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=WIDE)
    await ada.ask("room.create", name="tea", kind="public")
    await ada.visit("/chat/general")
    await ada.is_live()
    await ada.say("Kettle's on")
    await choose(ada.page, "Kettle's on", "Forward…")
    await expect(ada.page.get_by_role("combobox", name="Forward to…")).to_be_focused()
    await ada.page.keyboard.type("te")
    await ada.page.keyboard.press("Enter")
    dialog = ada.page.get_by_role("dialog", name="Forward to #tea")
    await expect(dialog).to_contain_text("Kettle's on")
    await dialog.get_by_label("What you say to it").fill("Who brings milk?")
    await dialog.get_by_role("button", name="Forward").click()
    await ada.page.get_by_role("button", name="Go there").click()
    arrived = message(ada.page, "Who brings milk?")
    await expect(arrived.locator("blockquote")).to_have_text("Kettle's on")
    await arrived.get_by_role("link", name="/chat/general/1").click()
    await expect(message(ada.page, "Kettle's on")).to_have_class(re.compile("is-target"))
