"""Searching: from every way in, by text and by chips, and back to where it was said."""

import re

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, until
from tests.browser.test_files import payload, pick, picture

WIDE: ViewportSize = {"width": 1280, "height": 800}


async def findable(visitor: Visitor, text: str) -> None:
    """Returns once this was found."""

    async def is_found() -> bool:
        return bool((await visitor.ask("message.search", text=text))["hits"])

    await until(is_found)


async def search(page: Page, text: str) -> None:
    await page.locator("#search-query").fill(text)
    await page.locator("#search-query").press("Enter")


async def without_script(visitor: Visitor) -> Page:
    """A page of theirs in which no script runs."""
    context = await visitor.page.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=await visitor.page.context.storage_state()
    )
    return await context.new_page()


async def test_what_was_said_is_found_and_opened_where_it_stands(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("general", 120)
    await site.start()
    ada = await newcomer("ada_l", viewport=WIDE)
    page = ada.page
    await ada.say("A **cold** start, <img src=x onerror=alert(1)>", "warm")
    await findable(ada, "cold")

    await page.keyboard.press("Control+Shift+F")
    await expect(page.locator("#search-query")).to_be_focused()
    await expect(page.locator(".search [data-part=hints]")).to_be_visible()
    await search(page, "Cold <img")
    await expect(page.locator(".hit mark")).to_have_text(["cold", "img"])
    await expect(page.locator(".hit [data-part=after]")).to_contain_text("warm")
    await expect(page.locator("[data-part=told]")).to_have_text("1 message")
    await expect(page).to_have_title(re.compile("^Search"))
    assert ada.complaints == []

    await search(page, "history")
    await expect(page.locator(".hit")).to_have_count(30)
    await page.locator("[data-action=older-hits]").click()
    await expect(page.locator(".hit")).to_have_count(60)
    await expect(page.locator(".hit [data-part=open]").nth(30)).to_be_focused()
    await page.go_back()
    await expect(page.locator("#search-query")).to_have_value("Cold <img")
    await expect(page.locator(".hit")).to_have_count(1)
    await page.go_forward()
    await page.locator(".hit [data-part=open]").nth(29).click()
    await expect(page.locator(".msg.is-target")).to_contain_text("history")


async def test_chips_and_text_say_the_same(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    await ada.say("cold https://example.com")
    await grace.say("cold too")
    await findable(ada, "cold from:grace")
    page, query = ada.page, ada.page.locator("#search-query")
    await page.locator("[data-part=search-here]").click()
    await expect(query).to_have_value("in:general")
    await expect(page.locator(".chip--on")).to_have_text(["in:general, Remove this filter"])
    await search(page, "in:general cold")
    await expect(page.locator(".hit")).to_have_count(2)

    await page.get_by_role("button", name="From anyone").click()
    await page.get_by_role("menuitem", name="grace").click()
    await expect(query).to_have_value("in:general cold from:@grace")
    await expect(page.locator(".hit")).to_have_count(1)
    await page.get_by_role("button", name="from:@grace").click()
    await page.get_by_role("button", name="Has a link").click()
    await expect(page.locator(".hit")).to_contain_text(["example.com"])
    await page.get_by_role("button", name="Any time").click()
    await page.get_by_role("menuitem", name="Before a day").click()
    await expect(query).to_be_focused()
    await query.press_sequentially("yesterday")
    await query.press("Enter")
    await expect(page.locator(".search [role=alert]")).to_contain_text("“yesterday” is not a date")
    await expect(query).to_have_value("in:general cold has:link before:yesterday")
    await search(page, "in:nowhere cold")
    await expect(page.get_by_role("heading", name="Not a feather")).to_be_visible()


async def test_what_is_removed_or_edited_meanwhile_is_so_in_the_open_page(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    await grace.say("cold one", "cold two", "mild three")
    await findable(grace, "mild")
    await ada.visit("/search?q=cold")
    hit = ada.page.locator(".hit")
    await expect(hit).to_have_count(2)
    newest = hit.first
    await expect(newest.locator("[data-part=before]")).to_contain_text("cold one")

    await grace.ask("message.remove", room=1, number=1)
    await expect(hit).to_have_count(1)
    await expect(ada.page.locator("[data-part=told]")).to_have_text("1 message")
    await expect(newest.locator("[data-part=before]")).to_be_hidden()
    await grace.ask("message.edit", room=1, number=3, text="warm three")
    await expect(newest.locator("[data-part=after]")).to_contain_text("warm three")
    await grace.ask("message.edit", room=1, number=2, text="it was cold")
    await expect(newest.locator("[data-part=body]")).to_have_text("it was cold")
    await expect(newest.locator("mark")).to_have_text(["cold"])
    await grace.ask("message.edit", room=1, number=2, text="it was warm")
    await expect(hit).to_have_count(0)
    await expect(ada.page.get_by_role("heading", name="Not a feather")).to_be_visible()


async def test_what_changed_in_other_rooms_is_so_when_one_comes_back_as_far_down_as_before(
    site: Site, newcomer: Newcomer
) -> None:
    await site.import_history("attic", 120)
    await site.start()
    ada, grace = await newcomer("ada_l", "/chat/general", viewport=WIDE), await newcomer("grace", "/chat/attic")
    await grace.say("history of the attic", "history of the attic stairs")
    await findable(grace, "stairs")
    await ada.visit("/search?q=history")
    hit = ada.page.locator(".hit")
    await expect(hit).to_have_count(30)
    await ada.page.locator("[data-action=older-hits]").click()
    await expect(hit).to_have_count(60)
    await ada.visit("/mentions")
    await expect(hit.first).to_be_hidden()
    room = (await grace.ask("message.search", text="stairs"))["hits"][0]["room"]
    await grace.ask("message.remove", room=room, number=121)
    await grace.ask("message.edit", room=room, number=122, text="history of the stairs")
    await ada.page.go_back()
    await expect(hit).to_have_count(59)
    await expect(hit.first.locator("[data-part=body]")).to_have_text("history of the stairs")
    await ada.page.locator("[data-action=older-hits]").click()
    await expect(hit).to_have_count(89)
    keys = await hit.evaluate_all("all => all.map((each) => each.dataset.hit)")
    assert keys == [f"{room}/{number}" for number in (122, *range(120, 32, -1))]


@pytest.mark.parametrize("drawn_by", ["the page", "the server"])
async def test_the_focus_stays_on_a_chip_whatever_arrives(site: Site, newcomer: Newcomer, drawn_by: str) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=WIDE)
    room = (await ada.ask("room.create", name="Boats", kind="public"))["room"]
    await ada.visit("/chat/boats")
    await ada.is_live()
    await ada.say("cold")
    await findable(ada, "cold")
    if drawn_by == "the server":
        await ada.page.goto(f"{site.url}/search?q=in%3Aboats+cold+from%3A%40ada_l")
        await ada.is_live()
    else:
        await ada.visit("/search")
        await search(ada.page, "in:boats cold from:@ada_l")
    place = ada.page.locator(".hit [data-part=room]")
    await expect(place).to_have_text("Boats")
    chip = ada.page.get_by_role("button", name="from:@ada_l")
    await chip.focus()
    await ada.ask("room.change", room=room["id"], name="Ships")
    await expect(place).to_have_text("Ships")
    await expect(chip).to_be_focused()
    await chip.press("Enter")
    await expect(ada.page.locator("#search-query")).to_have_value("in:boats cold")
    await expect(ada.page.locator(".chip--on")).to_have_count(1)


async def test_jump_to_ends_in_a_search(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=WIDE)
    await ada.say("kittiwakes on the roof")
    await findable(ada, "kittiwake")
    await ada.page.keyboard.press("Control+K")
    await ada.page.get_by_role("combobox", name="Jump to").fill("kittiw")
    await expect(ada.page.get_by_role("option").last).to_contain_text("Search messages for “kittiw”")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator(".hit mark")).to_have_text(["kittiwakes"])


async def test_without_its_script_the_page_searches_too(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=WIDE)
    await ada.say("kittiwakes on the roof", "@ada_l?")
    await findable(ada, "roof")
    page = await without_script(ada)
    await page.goto(f"{site.url}/search")
    await search(page, "kitti")
    await expect(page.locator(".hit mark")).to_have_text(["kittiwakes"])
    await page.get_by_role("button", name="Has a link").click()
    await expect(page.get_by_role("heading", name="Not a feather")).to_be_visible()
    await page.get_by_role("button", name="has:link").click()
    await expect(page.locator(".hit mark")).to_have_text(["kittiwakes"])


async def test_what_has_files_and_no_words_is_shown_by_their_names(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=WIDE)
    await ada.say("look at this")
    await pick(ada, payload("buoy <1>.txt", b"orange"), payload("tide.txt", b"high"))
    await ada.composer.press("Enter")
    await ada.sees("look at this", "")
    await findable(ada, "has:file")
    await ada.page.keyboard.press("Control+Shift+F")
    await ada.page.get_by_role("button", name="Has a file").click()
    plain = await without_script(ada)
    await plain.goto(f"{site.url}/search?q=has:file")
    for page in (ada.page, plain):
        await expect(page.locator(".hit [data-part=body]")).to_have_text(["buoy <1>.txt, tide.txt"])
    await search(ada.page, "look")
    await plain.goto(f"{site.url}/search?q=look")
    for page in (ada.page, plain):
        await expect(page.locator(".hit [data-part=after]")).to_contain_text("buoy <1>.txt, tide.txt")


async def test_shift_end_selects_in_a_field_and_moves_no_room_that_is_hidden(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 200)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", viewport=WIDE)
    page = ada.page
    await page.locator("roost-timeline").evaluate("(log) => { log.scrollTop -= 2000 }")
    latest = page.get_by_role("button", name="Jump to latest")
    await expect(latest).to_be_visible()
    await pick(ada, payload("buoy.jpg", picture(), "image/jpeg"))
    await selects_to_the_end(page.get_by_label("Describe buoy.jpg for those who do not see it"))
    await expect(latest).to_be_visible()

    await page.keyboard.press("Control+Shift+F")
    await expect(page.locator("#search-query")).to_be_focused()
    await page.keyboard.press("Shift+End")
    await selects_to_the_end(page.locator("#search-query"))
    await page.go_back()
    await expect(latest).to_be_visible()


async def selects_to_the_end(field: Locator) -> None:
    await field.fill("an orange buoy")
    await field.press("Home")
    await field.press("Shift+End")
    assert await field.evaluate("(field) => [field.selectionStart, field.selectionEnd]") == [0, 14]
