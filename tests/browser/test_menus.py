"""What can be done with a message, by pointer, keys and finger; the place's menu; and the list of keys."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, holds

PHONE = {"width": 390, "height": 844}
CLIPBOARD = ["clipboard-read", "clipboard-write"]
# A finger that stays where it is, as long as a menu takes.
HOLD = """(item) => new Promise((resolve) => {
    const { x, y } = item.getBoundingClientRect();
    const touch = { bubbles: true, pointerType: "touch", clientX: x + 80, clientY: y + 10 };
    item.dispatchEvent(new PointerEvent("pointerdown", touch));
    setTimeout(() => { item.dispatchEvent(new PointerEvent("pointerup", touch)); resolve(); }, 700);
})"""
INSIDE = """(menu) => {
    const { top, bottom, left, right } = menu.getBoundingClientRect();
    return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
}"""


HEARD = """async () => {
    const { KEYS, MESSAGE_KEYS } = await import("roost/features/keyboard.js");
    const { WRITING_KEYS } = await import("roost/features/formatting.js");
    return [...Object.keys({ ...KEYS, ...WRITING_KEYS }), ...Object.keys(MESSAGE_KEYS).map((key) => key.toUpperCase())];
}"""


def menu(page: Page) -> Locator:
    return page.get_by_role("menu", name="Actions for this message")


async def copied(page: Page) -> str:
    text: str = await page.evaluate("navigator.clipboard.readText()")
    return text


async def test_a_message_has_tools_under_the_pointer_and_the_focus(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 30)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", permissions=CLIPBOARD)
    page, log = ada.page, ada.page.locator("roost-timeline")
    height = await log.evaluate("(log) => log.scrollHeight")
    item = page.locator(".msg").nth(-3)
    await item.hover()
    more = item.get_by_role("button", name="More actions")
    await expect(more).to_be_visible()
    assert await log.evaluate("(log) => log.scrollHeight") == height, "nothing moves"
    await more.click()
    await expect(menu(page).get_by_role("menuitem").first).to_be_focused()
    assert await menu(page).evaluate(INSIDE)
    await menu(page).get_by_role("menuitem", name="Copy link").click()
    await expect(page.get_by_role("status").get_by_text("Link copied.")).to_be_visible()
    assert await copied(page) == f"{site.url}/chat/attic/28"
    await page.mouse.move(5, 5)
    await expect(page.get_by_role("button", name="More actions")).to_have_count(0)

    await page.keyboard.press("Control+Shift+F6")
    await page.keyboard.press("ArrowUp")
    await expect(page.locator(".msg").nth(-2)).to_be_focused()
    await expect(page.locator(".msg").nth(-2).get_by_role("button", name="More actions")).to_be_visible()


async def test_the_menu_of_a_message_is_worked_by_keys_and_gives_the_focus_back(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 30)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", permissions=CLIPBOARD)
    page, item = ada.page, ada.page.locator(".msg").last
    names = ["Reply", "Reply in thread", "Mark unread from here", "Copy text", "Copy link", "Report"]
    await page.keyboard.press("Control+Shift+F6")
    await expect(item).to_be_focused()
    for key in ("Enter", "Shift+F10"):
        await page.keyboard.press(key)
        await expect(menu(page).get_by_role("menuitem")).to_contain_text(names)
        assert await menu(page).evaluate(INSIDE), "below the last message there is no room"
        await page.keyboard.press("Escape")
        await expect(menu(page)).to_have_count(0)
        await expect(item).to_be_focused()

    await page.keyboard.press("Enter")
    await expect(menu(page).get_by_role("menuitem").first).to_be_focused()
    _, thread, unread, text, link, report = names
    keys = (("ArrowUp", report), ("m", unread), ("ArrowUp", thread), ("End", report), ("c", text), ("c", link))
    for key, name in keys:
        await page.keyboard.press(key)
        await expect(menu(page).get_by_role("menuitem", name=name)).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Text copied.")).to_be_visible()
    assert await copied(page) == "history 30"
    await expect(item).to_be_focused()

    for key in ("Enter", "m", "Enter"):
        await page.keyboard.press(key)
    await expect(page.locator("[data-part=new-line] + .msg")).to_have_attribute("data-number", "30")


async def test_a_finger_that_stays_opens_a_sheet(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 30)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", viewport=PHONE, has_touch=True, is_mobile=True)
    page = ada.page
    await page.locator(".msg").nth(-3).evaluate(HOLD)
    await expect(menu(page)).to_be_visible()
    await holds(page, "document.getAnimations().every((each) => each.playState !== 'running')")
    box = await menu(page).bounding_box()
    assert box is not None
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, PHONE["width"], PHONE["height"])
    await page.touchscreen.tap(195, 100)
    await expect(menu(page)).to_have_count(0)


async def test_what_waits_can_be_taken_back_from_its_menu(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await ada.page.evaluate("import('roost/layers/message_menu.js')")  # as it comes when the page has rested a moment
    await site.kill()
    await ada.say("From the tunnel")
    await expect(ada.page.get_by_text("Waiting to send")).to_be_visible()
    await ada.page.keyboard.press("Control+Shift+F6")
    await ada.page.keyboard.press("Enter")
    await expect(menu(ada.page).get_by_role("menuitem")).to_have_text(["Edit", "Delete", "Copy text"])
    await ada.page.keyboard.press("Enter")
    await expect(ada.composer).to_have_value("From the tunnel")
    await expect(ada.page.locator(".msg")).to_have_count(0)


async def test_the_places_menu_leads_to_what_belongs_to_all(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    page, place = ada.page, ada.page.get_by_role("button", name="Harbour Lab")
    await place.click()
    items = page.get_by_role("menu", name="Harbour Lab").get_by_role("menuitem")
    await expect(items).to_contain_text(["Keyboard shortcuts", "House rules", "Privacy note", "Sign out"])
    await page.keyboard.press("Escape")
    await expect(place).to_be_focused()
    await place.click()
    await items.get_by_text("Keyboard shortcuts").click()
    await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    await page.keyboard.press("Escape")
    await place.click()
    await expect(items.first).to_be_focused()
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/\?notice=signed_out$"))


async def test_every_key_of_the_list_does_something(site: Site, newcomer: Newcomer) -> None:
    """What the list names and what the page listens for are two lists: a key of one alone is dead, or a secret."""
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    page = ada.page
    await page.keyboard.press("Control+/")
    await expect(page.get_by_role("dialog")).to_be_visible()
    listed = await page.locator(".keys__chord").evaluate_all(
        "(all) => all.map((each) => [...each.children].map((key) => key.textContent).join('+'))"
    )
    await page.keyboard.press("Escape")
    heard = await page.evaluate(HEARD)
    names = {"↑": "ArrowUp", "↓": "ArrowDown", "Esc": "Escape", "PgUp": "PageUp"}
    spelled = {"+".join(names.get(key, key) for key in chord.split("+")) for chord in listed}
    elsewhere = {"Enter", "Shift+Enter", "Tab", "Shift+F10", "ArrowUp", "ArrowDown", "Shift+ArrowUp"}
    assert spelled == set(heard) | elsewhere


@pytest.mark.parametrize("name", ["Alt+ArrowDown", "Control+."])
async def test_a_layer_has_the_keys_to_itself(site: Site, newcomer: Newcomer, name: str) -> None:
    await site.import_history("attic", 5)
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await ada.page.keyboard.press("Control+/")
    await expect(ada.page.get_by_role("dialog")).to_be_visible()
    await ada.page.keyboard.press(name)
    await expect(ada.page.get_by_role("dialog")).to_be_visible()
    await expect(ada.page).to_have_url(re.compile("/chat/general$"))
    await expect(ada.page.get_by_role("button", name="Room details")).to_have_attribute("aria-expanded", "true")
