"""What counts as read, and that all of a person's devices agree about it."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import PATIENCE, Site, Visitor, holds

PHONE = {"width": 390, "height": 844}
# Milliseconds after which whoever looks at the end has read it.
LONG_ENOUGH = 2_000
LOG = "roost-timeline"
FIRST_IN_VIEW = """(log) => {
    const { top } = log.getBoundingClientRect();
    return [...log.querySelectorAll(".msg")].find((item) => item.getBoundingClientRect().top >= top).id;
}"""
TOP = "(item) => item.querySelector('[data-part=body]').getBoundingClientRect().top"


@pytest.fixture(scope="session")
def chromium(whole_chromium: Browser) -> Browser:
    """In the shell a page keeps its focus when another comes before it."""
    return whole_chromium


async def told_unread(visitor: Visitor, room: str, count: int) -> None:
    """Waits until the list of rooms says so (0: says nothing)."""
    badge = visitor.page.locator(f"[data-room={room}] [data-part=unread]")
    if count:
        await expect(badge.locator("[data-part=unread-count]")).to_have_text(str(count))
    else:
        await expect(badge).to_be_hidden()


# Milliseconds from a key at the desk until the phone's list of rooms says `count`, on the one clock of this machine.
SAYS = """async ([room, count, patience]) => {
    const badge = document.querySelector(`[data-room=${room}] [data-part=unread]`);
    const said = () => (badge.hidden ? "0" : badge.querySelector("[data-part=unread-count]").textContent);
    const end = Date.now() + patience;
    while (said() !== `${count}`) {
        if (Date.now() > end) throw new Error(`it says ${said()}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return Date.now();
}"""


async def told_within_a_second(desk: Visitor, key: str, phone: Visitor, room: str, count: int) -> None:
    """The key at the desk is what the phone is told."""
    hearing = asyncio.ensure_future(phone.page.evaluate(SAYS, [room, count, PATIENCE * 1000]))
    await desk.page.evaluate("addEventListener('keydown', () => { window.pressed = Date.now() }, { capture: true })")
    await desk.page.keyboard.press(key)
    took = await hearing - await desk.page.evaluate("window.pressed")
    print(f"the phone was told of {key} after {took} ms")  # noqa: T201  the figure
    assert 0 <= took < 1_000


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
    ada = await newcomer("ada_l", "/chat/general", clock=True)
    phone = await newcomer("ada_l", "/chat/general", clock=True, viewport=PHONE)
    grace = await newcomer("grace", "/chat/general")
    await hide(ada.page)
    await phone.page.get_by_role("link", name="Back to rooms").click()
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


async def test_marked_unread_from_a_message_it_stays_so_everywhere_until_one_has_left(
    site: Site, newcomer: Newcomer
) -> None:
    await site.import_history("attic", 80)
    await site.start()
    desk = await newcomer("ada_l", "/chat/attic", clock=True)
    phone, beside = await newcomer("ada_l", "/chat/general"), await newcomer("ada_l", "/chat/attic")
    await desk.page.locator("#m-70").focus()
    await told_within_a_second(desk, "u", phone, "attic", 11)
    for device in (desk, beside):
        await expect(device.page.locator("[data-part=new-line] + #m-70")).to_have_count(1)
        await told_unread(device, "attic", 11)
    await desk.page.clock.fast_forward(LONG_ENOUGH)
    await desk.page.locator(LOG).evaluate("(log) => { log.scrollTop = log.scrollHeight }")
    await desk.page.clock.fast_forward(LONG_ENOUGH)
    await told_unread(phone, "attic", 11)

    await desk.page.get_by_role("link", name="general").click()
    await desk.page.get_by_role("link", name="attic").click()
    await expect(desk.page.locator("[data-part=new-line]")).to_be_in_viewport()
    await desk.page.clock.fast_forward(LONG_ENOUGH)
    await told_unread(phone, "attic", 0)


async def test_esc_reads_a_room_and_shift_esc_all_of_them_which_can_be_undone(site: Site, newcomer: Newcomer) -> None:
    for room in ("attic", "cellar"):
        await site.import_history(room, 40)
    await site.start()
    desk, phone = await newcomer("ada_l", "/chat/attic"), await newcomer("ada_l", "/chat/general")
    for room, number in (("attic", 31), ("cellar", 36)):
        await desk.page.get_by_role("link", name=room).click()
        await desk.page.locator(f"#m-{number}").focus()
        await desk.page.keyboard.press("u")
        await told_unread(phone, room, 41 - number)
    await desk.page.keyboard.press("Escape")
    await told_within_a_second(desk, "Escape", phone, "cellar", 0)
    await expect(desk.page.locator("[data-part=new-line]")).to_have_count(0)
    await told_unread(phone, "attic", 10)

    await desk.page.locator("#m-36").focus()
    await desk.page.keyboard.press("u")
    await told_unread(phone, "cellar", 5)
    await told_within_a_second(desk, "Shift+Escape", phone, "attic", 0)
    await told_unread(phone, "cellar", 0)
    status = desk.page.get_by_role("status")
    await expect(status.get_by_text("Marked 2 rooms as read.")).to_be_visible()
    await status.get_by_role("button", name="Undo").click()
    for room, count in (("attic", 10), ("cellar", 5)):
        await told_unread(phone, room, count)
        await told_unread(desk, room, count)


async def test_reading_goes_on_where_it_stopped_below_what_was_read_before(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 100)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic")
    await site.stop()
    await site.import_history("attic", 400)
    await site.start()
    page, line = ada.page, ada.page.locator("[data-part=new-line] + #m-101")
    for way in ("after an absence", "from another room", "at first", "anew"):
        if way == "after an absence":
            await ada.is_live()
        elif way == "from another room":
            await ada.open("/chat/general")
            await page.evaluate("sessionStorage.clear()")
            await page.get_by_role("link", name="attic").click()
        elif way == "at first":
            await page.evaluate("sessionStorage.clear()")
            await page.goto("about:blank")
            await ada.open("/chat/attic")
        else:
            await page.reload()
        await expect(line).to_be_in_viewport()
        await expect(page.locator("#m-100")).to_be_in_viewport()
        at = await page.locator(LOG).evaluate(
            "(log) => (log.querySelector('[data-part=new-line]').getBoundingClientRect().top"
            " - log.getBoundingClientRect().top) / log.clientHeight"
        )
        assert 0.2 < at < 0.3, way
        await expect(page.get_by_role("button", name="300 new", exact=True)).to_be_visible()
        await told_unread(ada, "attic", 300)

    await page.keyboard.press("Shift+End")
    await expect(page.locator("#m-400")).to_be_in_viewport()
    await told_unread(ada, "attic", 0)


async def test_the_place_where_one_read_outlives_a_reload(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 400)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic")
    await ada.page.locator(LOG).evaluate("(log) => { log.scrollTop = 0 }")
    await holds(ada.page, "document.querySelector('roost-timeline').scrollTop > 1000")
    await ada.page.locator(LOG).evaluate("(log) => { log.scrollTop -= 345 }")
    eye = ada.page.locator(f"#{await ada.page.locator(LOG).evaluate(FIRST_IN_VIEW)}")
    before = await eye.evaluate(TOP)
    await ada.page.reload()
    await expect(eye).to_be_in_viewport()
    assert abs(await eye.evaluate(TOP) - before) <= 1
    await ada.page.get_by_role("button", name="Jump to latest").click()
    await expect(ada.page.locator("#m-400")).to_be_in_viewport()
    await ada.page.reload()
    await expect(ada.page.locator("#m-400")).to_be_in_viewport()
