"""390 px wide: one view at a time, each an entry of the browser's history."""

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, holds

PHONE: ViewportSize = {"width": 390, "height": 844}
SMALLEST: ViewportSize = {"width": 320, "height": 568}
# What a keyboard leaves as it comes.
KEYBOARD = (780, 690, 600, 530, 480)
# The first message in view.
FIRST_IN_VIEW = """(log) => {
    const { top } = log.getBoundingClientRect();
    return [...log.querySelectorAll(".msg")].find((item) => item.getBoundingClientRect().top >= top).id;
}"""
# Of its text: its head goes when an older message of the same author comes above it.
TOP = "(item) => item.querySelector('[data-part=body]').getBoundingClientRect().top"

FROM_END = "(log) => log.scrollHeight - log.clientHeight - log.scrollTop"
# What a page is told of a keyboard that lies over it.
LAY_OVER = """(seen) => {
    for (const [name, value] of Object.entries(seen)) {
        Object.defineProperty(visualViewport, name, { value, configurable: true });
    }
    visualViewport.dispatchEvent(new Event("resize"));
    visualViewport.dispatchEvent(new Event("scroll"));
}"""
BAR = """() => [...document.querySelectorAll("meta[name=theme-color]")]
    .find((meta) => matchMedia(meta.media).matches).content"""
# The first colour under an element.
SURFACE = """(selector) => {
    const nothing = "rgba(0, 0, 0, 0)";
    const colour = (element) => getComputedStyle(element).backgroundColor;
    let element = document.querySelector(selector);
    while (colour(element) === nothing) element = element.parentElement;
    return colour(element);
}"""


async def no_sideways_scroll(page: Page) -> None:
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


async def test_rooms_and_room_take_turns_and_the_back_gesture_works(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 60)
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=PHONE, has_touch=True, is_mobile=True)
    page = ada.page
    rooms, attic = page.get_by_role("navigation", name="Rooms"), page.get_by_role("link", name="attic")
    await expect(rooms).to_be_hidden()
    await expect(ada.composer).to_be_in_viewport(ratio=1)
    await page.get_by_role("link", name="Back to rooms").tap()
    await expect(rooms).to_be_visible()
    await expect(ada.composer).to_be_hidden()
    await no_sideways_scroll(page)

    await attic.tap()
    await expect(page.get_by_text("history 60", exact=True)).to_be_in_viewport()
    await expect(rooms).to_be_hidden()
    await page.go_back()
    await expect(attic).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text("general")
    await page.go_forward()
    await page.go_forward()
    await expect(page.get_by_role("heading", level=1)).to_have_text("attic")
    await expect(page.get_by_text("history 60", exact=True)).to_be_in_viewport()
    await no_sideways_scroll(page)


async def test_the_place_in_a_room_outlives_a_look_at_the_rooms(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 200)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", viewport=PHONE)
    grace = await newcomer("grace", "/chat/attic")
    log = ada.page.locator("roost-timeline")
    await log.evaluate("(log) => { log.scrollTop -= 2000 }")
    await expect(ada.page.get_by_role("button", name="Jump to latest")).to_be_visible()
    eye = ada.page.locator(f"#{await log.evaluate(FIRST_IN_VIEW)}")
    before = await eye.evaluate(TOP)
    await ada.page.get_by_role("link", name="Back to rooms").click()
    await grace.say("meanwhile")
    await expect(ada.page.locator("[data-room=attic] [data-part=unread-count]")).to_have_text("1")
    await ada.page.go_back()
    await expect(ada.page.get_by_role("button", name="1 new")).to_be_visible()
    assert await eye.evaluate(TOP) == pytest.approx(before, abs=1)


async def test_a_keyboard_takes_room_from_the_log_and_not_from_the_composer(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 60)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", viewport=PHONE, has_touch=True, is_mobile=True)
    page = ada.page
    await ada.write("a\nb\nc")
    for height in KEYBOARD:
        await page.set_viewport_size({"width": 390, "height": height})
    await expect(page.get_by_text("history 60", exact=True)).to_be_in_viewport()
    await expect(ada.composer).to_be_in_viewport(ratio=1)
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("a\nb\nc\n")
    await page.get_by_role("button", name="Send message").tap()
    await expect(page.locator(".msg [data-part=body]").last).to_have_text("a\nb\nc", use_inner_text=True)
    await expect(page.locator(".msg").last).to_be_in_viewport(ratio=1)
    await page.set_viewport_size(SMALLEST)
    await expect(ada.composer).to_be_in_viewport(ratio=1)
    await no_sideways_scroll(page)


async def test_a_keyboard_moves_nobody_who_reads_further_up(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 200)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", viewport=PHONE, has_touch=True, is_mobile=True)
    log = ada.page.locator("roost-timeline")
    await log.evaluate("(log) => { log.scrollTop -= 2000 }")
    await expect(ada.page.get_by_role("button", name="Jump to latest")).to_be_visible()
    before = await log.evaluate(FROM_END)
    for height in (*KEYBOARD, 844):
        await ada.page.set_viewport_size({"width": 390, "height": height})
    await expect(ada.composer).to_be_in_viewport(ratio=1)
    assert await log.evaluate(FROM_END) == pytest.approx(before, abs=1)


async def test_a_keyboard_that_lies_over_the_page_has_the_composer_on_its_edge(site: Site, newcomer: Newcomer) -> None:
    """As Safari's does: it takes nothing of the page's height, and pushes up what is seen of it."""
    await site.import_history("attic", 60)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", viewport=PHONE, has_touch=True, is_mobile=True)
    page, app = ada.page, ada.page.locator("[data-part=app]")
    await page.evaluate(LAY_OVER, {"height": 500, "offsetTop": 120})
    await expect(page.get_by_text("history 60", exact=True)).to_be_in_viewport()
    box = await app.bounding_box()
    assert box is not None
    assert (box["y"], box["height"]) == (120, 500)
    foot = await page.locator("roost-composer .composer").evaluate("(form) => form.getBoundingClientRect().bottom")
    assert foot == pytest.approx(620, abs=1)
    await page.evaluate(LAY_OVER, {"height": 844, "offsetTop": 0})
    assert await app.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}


async def test_the_browsers_bars_follow_what_lies_at_the_top(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=PHONE, color_scheme="light")
    page = ada.page
    colours = {}
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        for view in ("room", "rooms"):
            await page.evaluate("(view) => { location.hash = view === 'rooms' ? '#rooms' : '' }", view)
            await expect(page.locator("[data-part=app]")).to_have_attribute("data-view", view)
            top = "roost-sidebar" if view == "rooms" else ".sheet"
            await holds(page, f"({BAR})() === ({SURFACE})('{top}')")
            colours[theme, view] = await page.evaluate(BAR)
    assert len(set(colours.values())) == 4
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.evaluate("location.hash = ''")
    await holds(page, f"({BAR})() === ({SURFACE})('roost-sidebar')")
