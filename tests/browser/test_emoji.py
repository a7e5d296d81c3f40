"""The list of emoji, and their names in what is being written."""

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor


async def opened(visitor: Visitor) -> Locator:
    await visitor.page.get_by_role("button", name="Insert emoji").click()
    picker = visitor.page.get_by_role("dialog", name="Emoji")
    await expect(picker).to_be_visible()
    return picker


async def has_focus(page: Page, name: str) -> None:
    await expect(page.locator(":focus")).to_have_attribute("aria-label", name)


async def test_the_list_is_walked_by_keys_and_what_is_chosen_is_written_at_the_caret(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.composer.fill("ab")
    await ada.composer.press("ArrowLeft")
    picker, press = await opened(ada), ada.page.keyboard.press
    await expect(picker.get_by_role("searchbox")).to_be_focused()
    await press("ArrowDown")
    await has_focus(ada.page, "+1")
    await press("ArrowRight")
    await has_focus(ada.page, "eyes")
    await press("ArrowDown")
    await has_focus(ada.page, "smiley")
    await press("ArrowDown")
    await has_focus(ada.page, "upside down face")
    await press("End")
    await has_focus(ada.page, "wales")
    await press("Home")
    await press("ArrowUp")
    await expect(picker.get_by_role("searchbox")).to_be_focused()
    await press("Escape")
    await expect(ada.page.get_by_role("button", name="Insert emoji")).to_be_focused()
    await expect(ada.composer).to_have_value("ab")

    picker = await opened(ada)
    await picker.get_by_role("searchbox").fill("Red heart")
    await expect(picker.get_by_role("status")).to_have_text("No emoji by that name. Try fewer letters.")
    await picker.get_by_role("searchbox").fill("octo")
    await expect(picker.get_by_role("status")).to_have_text("1 emoji found")
    await picker.get_by_role("button", name="octopus").click()
    await expect(ada.composer).to_have_value("a🐙b")
    await expect(ada.composer).to_be_focused()
    await expect(picker).to_have_count(0)
    await ada.composer.press("x")
    await expect(ada.composer).to_have_value("a🐙xb")


async def test_groups_are_a_press_away_and_the_skin_tone_is_remembered(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    picker = await opened(ada)
    await picker.get_by_role("button", name="Food", exact=True).click()
    await has_focus(ada.page, "grapes")
    await expect(picker.get_by_role("button", name="Food", exact=True)).to_have_attribute("aria-current", "true")
    await picker.get_by_role("combobox", name="Skin tone").select_option("🏽")
    await picker.get_by_role("searchbox").fill("wave")
    await picker.get_by_role("button", name="wave", exact=True).click()
    await expect(ada.composer).to_have_value("👋🏽")
    await ada.open("/chat/general")
    await ada.composer.fill("")
    picker = await opened(ada)
    recent = picker.locator("section[data-group=recent] [data-emoji]")
    await expect(recent.first).to_have_text("👋🏽")
    await picker.get_by_role("searchbox").fill("clap")
    await expect(picker.get_by_role("button", name="clap", exact=True)).to_have_text("👏🏽")


async def test_a_name_that_is_being_written_becomes_the_character(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    options = ada.page.locator(".suggestion")
    await ada.composer.press_sequentially("well :t")
    await expect(options).to_have_count(0)
    await ada.composer.press_sequentially("ad")
    await expect(options).to_contain_text(["tada"])
    await expect(ada.page.get_by_role("listbox", name="Emoji matching tad")).to_be_visible()
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("well 🎉 ")
    await ada.composer.press_sequentially("at 10:30, :nosuchname, http://a:bc")
    await expect(options).to_have_count(0)
    await ada.composer.press("Enter")
    await ada.sees("well 🎉 at 10:30, :nosuchname, http://a:bc")
