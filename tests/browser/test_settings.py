"""The settings in a browser: what is chosen holds at once on all devices, with a script and without, by keyboard."""

import re
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, arrive, holds

RECORD = """() => {
    window.spoken = [];
    const region = document.getElementById("announce");
    new MutationObserver(() => window.spoken.push(region.textContent)).observe(region, { childList: true });
}"""
PHONE = {"width": 390, "height": 844}


async def settings_of(visitor: Visitor, path: str = "/settings") -> Page:
    """One more tab of the same browser."""
    page = await visitor.page.context.new_page()
    await page.goto(visitor.site.url + path)
    return page


async def is_saved(page: Page) -> None:
    await expect(page.get_by_role("status")).to_have_text("Saved")


async def style_of(page: Page, selector: str, name: str) -> str:
    return str(await page.locator(selector).first.evaluate(f"each => getComputedStyle(each).{name}"))


async def look_of(page: Page) -> dict[str, Any]:
    look: dict[str, Any] = await page.evaluate("({ ...document.documentElement.dataset })")
    return {name: look[name] for name in ("theme", "density", "messageSize", "motion")}


async def test_a_look_that_is_chosen_on_one_device_is_that_of_all_at_once(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    desk, phone = await newcomer("ada_l"), await newcomer("ada_l", viewport=PHONE)
    await phone.say("How do I look?")
    settings, elsewhere = await settings_of(desk), await settings_of(phone)
    day = await style_of(phone.page, ".sheet", "backgroundColor")
    await settings.get_by_label("Dusk").check()
    await settings.get_by_label("Compact").check()
    await settings.get_by_label("Message size").fill("20")
    await settings.get_by_label("Reduce motion").check()
    await is_saved(settings)

    chosen = {"theme": "dusk", "density": "compact", "messageSize": "20", "motion": "still"}
    await holds(phone.page, "document.documentElement.dataset.motion === 'still'")
    for page in (desk.page, phone.page, settings, elsewhere):
        assert await look_of(page) == chosen
    assert await style_of(phone.page, ".sheet", "backgroundColor") != day
    assert await style_of(phone.page, ".msg .text", "fontSize") == "20px"
    assert await style_of(phone.page, ".msg .text", "lineHeight") == "25px"
    assert await style_of(phone.page, ".msg .egg", "blockSize") == "24px"
    assert await style_of(phone.page, ".tool", "transitionDuration") == "0s, 0s"
    await expect(elsewhere.get_by_label("Dusk")).to_be_checked()
    await expect(elsewhere.get_by_label("Message size")).to_have_value("20")
    await expect(elsewhere.get_by_label("Message size")).to_have_attribute("aria-valuetext", "20 pixels")

    await settings.get_by_label("Message size").fill("15")
    await holds(desk.page, "document.documentElement.dataset.messageSize === '15'")
    assert await style_of(desk.page, ".msg .text", "lineHeight") == "20px"
    await desk.page.reload()
    assert (await look_of(desk.page))["theme"] == "dusk"


async def test_enter_and_the_spoken_arrivals_do_as_they_are_told(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    settings = await settings_of(ada)
    await grace.say("heard")
    await expect(ada.page.locator("[id=announce]")).to_have_text("grace: heard")
    await ada.page.evaluate(RECORD)

    await settings.get_by_label("Enter sends").uncheck()
    await settings.get_by_label("Read new messages aloud").uncheck()
    await is_saved(settings)
    await ada.page.bring_to_front()
    await expect(ada.page.locator(".foot__keys:visible")).to_have_text("CtrlEnter sends Enter new line")
    await ada.composer.press_sequentially("one")
    await ada.composer.press("Enter")
    await ada.composer.press_sequentially("two")
    await expect(ada.composer).to_have_value("one\ntwo")
    await ada.composer.press("Control+Enter")
    await grace.sees("heard", "onetwo")

    await grace.say("not heard")
    await ada.sees("heard", "onetwo", "not heard")
    await settings.get_by_label("Read new messages aloud").check()
    await holds(ada.page, "(await import('roost/core/app.js')).app.store.preferences.speak")
    await grace.say("heard again")
    await holds(ada.page, "window.spoken.length > 0")
    assert await ada.page.evaluate("window.spoken") == ["grace: heard again"]


async def test_a_device_that_is_signed_out_leaves_for_the_door_and_keeps_its_draft(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    desk, lost, found = [await newcomer("ada_l") for _ in range(3)]
    grace = await newcomer("grace")
    await lost.write("half a thought")
    await desk.page.goto(f"{site.url}/settings/devices")
    await expect(desk.page.get_by_text("This device.")).to_have_count(1)
    rows = desk.page.locator(".device")
    await expect(rows).to_have_count(3)
    await rows.last.get_by_role("button").click()  # used longest ago, by less than a second
    await expect(rows).to_have_count(2)
    await expect(desk.page.get_by_role("status")).to_have_text("Signed out")
    await expect(desk.page.get_by_role("heading", name="Signed in here")).to_be_focused()

    await desk.page.get_by_role("button", name="Sign out everywhere else").click()
    await expect(rows).to_have_count(1)
    await expect(desk.page.get_by_role("button", name="Sign out everywhere else")).to_have_count(0)
    for visitor in (lost, found):
        await visitor.page.wait_for_url("**/?notice=signed_out")
    await lost.sign_in("ada_l")
    await expect(lost.composer).to_have_value("half a thought")
    await grace.say("still here")
    await grace.sees("still here")


async def test_what_cannot_be_saved_says_why_and_shows_what_holds(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    settings = await settings_of(ada)
    await settings.get_by_label("Dusk").check()
    await is_saved(settings)
    await site.kill()
    await settings.get_by_label("Day", exact=True).click()
    await expect(settings.get_by_role("status")).to_have_text("Not saved. The server did not answer.")
    await expect(settings.get_by_label("Dusk")).to_be_checked()
    assert (await look_of(settings))["theme"] == "dusk"


async def test_the_settings_do_without_a_script(browser: Browser, site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, _ = await newcomer("ada_l"), await newcomer("ada_l")
    state = await ada.page.context.storage_state()
    plain = await arrive(browser, site, java_script_enabled=False, storage_state=state)
    page = plain.page
    await page.goto(f"{site.url}/settings")
    await page.get_by_label("Day", exact=True).check()
    await page.get_by_label("Enter sends").uncheck()
    await page.get_by_role("button", name="Save settings").click()
    await is_saved(page)
    await expect(page.locator("html")).to_have_attribute("data-theme", "day")
    await expect(page.get_by_label("Enter sends")).not_to_be_checked()
    await holds(ada.page, "document.documentElement.dataset.theme === 'day'")

    await page.get_by_role("link", name="Notifications").click()
    await page.get_by_label("Sound").check()
    await page.get_by_role("button", name="Save settings").click()
    await expect(page).to_have_url(re.compile("/settings/notifications"))
    await expect(page.get_by_label("Sound")).to_be_checked()

    await page.get_by_role("navigation", name="Settings").get_by_role("link", name="Devices").click()
    await page.get_by_role("button", name=re.compile("^Sign out .* on ")).click()
    await expect(page.get_by_role("status")).to_have_text("Signed out")
    await expect(page.locator(".device")).to_have_count(1)


async def test_the_settings_are_within_reach_of_the_keyboard(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    page, keys = ada.page, ada.page.keyboard
    await page.get_by_role("link", name="Settings").focus()
    await keys.press("Enter")
    await page.wait_for_url("**/settings")
    await keys.press("Tab")
    await keys.press("Enter")  # past the rooms
    for presses in (["ArrowDown"], ["ArrowRight", "ArrowRight"], ["ArrowRight"], ["Space"], ["Space"], ["Space"]):
        await keys.press("Tab")
        for key in presses:
            await keys.press(key)
            assert await page.evaluate("document.activeElement.matches(':focus-visible')")
    await is_saved(page)
    await holds(page, "document.documentElement.dataset.motion === 'still'")
    await page.reload()
    assert await look_of(page) == {"theme": "day", "density": "compact", "messageSize": "17", "motion": "still"}
    for name in ("Read new messages aloud", "Enter sends"):
        await expect(page.get_by_label(name)).not_to_be_checked()


async def test_on_a_phone_the_settings_are_a_page_with_a_way_back(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=PHONE, has_touch=True, is_mobile=True)
    await ada.page.get_by_role("link", name="Back to rooms").click()
    await ada.page.get_by_role("link", name="Settings").click()
    await expect(ada.page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    await expect(ada.page.locator(".sidebar")).to_be_hidden()
    assert await ada.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for name in ("Devices", "Notifications", "Appearance"):
        await ada.page.get_by_role("navigation", name="Settings").get_by_role("link", name=name).click()
        await expect(ada.page.locator(".prefs__nav [aria-current=page]")).to_have_text(name)
    await ada.page.get_by_label("Language").select_option("Русский")
    await expect(ada.page.get_by_role("status")).to_have_text("Сохранено")
    await expect(ada.page.locator("html")).to_have_attribute("lang", "ru")
    await ada.page.get_by_label("Язык").select_option("")
    await is_saved(ada.page)
    await ada.page.get_by_role("link", name="Back to rooms").click()
    await expect(ada.page.get_by_role("navigation", name="Rooms")).to_be_visible()
