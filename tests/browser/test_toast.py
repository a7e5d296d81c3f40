"""What is said in passing: it goes by itself, waits for whoever is at it, and gives the focus back."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site

SHOWN_FOR = 6_000
SAY = """async (text) => {
    const { toast } = await import("roost/core/toast.js");
    toast(text, { label: "Undo", action: () => (document.documentElement.dataset.undone = text) });
}"""


async def say(page: Page, text: str) -> None:
    await page.evaluate(SAY, text)
    await expect(page.locator("roost-toast .toast")).to_contain_text(text)


async def test_a_toast_goes_after_six_seconds_and_the_next_takes_its_place(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    page = (await newcomer("ada_l", "/chat/general", clock=True)).page
    await say(page, "Copied")
    await page.clock.run_for(SHOWN_FOR - 500)
    await say(page, "Copied again")
    await page.clock.run_for(SHOWN_FOR - 500)
    status = page.get_by_role("status").filter(has=page.get_by_role("button", name="Dismiss"))
    await expect(status).to_have_text("Copied again Undo Dismiss")
    await page.clock.run_for(1_000)
    await expect(page.locator("roost-toast .toast")).to_be_hidden()


@pytest.mark.parametrize("by", ["pointer", "keys"])
async def test_a_toast_waits_for_whoever_is_at_it(site: Site, newcomer: Newcomer, by: str) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", clock=True)
    page, shown = ada.page, ada.page.locator("roost-toast .toast")
    await say(page, "Marked as read")
    await shown.hover() if by == "pointer" else await page.keyboard.press("Control+F6")
    await page.clock.run_for(2 * SHOWN_FOR)
    await expect(shown).to_be_visible()
    await page.mouse.move(5, 5) if by == "pointer" else await ada.composer.focus()
    await page.clock.run_for(SHOWN_FOR)
    await expect(shown).to_be_hidden()


async def test_its_offer_is_in_reach_of_the_keys_and_the_focus_returns(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await say(ada.page, "Marked as read")
    await ada.page.keyboard.press("Control+F6")
    await expect(ada.page.get_by_role("button", name="Undo")).to_be_focused()
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator("html")).to_have_attribute("data-undone", "Marked as read")
    await expect(ada.composer).to_be_focused()
    await expect(ada.page.locator("roost-toast .toast")).to_be_hidden()

    await say(ada.page, "Once more")
    await ada.page.keyboard.press("Control+F6")
    await ada.page.keyboard.press("Escape")
    await expect(ada.page.locator("roost-toast .toast")).to_be_hidden()
    await expect(ada.composer).to_be_focused()
