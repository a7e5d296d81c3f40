"""Answering a message: the quote that follows what it is of, and the ways there and back."""

import re

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, arrive
from tests.browser.test_editing import editor

WIDE: ViewportSize = {"width": 1280, "height": 800}
FAR = 200


def item(page: Page, text: str) -> Locator:
    """The message that says this, whatever it quotes."""
    return page.locator(".msg", has=page.locator("[data-part=body]", has_text=text))


def quote(page: Page, text: str) -> Locator:
    return item(page, text).locator("[data-part=quote]")


def context(page: Page) -> Locator:
    return page.locator("roost-composer [data-part=reply]")


async def open_menu(who: Visitor, text: str) -> Locator:
    await item(who.page, text).hover()
    await item(who.page, text).get_by_role("button", name="More actions").click()
    return who.page.get_by_role("menu", name="Actions for this message")


async def choose(who: Visitor, text: str, name: str | re.Pattern[str]) -> None:
    await (await open_menu(who, text)).get_by_role("menuitem", name=name).click()


async def answer(who: Visitor, to: str, text: str) -> None:
    """By the key."""
    await item(who.page, to).focus()
    await who.page.keyboard.press("r")
    await expect(who.composer).to_be_focused()
    await who.page.keyboard.type(text)
    await who.page.keyboard.press("Enter")
    await expect(item(who.page, text)).not_to_have_attribute("data-state", re.compile("."))


async def test_an_answer_quotes_what_it_is_to_as_that_is_now(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("Which **tide**?", "Another thing")
    await grace.sees("Which tide?", "Another thing")
    await item(grace.page, "Which tide?").focus()
    await grace.page.keyboard.press("r")
    await expect(context(grace.page)).to_have_text(re.compile(r"Replying to ada_l: Which tide\?"))
    await expect(grace.composer).to_have_value("")
    await grace.say("The second one")
    await expect(context(grace.page)).to_be_hidden()
    for who in (ada, grace):
        await expect(quote(who.page, "The second one")).to_have_text(re.compile(r"In reply to .*ada_l: Which tide\?"))
    await expect(item(ada.page, "The second one")).to_have_class(re.compile("msg--for-me"))
    await expect(item(grace.page, "The second one")).not_to_have_class(re.compile("msg--for-me"))

    await choose(ada, "Which tide?", "Edit")
    await editor(ada.page).fill("Which buoy?")
    await editor(ada.page).press("Enter")
    for who in (ada, grace):
        await expect(quote(who.page, "The second one")).to_contain_text("Which buoy?")
    await choose(ada, "Which buoy?", "Remove message…")
    await ada.page.get_by_role("dialog").get_by_role("button", name="Remove message").click()
    for who in (ada, grace):
        await expect(quote(who.page, "The second one")).to_contain_text("Message deleted.")
        await expect(who.page.locator("#m-1")).to_contain_text("Message deleted.")
        await who.page.reload()
        await expect(quote(who.page, "The second one")).to_contain_text("Message deleted.")
        await expect(who.page.locator("#m-1")).to_contain_text("Message deleted.")


async def test_one_answers_by_the_menu_the_tools_or_the_arrow_and_thinks_better_of_it(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say("first", "second")
    await ada.sees("first", "second")
    await choose(ada, "first", re.compile("^Reply(?! in)"))
    await expect(ada.composer).to_be_focused()
    await expect(context(ada.page)).to_contain_text("first")
    await ada.page.keyboard.press("Escape")
    await expect(context(ada.page)).to_be_hidden()
    await ada.page.keyboard.press("Shift+ArrowUp")
    await expect(context(ada.page)).to_contain_text("second")
    await ada.page.get_by_role("button", name="Cancel reply").click()
    await expect(context(ada.page)).to_be_hidden()
    await expect(ada.composer).to_be_focused()
    await item(ada.page, "first").hover()
    await item(ada.page, "first").get_by_role("button", name="Reply", exact=True).click()
    await ada.say("third")
    await expect(quote(ada.page, "third")).to_contain_text("first")
    await expect(item(ada.page, "third")).not_to_have_class(re.compile("msg--grouped"))


async def test_what_one_answers_is_kept_with_what_one_writes(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("general", FAR)
    await site.start()
    ada = await newcomer("ada_l", "/chat/general/3")
    await item(ada.page, "history 3").first.focus()
    await ada.page.keyboard.press("r")
    await ada.write("half a thought")
    await ada.open("/chat/general")
    await ada.is_live()
    await expect(context(ada.page)).to_contain_text("history 3")
    await expect(ada.composer).to_have_value("half a thought")
    await ada.offline()
    await ada.is_cut_off()
    await ada.composer.press("Enter")
    await expect(quote(ada.page, "half a thought")).to_contain_text("history 3")
    await item(ada.page, "half a thought").get_by_role("button", name="Edit").click()
    await expect(context(ada.page)).to_contain_text("history 3")
    await ada.composer.press("Enter")
    await ada.online()
    await expect(ada.page.locator(f"#m-{FAR + 1}")).to_be_visible()
    await expect(quote(ada.page, "half a thought")).to_contain_text("history 3")


async def test_a_quote_leads_to_what_it_is_of_and_back(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("general", FAR)
    await site.start()
    ada = await newcomer("ada_l", viewport=WIDE)
    room = (await ada.ask("room.list"))["rooms"][0]["id"]
    await ada.ask("message.send", room=room, nonce="a-nonce-of-a-test-0001", text="far off", reply_to=3)
    await item(ada.page, "far off").focus()
    await quote(ada.page, "far off").focus()
    await ada.page.keyboard.press("Enter")
    target = ada.page.locator("#m-3")
    await expect(target).to_have_class(re.compile("is-target"))
    await expect(target).to_be_in_viewport()
    await expect(target).to_be_focused()
    back = ada.page.get_by_role("button", name="Back to your place")
    await back.click()
    await expect(back).to_be_hidden()
    await expect(item(ada.page, "far off")).to_be_in_viewport()
    await expect(item(ada.page, "far off")).to_be_focused()
    assert ada.page.url.endswith("/chat/general")


async def test_who_is_answered_finds_it_among_what_is_for_them(site: Site, newcomer: Newcomer) -> None:
    await site.add_room("attic")
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    await ada.say("Which tide?")
    await grace.sees("Which tide?")
    await ada.visit("/chat/attic")
    await answer(grace, "Which tide?", "The second one")
    await expect(ada.page.locator(".sidebar").get_by_role("link", name=re.compile("general.*1"))).to_be_visible()
    await ada.visit("/mentions")
    row = ada.page.locator(".mentioned")
    await expect(row.locator("[data-part=body]")).to_have_text("The second one")
    await expect(row.locator("[data-part=quote]")).to_have_text(re.compile(r"In reply to .*ada_l: Which tide\?"))
    await ada.page.reload()
    await expect(row.locator("[data-part=quote]")).to_have_text(re.compile(r"In reply to .*ada_l: Which tide\?"))


async def test_what_somebody_blocked_wrote_is_quoted_to_nobody_who_blocked_them(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("secret")
    await grace.sees("secret")
    await ada.say("open")
    await answer(ada, "secret", "an answer")
    await grace.ask("person.block", person=await ada.person_id())
    cleo = await newcomer("cleo")
    await answer(cleo, "secret", "by cleo")
    for _ in range(2):
        shown = quote(grace.page, "by cleo")
        await expect(shown).to_contain_text("From somebody you blocked.")
        await expect(shown).not_to_contain_text("secret")
        await expect(shown.locator("[data-part=quote-who]")).to_be_hidden()
        await grace.page.reload()


async def test_a_screen_reader_hears_what_is_answered(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("Which tide?")
    await grace.sees("Which tide?")
    await answer(grace, "Which tide?", "The second one")
    await expect(ada.page.locator("#announce")).to_have_text(re.compile(r"^grace, in reply to ada_l: The second one$"))


async def test_nothing_is_answered_where_nothing_is_posted_or_what_is_gone(site: Site, newcomer: Newcomer) -> None:
    await site.expect("ada_l", "owner")
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await grace.say("spam", "rules")
    await ada.sees("spam", "rules")
    await choose(ada, "spam", "Remove message…")
    await ada.page.get_by_role("dialog").get_by_role("button", name="Remove message").click()
    await expect(ada.page.locator("#m-1")).to_contain_text("Removed by a moderator.")
    await ada.page.locator("#m-1").focus()
    await ada.page.keyboard.press("r")
    await expect(context(ada.page)).to_be_hidden()
    room = (await ada.ask("room.list"))["rooms"][0]["id"]
    await ada.ask("room.change", room=room, posting="moderators")
    await expect(grace.page.get_by_text("Only moderators post in this room.")).to_be_visible()
    menu = await open_menu(grace, "rules")
    await expect(menu.get_by_role("menuitem", name="Copy text")).to_be_visible()
    await expect(menu.get_by_role("menuitem", name="Reply")).to_have_count(0)


async def test_who_reads_from_outside_sees_quotes_that_follow_too(
    browser: Browser, site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    await site.publish("general")
    ada = await newcomer("ada_l")
    await ada.say("Which tide?")
    await ada.sees("Which tide?")
    await answer(ada, "Which tide?", "The first")
    reader = await arrive(browser, site)
    await reader.page.goto(f"{site.url}/chat/general")
    await answer(ada, "The first", "No, the second")
    shown = reader.page.locator("#m-2 [data-part=quote]"), reader.page.locator("#m-3 [data-part=quote]")
    await expect(shown[0]).to_have_text(re.compile(r"In reply to .*: Which tide\?"))
    await expect(shown[1]).to_have_text(re.compile(r"In reply to .*: The first"))
    await choose(ada, "The first", "Edit")
    await editor(ada.page).fill("The **third**")
    await editor(ada.page).press("Enter")
    await expect(shown[1]).to_have_text(re.compile(r": The third$"))
    await choose(ada, "Which tide?", "Remove message…")
    await ada.page.get_by_role("dialog").get_by_role("button", name="Remove message").click()
    await expect(shown[0]).to_have_text(re.compile(r": Message deleted\.$"))
    assert reader.complaints == []
