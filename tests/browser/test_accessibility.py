"""What axe has against a page, by WCAG 2.2 AA and its own best practice: nothing. These pages are no screens of
test_screens.py."""

import json

from axe_playwright_python.async_playwright import DEFAULT_OPTIONS
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, arrive

PHONE = {"width": 390, "height": 844}
# Colours on their way from one theme to the other are nobody's to read.
STILL = {"reduced_motion": "reduce"}
# The screens have the others.
NOTICES = ("unavailable", "clock", "callback", "rate_limited", "expired")

# The themes differ in colours alone, so of axe's rules only these can judge the second otherwise than the first.
OF_COLOUR = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}


async def violations(page: Page) -> list[str]:
    """What axe has against the page as it stands, light and dark, a line for each element."""
    found = []
    await page.evaluate(AXE_SCRIPT)
    for theme, options in (("light", DEFAULT_OPTIONS), ("dark", OF_COLOUR)):
        await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        rules = await page.evaluate("async (options) => (await axe.run(options)).violations", options)
        found += [
            f"{theme} {page.url} {rule['id']} {json.dumps(node['target'])}: {node['failureSummary']}"
            for rule in rules
            for node in rule["nodes"]
        ]
    return found


async def test_the_other_refusals_are_clean(browser: Browser, site: Site) -> None:
    await site.start()
    visitor = await arrive(browser, site, **STILL)
    page, found = visitor.page, []
    for notice in NOTICES:
        await page.goto(f"{site.url}/?notice={notice}")
        found += await violations(page)
    await page.goto(f"{site.url}/login")
    await expect(page).to_have_title("Stand-in for X")
    found += await violations(page)
    assert found == []


async def test_a_chosen_theme_is_clean_whatever_the_device_says(site: Site, newcomer: Newcomer) -> None:
    """Under axe the device is light, then dark."""
    await site.start()
    ada = await newcomer("ada_l", **STILL)
    await ada.say("Is anybody on the wire?")
    found = []
    for theme in ("Dusk", "Day"):
        await ada.page.goto(f"{site.url}/settings")
        await ada.page.get_by_label(theme, exact=True).check()
        await expect(ada.page.get_by_role("status")).to_have_text("Saved")
        found += await violations(ada.page)
        await ada.open("/chat/general")
        found += await violations(ada.page)
    assert found == []
