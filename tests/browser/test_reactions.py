"""Putting emoji on messages."""

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds
from tests.browser.test_menus import HOLD, PHONE
from tests.support.house import new_nonce

FORGET = """async (id) => {
    const { app } = await import("roost/core/app.js");
    app.store.people.delete(id);
    app.store.say("people");
}"""
MANY = ["🌊", "👀", "👍", "❤️", "😂", "🙌", "⛵", "🐙", "🐢", "🦆"]


def message(visitor: Visitor, text: str) -> Locator:
    return visitor.page.locator(".msg[data-number]", has_text=text)


def chips(visitor: Visitor, text: str) -> Locator:
    return message(visitor, text).locator("[data-part=reaction]")


async def puts(visitor: Visitor, emoji: str, number: int = 1, *, on: bool = True) -> None:
    await visitor.ask("message.react", room=1, number=number, emoji=emoji, on=on)


@pytest_asyncio.fixture(loop_scope="session")
async def both(site: Site, newcomer: Newcomer) -> tuple[Visitor, Visitor]:
    """Ada has said something, and Grace sees it."""
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("hello")
    await grace.sees("hello")
    return ada, grace


async def test_a_chip_adds_one_s_own_and_takes_it_back_and_says_who_they_are(both: tuple[Visitor, Visitor]) -> None:
    ada, grace = both
    await puts(grace, "🎉")
    chip = ada.page.get_by_role("button", name="🎉 1, grace", exact=True)
    await expect(chip).to_have_attribute("aria-pressed", "false")
    await chip.click()
    mine = ada.page.get_by_role("button", name="🎉 2, grace and you", exact=True)
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await expect(chips(grace, "hello")).to_have_text(["🎉2"])
    await ada.open("/chat/general")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await mine.focus()
    await mine.press("Enter")
    await expect(chips(grace, "hello")).to_have_text(["🎉1"])
    await puts(grace, "🎉", on=False)
    await expect(chips(ada, "hello")).to_have_count(0)
    await expect(message(ada, "hello")).to_be_focused()


@pytest.mark.parametrize("drawn_by", ["the page", "the server"])
async def test_what_is_selected_in_a_message_stays_when_somebody_reacts_to_it(
    both: tuple[Visitor, Visitor], drawn_by: str
) -> None:
    ada, grace = both
    if drawn_by == "the server":
        await ada.open("/chat/general")
        await ada.is_live()
    await message(ada, "hello").locator("[data-part=body]").evaluate("(body) => getSelection().selectAllChildren(body)")
    await puts(grace, "🎉")
    await expect(chips(ada, "hello")).to_have_text(["🎉1"])
    assert await ada.page.evaluate("getSelection().toString()") == "hello"


async def test_whom_the_page_does_not_know_it_asks_for_under_the_pointer(both: tuple[Visitor, Visitor]) -> None:
    ada, grace = both
    await puts(grace, "🎉")
    await expect(chips(ada, "hello")).to_have_count(1)
    await ada.page.evaluate(FORGET, await grace.person_id())
    await expect(ada.page.get_by_role("button", name="🎉 1, 1 member", exact=True)).to_be_visible()
    await chips(ada, "hello").hover()
    await expect(ada.page.get_by_role("button", name="🎉 1, grace", exact=True)).to_be_visible()
    ada.complaints.clear()  # of the list of members, which knows whom it names


async def test_what_fails_is_taken_back_and_the_reason_is_said(site: Site, both: tuple[Visitor, Visitor]) -> None:
    ada, grace = both
    for emoji in [*MANY, *["🍇", "🍈", "🍉", "🍊", "🍋", "🍌", "🍍", "🥭", "🍎", "🍏"]]:
        await puts(grace, emoji)
    await message(ada, "hello").hover()
    await message(ada, "hello").get_by_role("button", name="Add reaction").first.click()
    await ada.page.get_by_role("searchbox", name="Find an emoji").fill("tada")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator("roost-toast")).to_contain_text("at most 20 different reactions")
    await expect(message(ada, "hello").locator("[data-part=more-count]")).to_have_text("+12")


async def test_after_eight_a_button_brings_the_others(both: tuple[Visitor, Visitor]) -> None:
    ada, grace = both
    for emoji in MANY:
        await puts(grace, emoji)
    await expect(chips(ada, "hello")).to_have_count(8)
    await ada.open("/chat/general")
    await expect(chips(ada, "hello")).to_have_count(8)
    more = message(ada, "hello").get_by_role("button", name="Show all reactions")
    await expect(more).to_have_text("+2Show all reactions")
    await more.click()
    assert await chips(ada, "hello").locator("[data-part=emoji]").all_text_contents() == MANY
    await expect(chips(ada, "hello").nth(8)).to_be_focused()
    await expect(more).to_be_hidden()


async def test_a_key_and_the_tools_lead_to_all_emoji_and_those_used_last_come_first(
    both: tuple[Visitor, Visitor],
) -> None:
    ada, grace = both
    await message(ada, "hello").focus()
    await ada.page.keyboard.press("+")
    query = ada.page.get_by_role("searchbox", name="Find an emoji")
    await expect(query).to_be_focused()
    await query.fill("octop")
    await ada.page.keyboard.press("Enter")
    await expect(message(ada, "hello")).to_be_focused()
    await expect(chips(grace, "hello")).to_have_text(["🐙1"])
    await ada.composer.focus()
    await message(ada, "hello").hover()
    await message(ada, "hello").get_by_role("button", name="React with 🐙").first.click()
    await expect(chips(grace, "hello")).to_have_count(0)


async def test_a_finger_that_stays_offers_five(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=PHONE, has_touch=True, is_mobile=True)
    await ada.ask("message.send", room=1, nonce=new_nonce(), text="hello")
    await message(ada, "hello").evaluate(HOLD)
    menu = ada.page.get_by_role("menu", name="Actions for this message")
    await expect(menu.get_by_role("menuitem", name="React with")).to_have_count(5)
    await menu.get_by_role("menuitem", name="React with ❤️").tap()
    await expect(chips(ada, "hello")).to_have_text(["❤️1"])


async def test_reacting_marks_nothing_as_unread(both: tuple[Visitor, Visitor]) -> None:
    ada, grace = both
    await ada.ask("room.create", name="Annex", kind="public")
    await ada.visit("/chat/annex")
    await puts(grace, "👍")
    await holds(ada.page, "document.title.startsWith('#') && !document.querySelector('.room-link.is-new')")
    await ada.visit("/chat/general")
    await expect(chips(ada, "hello")).to_have_text(["👍1"])


async def test_what_somebody_blocked_puts_on_messages_is_not_shown(both: tuple[Visitor, Visitor]) -> None:
    ada, grace = both
    await puts(grace, "👎")
    await expect(chips(ada, "hello")).to_have_count(1)
    await ada.ask("person.block", person=await grace.person_id())
    await expect(chips(ada, "hello")).to_have_count(0)
    await ada.open("/chat/general")
    await expect(message(ada, "hello")).to_be_visible()
    await expect(chips(ada, "hello")).to_have_count(0)


async def test_a_phone_shows_emoji_in_a_sheet_without_a_keyboard_over_them(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=PHONE, has_touch=True, is_mobile=True)
    await ada.ask("message.send", room=1, nonce=new_nonce(), text="hello")
    await message(ada, "hello").evaluate(HOLD)
    await ada.page.get_by_role("menuitem", name="Add reaction").tap()
    picker = ada.page.get_by_role("dialog", name="Emoji")
    await expect(picker.locator("[data-emoji]").first).to_be_focused()
    await holds(ada.page, "document.getAnimations().every((each) => each.playState !== 'running')")
    box = await picker.bounding_box()
    assert box is not None
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, PHONE["width"], PHONE["height"])
    await picker.get_by_role("button", name="eyes", exact=True).first.tap()
    await expect(chips(ada, "hello")).to_have_text(["👀1"])
