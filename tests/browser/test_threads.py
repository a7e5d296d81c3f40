"""Threads: opening one beside the room, writing in it, and being told of what is said there."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor
from tests.browser.test_editing import PHONE, choose
from tests.browser.test_files import payload, pick
from tests.browser.test_room_preferences import rooms_of
from tests.browser.test_search import without_script

IN_TWOS = """async () => {
    const { app } = await import("roost/core/app.js");
    const request = app.socket.request.bind(app.socket);
    app.socket.request = (command) => request(command.type === "thread.list" ? { ...command, limit: 2 } : command);
}"""

# Twice: what the first one begins is drawn.
NEXT_FRAME = "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"


def panel(page: Page) -> Locator:
    return page.locator("roost-thread .thread")


def replies(page: Page) -> Locator:
    return panel(page).locator("roost-timeline .msg:not([data-state]) [data-part=body]")


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Reply in this thread")


async def answer(visitor: Visitor, text: str) -> None:
    await field(visitor.page).fill(text)
    await field(visitor.page).press("Enter")


async def test_a_thread_opens_beside_the_room_and_both_go_on(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("who has the key?")
    await expect(grace.page.locator("#log .msg")).to_have_count(1)
    await choose(grace, "who has the key?", "Reply in thread")
    await expect(panel(grace.page)).to_be_visible()
    await expect(grace.page).to_have_url(re.compile(r"/chat/general/1/thread$"))
    await expect(field(grace.page)).to_be_focused()
    await expect(panel(grace.page).locator("[data-part=root] [data-part=body]")).to_have_text("who has the key?")
    await answer(grace, "I do")
    await expect(replies(grace.page)).to_have_text(["I do"])
    await expect(panel(grace.page).get_by_role("button", name="Follow this thread")).to_have_attribute(
        "aria-pressed", "true"
    )

    chip = ada.page.locator("#log .replies")
    await expect(chip).to_contain_text("1 reply")
    await expect(ada.page.locator("[data-part=threads-count]")).to_have_text("1")
    await chip.click()
    await expect(replies(ada.page)).to_have_text(["I do"])
    await expect(ada.page.locator("[data-part=threads-badge]")).to_be_hidden()
    await answer(ada, "thank you")
    await expect(replies(grace.page)).to_have_text(["I do", "thank you"])
    await grace.composer.fill("and in the room")
    await grace.composer.press("Enter")
    await expect(ada.page.locator("#log [data-part=body]")).to_have_text(["who has the key?", "and in the room"])
    await expect(chip).to_contain_text("2 replies")

    await field(ada.page).press("ArrowUp")
    await ada.page.keyboard.type(" all")
    await ada.page.keyboard.press("Enter")
    await expect(replies(grace.page).last).to_contain_text("thank you all")
    await field(ada.page).press("Escape")
    await expect(panel(ada.page)).to_be_hidden()
    await expect(chip).to_be_focused()
    await expect(ada.page).to_have_url(re.compile(r"/chat/general$"))
    assert ada.complaints == grace.complaints == []


async def test_the_list_of_threads_leads_to_what_is_new(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("who has the key?")
    await expect(grace.page.locator("#log .msg")).to_have_count(1)
    await grace.visit("/chat/general/1/thread")
    await answer(grace, "I do, @ada_l")
    await expect(ada.page.locator("[data-part=mentions-count]")).to_have_text("1")
    await ada.page.get_by_role("link", name=re.compile("^Threads")).click()
    row = ada.page.locator("[data-thread]")
    await expect(row).to_contain_text("1 reply")
    await expect(row).to_contain_text("1 new")
    await row.get_by_role("link", name="Open").click()
    await expect(replies(ada.page)).to_have_text(["I do, @ada_l"])
    await expect(ada.page.locator("[data-part=threads-badge]")).to_be_hidden()
    await panel(ada.page).get_by_role("button", name="Follow this thread").click()
    await answer(grace, "anybody?")
    await expect(replies(ada.page)).to_have_count(2)
    await ada.visit("/threads")
    await expect(ada.page.get_by_text("You follow no thread yet.")).to_be_visible()


async def test_on_a_phone_a_thread_is_a_view_of_its_own(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=PHONE)
    await ada.say("who has the key?")
    await ada.sees("who has the key?")
    await ada.visit("/chat/general/1/thread")
    await expect(panel(ada.page)).to_be_visible()
    await expect(ada.page.locator("#log")).to_be_hidden()
    await answer(ada, "I do")
    await expect(replies(ada.page)).to_have_text(["I do"])
    await ada.page.go_back()
    await expect(ada.page.locator("#log .replies")).to_contain_text("1 reply")
    await expect(panel(ada.page)).to_be_hidden()


async def test_an_address_opens_a_thread_with_its_draft(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say("who has the key?")
    await ada.sees("who has the key?")
    await ada.visit("/chat/general/1/thread")
    await answer(ada, "I do")
    await expect(replies(ada.page)).to_have_text(["I do"])
    await field(ada.page).fill("and ano")
    await ada.open("/chat/general/1/thread")
    await expect(replies(ada.page)).to_have_text(["I do"])
    await expect(field(ada.page)).to_have_value("and ano")
    await expect(ada.page.locator(".thread")).to_have_count(1)
    assert ada.complaints == []


async def test_a_list_of_threads_that_goes_far_down_stays_so_when_something_is_said(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("one", "two", "three", "four")
    await ada.sees("one", "two", "three", "four")
    threads = [await reply_beside(ada, number) for number in range(1, 5)]
    await ada.page.evaluate(IN_TWOS)
    await ada.visit("/threads")
    texts = ada.page.locator("[data-thread] [data-part=body]")
    await expect(texts).to_have_text(["four", "three"])
    older = ada.page.get_by_role("button", name="Show older ones")
    await older.click()
    await expect(texts).to_have_text(["four", "three", "two", "one"])
    await expect(older).to_be_hidden()
    await reply_beside(grace, 2)
    await expect(ada.page.locator("[data-thread]").first).to_contain_text("2 replies")
    await expect(texts).to_have_text(["two", "four", "three", "one"])
    await expect(older).to_be_hidden()
    await ada.ask("message.edit", room=1, number=1, text="one, and changed")
    await expect(texts.last).to_have_text("one, and changed")
    await ada.ask("room.prefer", room=threads[0], hidden=True)
    await expect(texts).to_have_text(["two", "four", "three"])


async def reply_beside(visitor: Visitor, number: int) -> int:
    """In the thread of a message of the first room, whose id this is."""
    thread: int = (await visitor.ask("thread.open", room=1, number=number))["room"]["id"]
    await visitor.ask("message.send", room=thread, nonce=f"a-nonce-of-the-test-{number}", text="yes")
    return thread


async def test_a_thread_about_a_file_is_listed_by_its_name(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await pick(ada, payload("buoy <1>.txt", b"orange"))
    await ada.composer.press("Enter")
    await ada.sees("")
    await reply_beside(ada, 1)
    await ada.visit("/threads")
    plain = await without_script(ada)
    await plain.goto(f"{site.url}/threads")
    for page in (ada.page, plain):
        await expect(page.locator("[data-thread] [data-part=body]")).to_have_text("buoy <1>.txt")


async def test_a_card_that_is_opened_in_a_thread_mentions_there_and_takes_out_of_the_room(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace", viewport=PHONE, has_touch=True, is_mobile=True)
    await rooms_of(grace, ada, "tea")
    await ada.visit("/chat/tea")
    await ada.is_live()
    await ada.say("Kettle on?")
    await ada.sees("Kettle on?")
    await ada.visit("/chat/tea/1/thread")
    await answer(ada, "Milk?")
    await grace.visit("/chat/tea/1/thread")
    await expect(replies(grace.page)).to_have_text(["Milk?"])
    card = grace.page.get_by_role("dialog", name="ada_l")
    for names, written in ((".thread__root", "@ada_l "), ("roost-timeline", "@ada_l @ada_l ")):
        await panel(grace.page).locator(names).get_by_role("button", name="ada_l").last.click()
        await card.get_by_role("button", name="Mention").click()
        await expect(field(grace.page)).to_be_focused()
        await expect(field(grace.page)).to_have_value(written)
    await expect(grace.page.locator("#message")).to_have_value("")
    await panel(grace.page).locator(".thread__root").get_by_role("button", name="ada_l").last.click()
    await card.get_by_role("button", name="Take out of #tea").click()
    await expect(grace.page.get_by_role("dialog", name="Take ada_l out of #tea?")).to_be_visible()


async def test_an_open_thread_is_out_of_sight_behind_the_pages_over_the_room(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say("who has the key?")
    await ada.sees("who has the key?")
    await ada.visit("/chat/general/1/thread")
    await expect(panel(ada.page)).to_be_visible()
    for path in ("/catch-up", "/mentions", "/saved", "/search", "/threads"):
        await ada.visit(path)
        await expect(ada.page).to_have_url(f"{site.url}{path}")
        await expect(panel(ada.page)).to_be_hidden()
        await ada.page.go_back()
        await expect(panel(ada.page)).to_be_visible()


async def test_the_focus_stays_in_the_message_of_a_thread_whatever_arrives(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("the plan is at https://example.org/plan")
    await grace.sees("the plan is at https://example.org/plan")
    await ada.visit("/chat/general/1/thread")
    await expect(field(ada.page)).to_be_focused()
    link = panel(ada.page).locator("[data-part=root] [data-part=body] a")
    await link.focus()
    await grace.say("in the room")
    await expect(ada.page.locator("#log .msg")).to_have_count(2)
    await ada.page.evaluate(NEXT_FRAME)
    await expect(link).to_be_focused()
    await grace.visit("/chat/general/1/thread")
    await answer(grace, "in the thread")
    await expect(panel(ada.page).locator("[data-part=count]")).to_contain_text("1 reply")
    await expect(link).to_be_focused()
