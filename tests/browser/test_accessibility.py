"""Every page under axe, light and dark: nothing against WCAG 2.2 AA, nothing against axe's best practice."""

import json

from axe_playwright_python.async_playwright import DEFAULT_OPTIONS, Axe
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, arrive

PHONE = {"width": 390, "height": 844}
# Colours on their way from one theme to the other are nobody's to read.
STILL = {"reduced_motion": "reduce"}
NOTICES = ("cancelled", "failed", "unavailable", "clock", "callback", "rate_limited", "expired", "signed_out")
# A form from nowhere, as another site would make one.
FORGE = """() => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/logout" });
    document.body.append(form);
    form.submit();
}"""


# The themes differ in colours alone, so of axe's rules only these can judge the second otherwise than the first.
OF_COLOUR = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}


async def violations(page: Page) -> list[str]:
    """What axe has against the page as it stands, light and dark, a line for each element."""
    found = []
    for theme, options in (("light", DEFAULT_OPTIONS), ("dark", OF_COLOUR)):
        await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        result = await Axe().run(page, options=options)
        found += [
            f"{theme} {page.url} {rule['id']} {json.dumps(node['target'])}: {node['failureSummary']}"
            for rule in result.response["violations"]
            for node in rule["nodes"]
        ]
    return found


async def test_the_pages_before_the_door_are_clean(browser: Browser, site: Site) -> None:
    await site.start()
    visitor = await arrive(browser, site, **STILL)
    page, found = visitor.page, []
    for path in ("/", "/nowhere", "/offline", "/rules", "/privacy"):
        await page.goto(site.url + path)
        found += await violations(page)
    for notice in NOTICES:
        await page.goto(f"{site.url}/?notice={notice}")
        found += await violations(page)
    await page.goto(f"{site.url}/login")
    await expect(page).to_have_title("Stand-in for X")
    found += await violations(page)
    assert found == []


async def test_a_refusal_is_clean(browser: Browser, site: Site) -> None:
    await site.start()
    visitor = await arrive(browser, site, **STILL)
    await visitor.page.goto(site.url)
    await visitor.page.evaluate(FORGE)
    await expect(visitor.page.get_by_text("403")).to_be_visible()
    assert await violations(visitor.page) == []


async def test_the_pages_behind_it_are_clean(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 12)
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", **STILL)
    found = await violations(ada.page)  # an empty room
    await ada.page.goto(f"{site.url}/welcome")
    found += await violations(ada.page)

    grace = await newcomer("grace", "/chat/general", viewport=PHONE, **STILL)
    await grace.say("Is anybody on the wire?", "https://example.org/birds")
    await ada.open("/chat/attic/7")
    await expect(ada.page.locator("[data-room=general] [data-part=unread]")).to_be_visible()
    found += await violations(ada.page)

    await grace.page.get_by_role("link", name="Back to rooms").click()
    found += await violations(grace.page)
    await grace.page.go_back()
    await ada.open("/chat/general")
    await grace.composer.press_sequentially("Hm")
    await expect(ada.page.locator("[data-part=typing]")).not_to_be_empty()
    await ada.offline()
    await ada.say("From the tunnel")
    await expect(ada.page.get_by_text("Waiting to send")).to_be_visible()
    for person in (ada, grace):
        found += await violations(person.page)
    assert found == []
