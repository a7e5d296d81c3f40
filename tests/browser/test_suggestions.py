"""Writing @names and #rooms: what is suggested, by whom it is heard, and what the keys do."""

from typing import Any

from playwright.async_api import ViewportSize, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor
from tests.browser.test_accessibility import STILL, violations

PHONE: ViewportSize = {"width": 390, "height": 844}


def options(visitor: Visitor) -> Any:
    return visitor.page.get_by_role("listbox").get_by_role("option")


async def handles(visitor: Visitor) -> list[str]:
    texts: list[str] = await options(visitor).locator("[data-part=handle]").all_inner_texts()
    return texts


async def type_out(visitor: Visitor, text: str) -> None:
    """With the keys, after what is there already."""
    await visitor.composer.press_sequentially(text)


async def test_people_are_suggested_who_spoke_last_first_and_put_in_by_the_keyboard(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    grace, gregor, greta = [await newcomer(handle) for handle in ("grace_o", "gregor", "greta")]
    await greta.say("first")
    await grace.say("second")
    ada = await newcomer("ada_l", **STILL)
    await type_out(ada, "Could you look, @GR")
    # From memory those who spoke, the last one first; then, from the server, who only listens.
    await expect(options(ada).locator("[data-part=handle]")).to_have_text(["@grace_o", "@greta", "@gregor"])
    await expect(options(ada).nth(0)).to_have_attribute("aria-selected", "true")
    active = await options(ada).nth(0).get_attribute("id")
    await expect(ada.composer).to_have_attribute("aria-activedescendant", str(active))
    assert await violations(ada.page) == []

    await ada.composer.press("ArrowDown")
    await expect(options(ada).nth(1)).to_have_attribute("aria-selected", "true")
    await ada.composer.press("Tab")
    await expect(ada.composer).to_have_value("Could you look, @greta ")
    await expect(ada.composer).to_be_focused()
    await expect(options(ada)).to_have_count(0)

    await type_out(ada, "and @grace")
    await expect(options(ada)).to_have_count(1)
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("Could you look, @greta and @grace_o ")
    await ada.composer.press("ControlOrMeta+z")
    await expect(ada.composer).to_have_value("Could you look, @greta and @grace")
    await type_out(ada, "_o ?")
    await ada.composer.press("Enter")
    await gregor.sees("first", "second", "Could you look, @greta and @grace_o ?")


async def test_escape_sends_suggestions_away_until_the_next_name(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    await newcomer("grace_o")
    ada = await newcomer("ada_l")
    await type_out(ada, "@gr")
    await expect(options(ada)).to_have_count(1)
    await ada.composer.press("Escape")
    await expect(options(ada)).to_have_count(0)
    await type_out(ada, "a")
    await expect(options(ada)).to_have_count(0)
    await type_out(ada, " @g")
    await expect(options(ada)).to_have_count(1)
    await options(ada).click()
    await expect(ada.composer).to_have_value("@gra @grace_o ")
    await expect(ada.composer).to_be_focused()


async def test_rooms_are_suggested_by_their_name(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("tide-sensors", 3)
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await type_out(ada, "see #sens")
    await expect(options(ada).locator("[data-part=name]")).to_have_text(["tide-sensors"])
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("see #tide-sensors ")
    await type_out(ada, "#")
    await expect(options(ada).locator("[data-part=name]")).to_have_text(["general", "tide-sensors"])
    await ada.composer.press("ArrowUp")
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("see #tide-sensors #tide-sensors ")


async def test_nothing_is_suggested_in_code_in_addresses_or_while_an_input_method_composes(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    await newcomer("grace_o")
    ada = await newcomer("ada_l")
    await type_out(ada, "@gr")
    await expect(options(ada)).to_have_count(1)
    for text in ("`x @gr", "ada@gr", "https://example.org/@gr"):
        await ada.write("")
        await type_out(ada, text)
        await expect(options(ada)).to_have_count(0)

    await ada.write("")
    session = await ada.page.context.new_cdp_session(ada.page)
    await session.send("Input.imeSetComposition", {"text": "@gr", "selectionStart": 3, "selectionEnd": 3})
    await expect(ada.composer).to_have_value("@gr")
    await expect(options(ada)).to_have_count(0)
    await session.send("Input.insertText", {"text": "@gr"})
    await expect(options(ada)).to_have_count(1)


async def test_a_keyboard_on_glass_composes_every_word_and_names_are_suggested_meanwhile(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    for handle in ("grace_o", "gregor"):
        await newcomer(handle)
    ada = await newcomer("ada_l", "/chat/general", viewport=PHONE, has_touch=True, is_mobile=True)
    await type_out(ada, "Morning @")
    await expect(options(ada)).to_have_count(2)
    keyboard = await ada.page.context.new_cdp_session(ada.page)
    for written, left in (("g", 2), ("gr", 2), ("gra", 1)):
        at = len(written)
        await keyboard.send("Input.imeSetComposition", {"text": written, "selectionStart": at, "selectionEnd": at})
        await expect(ada.composer).to_have_value(f"Morning @{written}")
        await expect(options(ada)).to_have_count(left)
    await options(ada).tap()
    await expect(ada.composer).to_have_value("Morning @grace_o ")
    await expect(ada.composer).to_be_focused()
    await expect(options(ada)).to_have_count(0)
    await keyboard.send("Input.imeSetComposition", {"text": "tea", "selectionStart": 3, "selectionEnd": 3})
    await keyboard.send("Input.insertText", {"text": "tea"})
    await expect(ada.composer).to_have_value("Morning @grace_o tea")


async def test_without_a_network_those_who_spoke_are_suggested_still(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    grace, _ = await newcomer("grace_o"), await newcomer("gregor")
    ada = await newcomer("ada_l")
    await grace.say("Is anybody there?")
    await ada.sees("Is anybody there?")
    await type_out(ada, "@")  # what suggests is loaded
    await expect(options(ada)).to_have_count(2)
    await ada.write("")
    await ada.page.reload()
    await ada.is_live()
    await type_out(ada, "#")
    await expect(options(ada)).not_to_have_count(0)
    await ada.write("")
    await ada.offline()
    await type_out(ada, "@g")
    assert await handles(ada) == ["@grace_o"]
    await ada.online()
