"""Who has not touched their page for five minutes is shown as away, wherever they are shown."""

import re

from playwright.async_api import Page, ViewportSize, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site

WIDE: ViewportSize = {"width": 1280, "height": 800}
QUIET = 300_000
"""Milliseconds."""


async def says_of_abe(page: Page, *, away: bool) -> None:
    """In the panel, behind whoever is here; in the list of talks; and above the talk."""
    here = page.locator(".people--here")
    await expect(here.locator("[data-part=name]")).to_have_text(["ada_l", "abe"] if away else ["abe", "ada_l"])
    await expect(here.get_by_role("button", name=re.compile("abe.*away"))).to_have_count(int(away))
    await expect(here.locator(".presence--idle")).to_have_count(int(away))
    await expect(here.locator("h3")).to_have_text("Here now, 2")
    row = page.locator("[data-section=talks] li").first
    await expect(row.get_by_role("link")).to_have_accessible_name(
        re.compile("abe ?, away" if away else "abe ?, here now")
    )
    await expect(row.locator(".presence--idle")).to_have_count(int(away))
    about = page.locator(".bar [data-part=about]")
    await expect(about).to_have_text("Away, @abe" if away else "Here now, @abe")


async def test_who_touches_nothing_is_away_until_they_do(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=WIDE)
    abe = await newcomer("abe", "/chat/general", clock=True)
    await abe.say("hello")
    await ada.page.locator(".msg", has_text="hello").locator("[data-action=profile]").click()
    await ada.page.get_by_role("button", name="Message", exact=True).click()
    await expect(ada.page.locator("#room-title > bdi")).to_have_text("abe")
    await ada.say("Tea?")
    await expect(abe.page.locator("[data-section=talks] li")).to_have_count(1)
    await says_of_abe(ada.page, away=False)

    # A page that hears nothing for so long comes back by a new connection, which begins as one in use.
    await abe.page.clock.fast_forward(QUIET)
    await says_of_abe(ada.page, away=True)
    await ada.page.locator(".people--here").get_by_role("button", name=re.compile("abe")).click()
    await expect(ada.page.get_by_role("dialog").locator("[data-part=here]")).to_have_text("Away")
    await ada.page.keyboard.press("Escape")
    await ada.page.reload()
    await says_of_abe(ada.page, away=True)

    await abe.page.keyboard.press("Shift")
    await says_of_abe(ada.page, away=False)
