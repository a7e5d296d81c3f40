"""History, permalinks, rooms and what is unread."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site

# Scrolls by hand's breadths until `done`, and reports how far a message ever moved against the scrolling, the most
# messages there were in the document, and which numbers were seen.
SCROLL = """async ({step, until}) => {
    const log = document.querySelector("roost-timeline");
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const body = (item) => item.querySelector("[data-part=body]");
    const seen = new Set();
    let worst = 0, most = 0;
    const end = performance.now() + 20_000;
    for (;;) {
        const items = [...log.querySelectorAll(".msg")];
        items.forEach((item) => seen.add(Number(item.dataset.number)));
        most = Math.max(most, items.length);
        if (seen.has(until) || performance.now() > end) break;
        const middle = log.getBoundingClientRect().top + log.clientHeight / 2;
        const mark = items.find((item) => body(item).getBoundingClientRect().top > middle);
        const before = mark && body(mark).getBoundingClientRect().top;
        const from = log.scrollTop;
        log.scrollTop = Math.max(0, from + step);
        const moved = log.scrollTop - from;
        await frame();
        await frame();
        if (!mark?.isConnected) continue;
        worst = Math.max(worst, Math.abs(body(mark).getBoundingClientRect().top + moved - before));
    }
    return { worst, most, seen: [...seen].sort((one, other) => one - other) };
}"""


async def scroll(page: Page, step: int, until: int) -> list[int]:
    """The numbers seen on the way to `until`; nothing jumped, and the document stayed small."""
    found = await page.evaluate(SCROLL, {"step": step, "until": until})
    assert found["worst"] < 1
    assert found["most"] <= 320
    seen: list[int] = found["seen"]
    return seen


async def test_history_scrolls_to_its_first_message_and_back_without_a_jump_or_a_hole(
    site: Site, newcomer: Newcomer
) -> None:
    await site.import_history("attic", 700)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic")
    await expect(ada.page.get_by_text("history 700")).to_be_in_viewport()
    assert await scroll(ada.page, -400, 1) == list(range(1, 701))
    await expect(ada.page.locator("[data-part=start]")).to_be_visible()
    assert await scroll(ada.page, 400, 700) == list(range(1, 701))


async def test_a_permalink_marks_its_message_and_walking_down_reaches_the_present(
    site: Site, newcomer: Newcomer
) -> None:
    await site.import_history("attic", 400)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic/120")
    await expect(ada.page.locator("#m-120")).to_be_in_viewport()
    await ada.page.reload()
    await expect(ada.page.locator("#m-120.is-target")).to_be_in_viewport()
    seen = await scroll(ada.page, 400, 400)
    assert seen == list(range(seen[0], 401))
    await ada.say("now")
    await expect(ada.page.locator(".msg [data-part=body]").last).to_have_text("now")


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


async def test_a_phone_shows_the_room_or_the_rooms(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport={"width": 390, "height": 844})
    await expect(ada.page.get_by_role("link", name="general")).to_be_hidden()
    await ada.page.get_by_role("link", name="Back to rooms").click()
    await ada.page.get_by_role("link", name="general").click()
    await expect(ada.composer).to_be_visible()
    width = await ada.page.evaluate("document.documentElement.scrollWidth")
    assert width == 390
