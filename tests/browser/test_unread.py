"""What counts as read, and that all of a person's devices agree about it."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds

PHONE = {"width": 390, "height": 844}
# Milliseconds after which whoever looks at the end has read it.
LONG_ENOUGH = 2_000
LOG = "roost-timeline"


async def told_unread(visitor: Visitor, room: str, count: int) -> None:
    """Waits until the list of rooms says so (0: says nothing)."""
    badge = visitor.page.locator(f"[data-room={room}] [data-part=unread]")
    if count:
        await expect(badge.locator("[data-part=unread-count]")).to_have_text(str(count))
    else:
        await expect(badge).to_be_hidden()


async def hide(page: Page) -> None:
    """As when another tab comes before it."""
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    other = await page.context.new_page()
    await other.bring_to_front()
    await holds(page, "!document.hasFocus() || document.visibilityState === 'hidden'")


async def test_a_message_is_read_when_its_end_was_looked_at_and_then_everywhere(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 80)
    await site.start()
    ada, phone = await newcomer("ada_l", "/chat/attic"), await newcomer("ada_l", "/chat/general")
    grace = await newcomer("grace", "/chat/attic")
    await told_unread(phone, "attic", 0)

    await ada.page.locator(LOG).evaluate("(log) => { log.scrollTop = 0 }")
    await grace.say("Are you there?", "Hello?")
    await expect(ada.page.get_by_role("button", name="2 new")).to_be_visible()
    await told_unread(phone, "attic", 2)

    await ada.page.get_by_role("button", name="2 new").click()
    await told_unread(phone, "attic", 0)
    await told_unread(ada, "attic", 0)
    await phone.page.get_by_role("link", name="attic").click()
    await expect(phone.page.get_by_text("Hello?")).to_be_in_viewport()
    await expect(phone.page.locator("[data-part=new-line]")).to_have_count(0)


async def test_what_comes_while_nobody_looks_stays_unread(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, phone = await newcomer("ada_l", "/chat/general"), await newcomer("ada_l", "/chat/general", viewport=PHONE)
    grace = await newcomer("grace", "/chat/general")
    await hide(ada.page)
    await phone.page.get_by_role("link", name="Back to rooms").click()
    for device in (ada, phone):
        await device.page.clock.install()
    await grace.say("Anybody?")
    await ada.sees("Anybody?")
    await expect(ada.page.locator("[data-part=new-line]")).to_be_visible()
    await told_unread(phone, "general", 1)
    for device in (ada, phone):
        await device.page.clock.fast_forward(LONG_ENOUGH)
    await grace.say("Nobody")
    await told_unread(phone, "general", 2)
    await expect(ada.page).to_have_title("• #general · Harbour Lab")

    await phone.page.get_by_role("link", name="general").click()
    await expect(phone.page.locator("[data-part=new-line]")).to_be_in_viewport()
    await phone.page.clock.fast_forward(LONG_ENOUGH)
    await expect(ada.page).to_have_title("#general · Harbour Lab")


async def test_drafts_are_kept_by_room_through_a_reload(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 3)
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await ada.write("for general")
    await ada.page.get_by_role("link", name="attic").click()
    await expect(ada.page.locator("#room-title")).to_have_text("attic")
    await ada.write("for the attic\nin two lines")
    await ada.page.reload()
    await expect(ada.composer).to_have_value("for the attic\nin two lines")
    await expect(ada.page.locator("[data-room=general] [data-part=draft]")).to_be_visible()
    await ada.page.get_by_role("link", name="general").click()
    await expect(ada.composer).to_have_value("for general")
    await ada.say("sent")
    await ada.page.reload()
    await ada.sees("sent")
    await expect(ada.composer).to_have_value("")
