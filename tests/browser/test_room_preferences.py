"""Rooms as one wants them: favourite, muted, hidden, and of what one is told there."""

import re

from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


def row(page: Page, name: str) -> Locator:
    return page.locator("nav#rooms a[data-room-id]", has_text=name)


def listed(page: Page, key: str) -> Locator:
    return page.locator(f"nav#rooms [data-part={key}] bdi")


async def rooms_of(grace: Visitor, ada: Visitor, *names: str) -> dict[str, int]:
    """Rooms of Grace's with Ada in them, by name."""
    made = {}
    for name in names:
        made[name] = (await grace.ask("room.create", name=name, kind="public"))["room"]["id"]
        await grace.ask("room.add", room=made[name], person=await ada.person_id())
    return made


async def test_favourites_stand_above_the_others_on_all_devices(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    await rooms_of(grace, ada, "boats", "tea")
    page, tab = ada.page, await ada.page.context.new_page()
    await tab.goto(f"{site.url}/rooms")
    await expect(page.get_by_role("heading", name="Favourites")).to_be_hidden()
    await row(page, "tea").click(button="right")
    menu = page.get_by_role("menu", name="#tea for me")
    await expect(menu.get_by_role("menuitemcheckbox", name="Favourite")).to_be_focused()
    await menu.get_by_role("menuitemcheckbox", name="Favourite").click()
    for each in (page, tab):
        await expect(listed(each, "favourites")).to_have_text(["tea"])
        await expect(listed(each, "rooms")).to_have_text(["boats", "general"])
    await page.reload()
    await expect(page.get_by_role("heading", name="Favourites")).to_be_visible()
    await expect(listed(page, "favourites")).to_have_text(["tea"])
    await ada.is_live()

    await row(page, "tea").focus()
    await page.keyboard.press("Shift+F10")
    await expect(menu.get_by_role("menuitemcheckbox", name="Favourite")).to_have_attribute("aria-checked", "true")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Favourites")).to_be_hidden()
    await expect(listed(page, "rooms")).to_have_text(["boats", "general", "tea"])


async def test_a_muted_room_stays_as_it_looks(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    await rooms_of(grace, ada, "tea")
    page, title = ada.page, await ada.page.title()
    await row(page, "tea").click(button="right")
    await page.get_by_role("menuitemcheckbox", name="Muted").click()
    await expect(row(page, "tea").locator("[data-part=muted]")).to_be_visible()
    await grace.visit("/chat/tea")
    await grace.say("Kettle on?")
    await holds(page, "(await import('roost/core/app.js')).app.store.roomBySlug('tea').unread === 1")
    await expect(row(page, "tea")).not_to_have_class(re.compile("is-unread"))
    await expect(row(page, "tea").locator("[data-part=unread]")).to_be_hidden()
    await expect(page).to_have_title(title)
    assert "unread" not in (await page.locator("link[rel=icon]").get_attribute("href") or "")
    await ada.open("/catch-up")
    await expect(page.get_by_text("Nothing new. All is quiet on the wire.")).to_be_visible()
    await expect(row(page, "tea").locator("[data-part=muted]")).to_be_visible()
    await ada.ask("room.prefer", room=2, muted=False)
    await expect(page.locator("[data-part=digest] > li")).to_have_count(1)
    await expect(row(page, "tea").locator("[data-part=unread-count]")).to_have_text("1")


async def test_a_hidden_room_is_found_and_comes_back_when_it_is_opened(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    await rooms_of(grace, ada, "tea")
    page = ada.page
    await row(page, "tea").click()
    await ada.is_live()
    await page.get_by_role("button", name="Your settings here").click()
    await page.get_by_role("menuitem", name="Hide from the list").press("Enter")
    await expect(page).to_have_url(re.compile("/chat/general$"))
    await expect(listed(page, "rooms")).to_have_text(["general"])
    await page.get_by_role("button", name="Undo").click()
    await expect(listed(page, "rooms")).to_have_text(["general", "tea"])

    await ada.ask("room.prefer", room=2, hidden=True)
    await expect(listed(page, "rooms")).to_have_text(["general"])
    await page.reload()
    await ada.is_live()
    await expect(listed(page, "rooms")).to_have_text(["general"])
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="Jump to").fill("#te")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="tea", level=1)).to_be_visible()
    await expect(listed(page, "rooms")).to_have_text(["general", "tea"])
    await holds(page, "!(await import('roost/core/app.js')).app.store.roomBySlug('tea').hidden")


async def test_the_details_say_how_one_has_a_room_and_change_it(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=WIDE, service_workers="allow")  # which has the toast without a network
    page = ada.page
    mine = page.get_by_role("group", name="Your settings here")
    await mine.get_by_role("button", name="Muted").click()
    await expect(mine.get_by_role("button", name="Muted")).to_have_attribute("aria-pressed", "true")
    await mine.get_by_label("Notify me about").select_option("Only mentions of me")
    await holds(page, "(await import('roost/core/app.js')).app.store.room(1).level === 'mentions'")
    await ada.ask("room.prefer", room=1, favourite=True, muted=False, level="nothing")
    await expect(mine.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
    await expect(mine.get_by_role("button", name="Muted")).to_have_attribute("aria-pressed", "false")
    await expect(mine.get_by_label("Notify me about")).to_have_value("nothing")
    await ada.offline()
    await ada.is_cut_off()
    await mine.get_by_label("Notify me about").select_option("Every message")
    await expect(page.locator("roost-toast")).to_contain_text("That did not work.")
    await expect(mine.get_by_label("Notify me about")).to_have_value("nothing")


async def test_a_phone_has_the_menu_of_the_open_room(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=PHONE, has_touch=True)
    page = ada.page
    await page.get_by_role("button", name="Your settings here").tap()
    levels = page.get_by_role("group", name="Notify me about")
    await expect(levels.get_by_role("menuitemradio", name="As in my settings")).to_have_attribute(
        "aria-checked", "true"
    )
    await levels.get_by_role("menuitemradio", name="Nothing").tap()
    await page.get_by_role("button", name="Your settings here").tap()
    await expect(levels.get_by_role("menuitemradio", name="Nothing")).to_have_attribute("aria-checked", "true")
