"""Mentions: drawn as people are called now, counted apart, and found in one list."""

import re

from playwright.async_api import ViewportSize, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds
from tests.browser.test_room_preferences import listed, rooms_of, row

WIDE: ViewportSize = {"width": 1280, "height": 800}
HEAR_RENAME = """async ([id, handle]) => {
    const { app } = await import("roost/core/app.js");
    const person = { ...app.store.people.get(id), handle };
    app.store.apply({ type: "person.changed", person });
}"""


async def mention(grace: Visitor, path: str, *texts: str) -> None:
    await grace.visit(path)
    await grace.is_live()
    await grace.say(*texts)
    await grace.page.locator(".msg:not([data-state])", has_text=texts[-1]).wait_for()


async def test_a_mention_is_drawn_as_somebody_is_called_now(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace", viewport=WIDE)
    await grace.say("Morning @ADA_L, `@ada_l` is code and @nobody is nobody")
    for who, mine in ((ada, True), (grace, False)):
        found = who.page.locator(".msg .mention")
        await expect(found).to_have_text(["@ada_l"])
        assert ("mention--me" in (await found.get_attribute("class") or "")) is mine
        await expect(who.page.locator(".msg--for-me")).to_have_count(int(mine))
    me = await ada.person_id()
    await grace.page.evaluate(HEAR_RENAME, [me, "countess"])
    await expect(grace.page.locator(".msg .mention")).to_have_text(["@countess"])

    await grace.page.reload()
    await expect(grace.page.locator(".msg .mention")).to_have_text(["@ada_l"])
    await grace.is_live()
    await grace.page.locator(".msg .mention").click()
    await expect(grace.page.get_by_role("dialog", name="ada_l")).to_be_visible()
    await grace.page.keyboard.press("Escape")
    await grace.page.locator(".msg").last.focus()
    await grace.page.locator(".msg .mention").press("Enter")
    await expect(grace.page.get_by_role("dialog", name="ada_l")).to_be_visible()


async def test_mentions_are_counted_apart_and_go_with_reading(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    await rooms_of(grace, ada, "tea")
    page, tab = ada.page, await ada.page.context.new_page()
    await tab.goto(f"{site.url}/rooms")
    await mention(grace, "/chat/tea", "Kettle on?", "@ada_l, milk?", "@ada_l?")
    for each in (page, tab):
        await expect(row(each, "tea").locator("[data-part=for-me-count]")).to_have_text("2")
        await expect(row(each, "tea").locator("[data-part=unread]")).to_be_hidden()
        await expect(each.locator("[data-part=mentions-badge]")).to_have_text("2 new")
    await page.reload()
    await expect(row(page, "tea").locator("[data-part=for-me-count]")).to_have_text("2")
    await ada.is_live()
    await expect(page).to_have_title(re.compile(r"^\(2\) "))
    await row(page, "tea").click()
    await expect(page.locator(".msg--for-me")).to_have_count(2)
    for each in (page, tab):
        await expect(row(each, "tea").locator("[data-part=for-me]")).to_be_hidden()
        await expect(each.locator("[data-part=mentions-badge]")).to_be_hidden()


async def test_a_muted_or_hidden_room_stands_out_when_it_mentions_one(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    made = await rooms_of(grace, ada, "boats", "tea")
    page = ada.page
    await ada.ask("room.prefer", room=made["boats"], muted=True)
    await ada.ask("room.prefer", room=made["tea"], hidden=True)
    await expect(listed(page, "rooms")).to_have_text(["boats", "general"])
    await mention(grace, "/chat/boats", "Varnish, @ada_l?")
    await expect(row(page, "boats").locator("[data-part=for-me-count]")).to_have_text("1")
    await expect(row(page, "boats")).to_have_class(re.compile("is-unread"))
    await mention(grace, "/chat/tea", "Biscuits, @ada_l?")
    await expect(listed(page, "rooms")).to_have_text(["boats", "general", "tea"])
    await expect(row(page, "tea").locator("[data-part=for-me-count]")).to_have_text("1")
    await page.reload()
    await expect(listed(page, "rooms")).to_have_text(["boats", "general", "tea"])


async def test_the_list_of_mentions_leads_to_each(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    await rooms_of(grace, ada, "tea")
    page = ada.page
    await page.get_by_role("link", name="Mentions").click()
    await expect(page.get_by_role("heading", name="Mentions", level=1)).to_be_focused()
    await expect(page.get_by_text("Nothing for you yet.")).to_be_visible()
    await mention(grace, "/chat/tea", "@ada_l, one", "@ada_l, two & <b>bold</b>")
    texts = page.locator(".mentioned .text")
    await expect(texts).to_have_text(["@ada_l, two & <b>bold</b>", "@ada_l, one"])
    await expect(page.locator(".mentioned.is-new")).to_have_count(2)
    await expect(page).to_have_title(re.compile("Mentions ·"))

    await ada.open("/mentions")
    await expect(texts).to_have_text(["@ada_l, two & <b>bold</b>", "@ada_l, one"])
    await ada.is_live()
    await page.locator(".mentioned .mention").first.click()
    await expect(page.get_by_role("dialog", name="ada_l")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("link", name="Open").last.click()
    await expect(page).to_have_url(re.compile("/chat/tea/1$"))
    await expect(page.locator("#m-1")).to_be_visible()
    await holds(page, "(await import('roost/core/app.js')).app.store.forMe === 0")
    await page.go_back()
    await expect(page.locator(".mentioned")).to_have_count(2)
    await expect(page.locator(".mentioned.is-new")).to_have_count(0)

    await ada.ask("person.block", person=await grace.person_id())
    await expect(page.locator(".mentioned")).to_have_count(0)


async def test_older_mentions_are_asked_for(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, writers = await newcomer("ada_l", viewport=WIDE), [await newcomer("grace"), await newcomer("juniper")]
    for number in range(31):
        text, nonce = f"@ada_l {number}", f"a-nonce-of-the-test-{number}"
        await writers[number % 2].ask("message.send", room=1, nonce=nonce, text=text)
    await ada.open("/mentions")
    await ada.is_live()
    await expect(ada.page.locator(".mentioned")).to_have_count(30)
    await ada.page.get_by_role("button", name="Show older ones").click()
    await expect(ada.page.locator(".mentioned")).to_have_count(31)
    await expect(ada.page.get_by_role("button", name="Show older ones")).to_be_hidden()
