"""The page takes over what the server drew: nothing of it is drawn again but what the reader's own clock says."""

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site

# From when the page is parsed: before its scripts run (HTML, "the end").
WATCH = """() => document.addEventListener("readystatechange", () => {
    if (document.readyState !== "interactive") return;
    window.drawn = [];
    new MutationObserver((changes) => {
        const inside = changes.filter(({ target }) => target.parentElement?.closest(".msg"));
        window.drawn.push(...inside.map(({ target }) => target.textContent));
    }).observe(document.getElementById("log"), { childList: true, characterData: true, subtree: true });
})"""
# What the watch tells when there is something to tell.
REDRAWN = """async () => {
    document.querySelector(".msg [data-part=body]").textContent = "drawn again";
    await null;
    return window.drawn;
}"""
TIMES = "all => all.map(each => each.querySelector('.msg__at').textContent)"


async def test_what_the_server_drew_is_not_drawn_again(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 60)
    await site.start()
    ada = await newcomer("ada_l", timezone_id="UTC")
    await ada.page.add_init_script(f"({WATCH})()")
    await ada.open("/chat/attic")
    await ada.is_live()
    assert await ada.page.evaluate("window.drawn") == []
    assert await ada.page.evaluate(REDRAWN) == ["drawn again"]


async def test_a_reader_elsewhere_sees_their_own_days_and_times(site: Site, newcomer: Newcomer) -> None:
    """Written from 9:01 to 10:00 on 14 November 2025, UTC."""
    await site.import_history("attic", 60)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", timezone_id="Pacific/Kiritimati")
    await expect(ada.page.locator("[data-part=day-label]")).to_have_text(
        ["Friday, 14 November 2025", "Saturday, 15 November 2025"]
    )
    times = await ada.page.locator(".msg").evaluate_all(TIMES)
    assert (times[0][:2], times[-1]) == ("23", "00:00")
