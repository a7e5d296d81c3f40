"""Changing and removing what one has written, where it stands."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds
from tests.browser.test_accessibility import STILL

PHONE = {"width": 390, "height": 844}
DAY = 24 * 60 * 60 * 1000
# As browsers tell of the key that closes the list of an input method: before its composition ends, or Safari behind it.
ESCAPE_IN_INPUT_METHOD = """(field) => {
    for (const how of [{ isComposing: true }, { keyCode: 229 }])
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true, ...how }));
}"""
SCROLLED = "document.querySelector('roost-timeline').scrollTop"


def body(visitor: Visitor, text: str) -> Locator:
    return visitor.page.locator(".msg:not([data-state]) [data-part=body]", has_text=text)


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Edit your message")


async def open_menu(visitor: Visitor, text: str) -> Locator:
    item = visitor.page.locator(".msg", has_text=text)
    await item.hover()
    await item.get_by_role("button", name="More actions").click()
    return visitor.page.get_by_role("menu", name="Actions for this message")


async def choose(visitor: Visitor, text: str, name: str) -> None:
    await (await open_menu(visitor, text)).get_by_role("menuitem", name=name).click()


async def test_the_arrow_leads_from_an_empty_composer_to_the_last_message_of_one_s_own(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("helo", "by ada")
    await ada.sees("helo", "by ada")
    await grace.say("by grace")
    await ada.sees("helo", "by ada", "by grace")
    await ada.composer.press("ArrowUp")
    await expect(editor(ada.page)).to_be_focused()
    await expect(editor(ada.page)).to_have_value("by ada")
    await ada.page.keyboard.press("Escape")
    await expect(editor(ada.page)).to_have_count(0)
    await expect(ada.composer).to_be_focused()

    await ada.page.keyboard.press("ArrowUp")
    await ada.page.keyboard.type(" and more")
    await ada.page.keyboard.press("ArrowUp")
    await expect(editor(ada.page)).to_be_focused()
    await ada.page.keyboard.press("Enter")
    await expect(ada.composer).to_be_focused()
    await expect(ada.page.locator("#announce")).to_have_text("Edit saved.")
    for person in (ada, grace):
        await expect(body(person, "by ada and more")).to_contain_text("(edited)")
        await expect(person.page.locator("[data-part=edited]")).to_have_count(1)


async def test_what_is_edited_stays_so_on_a_fresh_page_and_tells_what_it_said(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("one")
    await ada.sees("one")
    for text in ("two", "three"):
        await choose(ada, "one" if text == "two" else "two", "Edit")
        await editor(ada.page).fill(text)
        await ada.page.get_by_role("button", name="Save").click()
        await expect(body(grace, text)).to_be_visible()
    await grace.open("/chat/general")
    mark = body(grace, "three").get_by_role("button", name=re.compile(r"\(edited\)"))
    await mark.focus()
    await expect(mark.locator("time")).to_have_text(re.compile(r"\d\d:\d\d"))
    await mark.press("Enter")
    dialog = grace.page.get_by_role("dialog", name="What it said, newest first")
    await expect(dialog.locator("[data-part=version-text]")).to_have_text(["three", "two", "one"])
    await grace.page.keyboard.press("Escape")
    await expect(mark).to_be_focused()


async def test_what_was_edited_or_answered_today_has_a_day_tomorrow(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", clock=True)
    await ada.say("one")
    await ada.sees("one")
    await ada.ask("message.edit", room=1, number=1, text="two")
    thread = (await ada.ask("thread.open", room=1, number=1))["room"]["id"]
    await ada.ask("message.send", room=thread, nonce="a-nonce-of-the-test", text="yes")
    moments = [ada.page.locator(f"#log [data-part={name}]") for name in ("edited-at", "replied-at")]
    for moment in moments:
        await expect(moment).to_have_text(re.compile(r"^\d\d:\d\d$"))
    await ada.page.clock.fast_forward(DAY)
    for moment in moments:
        await expect(moment).to_have_text(re.compile(r"^\d{1,2} [A-Z][a-z]+"))


async def test_nobody_is_offered_to_edit_or_remove_what_is_not_theirs(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("mine")
    await grace.sees("mine")
    menu = await open_menu(grace, "mine")
    await expect(menu.get_by_role("menuitem")).to_contain_text(["Mark unread from here", "Copy text", "Copy link"])
    await grace.page.keyboard.press("Escape")
    await expect(grace.page.locator(".tools").get_by_role("button", name="Edit")).to_be_hidden()
    await grace.composer.press("ArrowUp")
    await expect(editor(grace.page)).to_have_count(0)


async def test_what_was_typed_stays_when_it_cannot_be_saved_and_says_why(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("short")
    await ada.sees("short")
    await ada.composer.press("ArrowUp")
    await editor(ada.page).fill("x" * 4_001)
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.get_by_role("alert").get_by_text("A message holds at most 4,000 characters.")).to_be_visible()
    await expect(editor(ada.page)).to_have_value("x" * 4_001)
    await editor(ada.page).fill("short enough")
    await editor(ada.page).press("Enter")
    await expect(body(grace, "short enough")).to_be_visible()


async def test_escape_in_an_input_method_ends_what_that_offers_and_not_the_edit(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say("before")
    await ada.sees("before")
    await ada.composer.press("ArrowUp")
    await editor(ada.page).fill("か")
    await editor(ada.page).evaluate(ESCAPE_IN_INPUT_METHOD)
    await expect(editor(ada.page)).to_be_focused()
    await expect(editor(ada.page)).to_have_value("か")
    await editor(ada.page).press("Escape")
    await expect(editor(ada.page)).to_have_count(0)
    await ada.sees("before")


async def test_an_edit_waits_for_the_network_as_if_it_were_stored(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("before")
    await grace.sees("before")
    await expect(ada.page.locator("#m-1")).to_be_visible()
    await ada.offline()
    await ada.is_cut_off()
    await ada.composer.press("ArrowUp")
    await editor(ada.page).fill("from the tunnel")
    await editor(ada.page).press("Enter")
    await expect(body(ada, "from the tunnel")).to_be_visible()
    await expect(ada.page.get_by_text("Waiting to save")).to_be_visible()
    await ada.online()
    await expect(body(grace, "from the tunnel")).to_be_visible()
    await expect(ada.page.locator("[data-part=saving]")).to_have_count(0)


async def test_what_is_being_typed_survives_a_new_page(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say("before")
    await ada.sees("before")
    await ada.composer.press("ArrowUp")
    await editor(ada.page).fill("half a thought")
    await ada.open("/chat/general")
    await expect(editor(ada.page)).to_have_value("half a thought")
    await ada.is_live()
    await ada.page.get_by_role("button", name="Save").click()
    await expect(body(ada, "half a thought")).to_be_visible()


async def test_one_s_own_message_vanishes_after_asking(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("one", "a slip", "three")
    await grace.sees("one", "a slip", "three")
    await choose(ada, "a slip", "Remove message…")
    dialog = ada.page.get_by_role("dialog", name="Remove this message?")
    await expect(dialog).to_contain_text("a slip")
    await expect(dialog.get_by_label("Reason")).to_be_hidden()
    keep = dialog.get_by_role("button", name="Keep it")
    await expect(keep).to_be_focused()
    await keep.click()
    await ada.sees("one", "a slip", "three")
    await choose(ada, "a slip", "Remove message…")
    await dialog.get_by_role("button", name="Remove message").click()
    await expect(ada.page.get_by_role("status").get_by_text("Message removed")).to_be_visible()
    for person in (ada, grace):
        await person.sees("one", "three")
    await grace.open("/chat/general/2")
    await grace.sees("one", "three")


async def test_what_a_moderator_removes_leaves_a_label(site: Site, newcomer: Newcomer) -> None:
    await site.expect("mod", "moderator")
    await site.start()
    ada, mod = await newcomer("ada_l"), await newcomer("mod")
    await ada.say("kept", "unkind words")
    await mod.sees("kept", "unkind words")
    await choose(mod, "unkind words", "Remove message…")
    dialog = mod.page.get_by_role("dialog", name="Remove this message?")
    await dialog.get_by_label("Reason").select_option(label="Unkind")
    await dialog.get_by_role("button", name="Remove message").click()
    for person in (ada, mod):
        await expect(person.page.locator(".msg").last).to_contain_text("Removed by a moderator.")
        await expect(person.page.get_by_text("unkind words")).to_have_count(0)
    await ada.open("/chat/general")
    await expect(ada.page.locator(".msg").last).to_contain_text("Removed by a moderator.")
    (act,) = (await mod.ask("acts.list"))["acts"][:1]
    assert (act["what"], act["details"]) == ("message.remove", {"number": 2, "reason": "unkind"})


async def test_what_is_typed_into_a_message_that_is_removed_meanwhile_is_given_back(
    site: Site, newcomer: Newcomer
) -> None:
    await site.expect("mod", "moderator")
    await site.start()
    ada, mod = await newcomer("ada_l"), await newcomer("mod")
    await ada.say("first")
    await mod.sees("first")
    await expect(ada.page.locator("#m-1")).to_be_visible()
    await ada.composer.press("ArrowUp")
    await editor(ada.page).fill("a better thought")
    await mod.ask("message.remove", room=1, number=1)
    await expect(ada.composer).to_have_value("a better thought")
    await expect(ada.page.get_by_text("The message you were editing was removed.")).to_be_visible()
    await expect(editor(ada.page)).to_have_count(0)


async def test_who_was_away_finds_what_was_edited_and_removed(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("one", "two", "three")
    await grace.sees("one", "two", "three")
    await grace.offline()
    await grace.is_cut_off()
    await ada.ask("message.remove", room=1, number=2)
    await ada.ask("message.edit", room=1, number=1, text="uno")
    await grace.online()
    await expect(grace.page.locator(".msg")).to_have_count(2)
    await expect(body(grace, "uno")).to_contain_text("(edited)")


@pytest.mark.parametrize("place", ["end", "middle"])
async def test_the_reader_s_place_stays_while_things_change_above(site: Site, newcomer: Newcomer, place: str) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace", **STILL)
    await ada.say(*(f"message {number}" for number in range(1, 16)))
    await expect(body(grace, "message 15")).to_be_visible()
    item = grace.page.locator("#m-12" if place == "middle" else "#m-15")
    if place == "middle":
        await item.evaluate("(item) => item.scrollIntoView({ block: 'start' })")
        await holds(grace.page, "document.querySelector('roost-timeline').dataset.scrolling === undefined")
    before = await item.evaluate("(item) => item.querySelector('.text').getBoundingClientRect().top")
    await ada.ask("message.edit", room=1, number=3, text="line\n" * 20 + "end")
    await ada.ask("message.remove", room=1, number=5)
    await expect(grace.page.locator("#m-5")).to_have_count(0)
    await expect(grace.page.locator("#m-3")).to_contain_text("(edited)")
    after = await item.evaluate("(item) => item.querySelector('.text').getBoundingClientRect().top")
    assert abs(after - before) < 2


async def test_where_nothing_is_left_of_a_message_its_address_leads_to_the_next_one(
    site: Site, newcomer: Newcomer
) -> None:
    await site.import_history("attic", 120)
    await site.expect("mod", "moderator")
    await site.start()
    mod = await newcomer("mod", "/chat/attic")
    room = await mod.page.evaluate("async () => (await import('roost/core/app.js')).app.place.room")
    await mod.say("mine")
    await expect(body(mod, "mine")).to_be_visible()
    await mod.ask("message.remove", room=room, number=121)
    await mod.say(*(f"after {number}" for number in range(1, 12)))
    await expect(body(mod, "after 11")).to_be_visible()
    await mod.open("/chat/attic/121")
    await expect(body(mod, "after 1").first).to_be_in_viewport()
    await expect(mod.page.locator("#m-121")).to_have_count(0)


async def test_on_a_phone_the_sheet_leads_to_it_and_everything_can_be_touched(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=PHONE, has_touch=True, is_mobile=True)
    await ada.write("helo")
    await ada.page.get_by_role("button", name="Send").tap()
    await ada.sees("helo")
    await ada.ask("message.edit", room=1, number=1, text="hello")
    await expect(body(ada, "hello")).to_be_visible()
    await ada.page.evaluate("async () => (await import('roost/core/app.js')).app.edits.begin(1, 1, 'hello')")
    await expect(editor(ada.page)).to_be_focused()
    for control in (editor(ada.page), *(ada.page.get_by_role("button", name=name) for name in ("Save", "Cancel"))):
        box = await control.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    size = await editor(ada.page).evaluate("(field) => parseFloat(getComputedStyle(field).fontSize)")
    assert size >= 16
