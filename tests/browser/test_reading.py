"""Rooms, and what comes while one reads."""

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site


async def test_who_reads_the_past_is_not_moved_and_is_told_what_came(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("general", 200)
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.page.locator("roost-timeline").evaluate("(log) => { log.scrollTop -= 1500 }")
    pill = ada.page.locator("[data-action=jump-latest]")
    await expect(pill).to_have_text("Jump to latest")
    reading = ada.page.get_by_text("history 160", exact=True)
    await reading.scroll_into_view_if_needed()
    before = await reading.bounding_box()
    await grace.say("hello", "there")
    await expect(pill).to_have_text("2 new")
    assert await reading.bounding_box() == before
    await pill.click()
    await expect(ada.page.get_by_text("there", exact=True)).to_be_in_viewport()
    await expect(pill).to_be_hidden()


async def test_rooms_change_without_a_page_load_each_with_its_draft_and_what_is_unread(
    site: Site, newcomer: Newcomer
) -> None:
    await site.import_history("attic", 3)
    await site.start()
    ada, grace = await newcomer("ada_l", "/chat/general"), await newcomer("grace", "/chat/general")
    await ada.page.evaluate("window.sameDocument = true")
    await ada.write("for general")
    await ada.page.get_by_role("link", name="attic").click()
    await ada.page.wait_for_url("**/chat/attic")
    await ada.sees("history 1", "history 2", "history 3")
    await expect(ada.composer).to_have_value("")
    row = ada.page.locator("[data-room=general]")
    await expect(row.locator("[data-part=draft]")).to_be_visible()

    await grace.say("anybody?")
    await expect(row.locator("[data-part=unread-count]")).to_have_text("1")
    await expect(ada.page).to_have_title("• #attic · Harbour Lab")
    await ada.page.go_back()
    await expect(ada.page.locator("#room-title")).to_have_text("general")
    await ada.sees("anybody?")
    await expect(ada.composer).to_have_value("for general")
    await expect(ada.page.locator("[data-part=new-line]")).to_be_visible()
    await expect(row.locator("[data-part=unread]")).to_be_hidden()
    await expect(ada.page).to_have_title("#general · Harbour Lab")
    assert await ada.page.evaluate("window.sameDocument")
