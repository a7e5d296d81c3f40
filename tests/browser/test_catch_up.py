"""The page of what is new: drawn by the server, kept by the store, left and found again without a new page."""

import re
from typing import Any

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor
from tests.browser.test_accessibility import STILL, violations

PHONE = {"width": 390, "height": 844}
MARK = "window.sameDocument = true"


def lines(visitor: Visitor) -> Any:
    return visitor.page.locator("[data-part=digest] > li")


async def tells(visitor: Visitor, *expected: str) -> None:
    """Waits until these are its lines: room, who: what, count."""
    await expect(lines(visitor)).to_have_count(len(expected))
    for place, line in enumerate(expected):
        room, said, count = line.split(" | ")
        row = lines(visitor).nth(place)
        await expect(row.locator("[data-part=name]")).to_have_text(room)
        await expect(row.locator("[data-part=line]")).to_have_text(said)
        await expect(row.locator("[data-part=count]")).to_have_text(count)


async def test_what_is_new_is_told_live_marked_as_read_and_taken_back(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 3)
    await site.import_history("tide-sensors", 3)
    await site.start()
    ada, phone = await newcomer("ada_l", "/chat/general", **STILL), await newcomer("ada_l", "/chat/tide-sensors")
    grace = await newcomer("grace_o", "/chat/attic")
    await ada.page.evaluate(MARK)
    await ada.page.get_by_role("link", name="Catch up").click()
    await expect(ada.page).to_have_title("Catch up · Harbour Lab")
    await expect(ada.page.get_by_role("heading", name="Catch up", level=1)).to_be_focused()
    await expect(ada.page.get_by_text("Nothing new.")).to_be_visible()
    await expect(ada.page.locator("[data-part=wire-now] [data-part=name]")).to_have_text(["grace_o"])
    await expect(ada.composer).to_be_hidden()

    await grace.say("first", "Could you look at my retry?")
    await tells(ada, "attic | grace_o: Could you look at my retry? | 2")
    await expect(ada.page.locator("[data-part=summary]")).to_have_text(re.compile(r"^2 new messages since \d\d:\d\d$"))
    # The room behind the page is open, and nobody looks at it.
    await grace.open("/chat/general")
    await grace.say("Anybody?")
    await tells(ada, "general | grace_o: Anybody? | 1", "attic | grace_o: Could you look at my retry? | 2")
    assert await violations(ada.page) == []

    await ada.page.get_by_role("button", name="Mark all as read").click()
    await expect(lines(ada)).to_have_count(0)
    await expect(phone.page.locator("[data-room=attic] [data-part=unread]")).to_be_hidden()
    await ada.page.get_by_role("button", name="Undo").click()
    await tells(ada, "general | grace_o: Anybody? | 1", "attic | grace_o: Could you look at my retry? | 2")
    await expect(phone.page.locator("[data-room=attic] [data-part=unread-count]")).to_have_text("2")

    await lines(ada).nth(1).get_by_role("link").click()
    await expect(ada.page.locator("#room-title")).to_have_text("attic")
    await expect(ada.page.locator(".msg").last).to_be_in_viewport()
    await expect(ada.composer).to_be_focused()
    await expect(phone.page.locator("[data-room=attic] [data-part=unread]")).to_be_hidden()
    await ada.page.go_back()
    await tells(ada, "general | grace_o: Anybody? | 1")
    await lines(ada).get_by_role("link").click()
    await ada.sees("Anybody?")
    assert await ada.page.evaluate("window.sameDocument")


async def test_it_opens_by_its_address_and_by_its_key(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 3)
    await site.start()
    ada, grace = await newcomer("ada_l", "/chat/general"), await newcomer("grace_o", "/chat/attic")
    await grace.say("hello")
    await ada.composer.press("Alt+Shift+Home")
    await tells(ada, "attic | grace_o: hello | 1")
    await expect(ada.page.get_by_role("link", name="Catch up")).to_have_attribute("aria-current", "page")
    await expect(ada.page.locator("roost-sidebar [data-room][aria-current]")).to_have_count(0)
    await ada.page.keyboard.press("Escape")
    await ada.page.reload()
    await tells(ada, "attic | grace_o: hello | 1")
    await ada.is_live()
    await grace.say("hello again")
    await tells(ada, "attic | grace_o: hello again | 2")
    await ada.page.keyboard.press("Alt+ArrowDown")
    await expect(ada.page.locator("#room-title")).to_have_text("attic")
    await ada.page.keyboard.press("Alt+ArrowDown")
    await ada.sees()


async def test_on_a_phone_the_list_of_rooms_takes_its_place(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", viewport=PHONE)
    await ada.open("/catch-up")
    await expect(ada.page.get_by_role("heading", name="Harbour Lab")).to_be_visible()
    await expect(ada.page.get_by_role("heading", name="Catch up")).to_be_hidden()
    await expect(ada.page.get_by_role("link", name="Catch up")).to_be_hidden()
    assert await violations(ada.page) == []
    await ada.page.get_by_role("link", name="general").click()
    await expect(ada.composer).to_be_visible()


async def test_who_is_cut_off_is_told_of_nobody_here(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    await newcomer("grace_o")
    ada = await newcomer("ada_l", "/catch-up")
    here = ada.page.locator("[data-part=wire-now]")
    await expect(here).to_be_visible()
    await ada.page.context.set_offline(True)
    await expect(here).to_be_hidden()
    await ada.online()
    await expect(here).to_be_visible()
