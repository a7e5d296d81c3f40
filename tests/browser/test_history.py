"""A room with a long past: it opens at its end, and can be walked to its first message and back."""

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, holds
from tests.browser.walk import MOST_IN_DOCUMENT, walk

COUNT = 5_000
# Generous: what counts on a quiet machine is 300 ms (the issue); the tests run beside others on a busy one.
OPENS_WITHIN = 2_000
# Notes when the message #m-`last` is first in view, in milliseconds since the navigation began.
STOPWATCH = """(last) => {
    const look = () => {
        const box = document.getElementById(`m-${last}`)?.getBoundingClientRect();
        if (box?.height > 0 && box.top >= 0 && box.bottom <= innerHeight) window.opened = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


def text(number: int) -> str:
    """Of every length: a word, a few lines, a paragraph, an address."""
    match number % 5:
        case 0:
            return f"{number}: " + "the wire hums a little when the wind turns " * (number % 13)
        case 1:
            return f"{number}\n\nand two lines below"
        case 2:
            return f"https://example.org/birds/{number}"
        case _:
            return f"message {number}"


async def opened_after(page: Page, url: str, last: int) -> float:
    """Milliseconds from the start of a navigation to `url` until its last message is in view."""
    await page.add_init_script(f"({STOPWATCH})({last})")
    await page.goto(url)
    await holds(page, "window.opened")
    milliseconds: float = await page.evaluate("window.opened")
    return milliseconds


async def numbers(page: Page) -> list[int]:
    found: list[int] = await page.locator(".msg").evaluate_all("all => all.map(each => Number(each.dataset.number))")
    return found


async def test_a_long_history_opens_at_its_end_and_is_walked_up_and_down_and_up_again(
    site: Site, newcomer: Newcomer
) -> None:
    await site.import_history("attic", COUNT, text)
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    took = await opened_after(ada.page, f"{site.url}/chat/attic", COUNT)
    print(f"a room of {COUNT:,} messages opened at its end after {took:.0f} ms")  # noqa: T201  the figure
    assert took < OPENS_WITHIN
    assert await walk(ada.page, -2.5, 1) == list(range(1, COUNT + 1))
    await expect(ada.page.locator("[data-part=start]")).to_be_visible()
    assert await walk(ada.page, 2.5, COUNT) == list(range(1, COUNT + 1))
    assert await walk(ada.page, -2.5, 1) == list(range(1, COUNT + 1))

    await ada.open("/chat/attic/1")
    await ada.page.get_by_role("button", name="Jump to latest").click()
    await expect(ada.page.locator(f"#m-{COUNT}")).to_be_in_viewport()
    shown = await numbers(ada.page)
    assert shown == list(range(shown[0], COUNT + 1))
    assert len(shown) <= MOST_IN_DOCUMENT


async def test_a_day_leads_to_any_other_and_from_there_to_the_present(site: Site, newcomer: Newcomer) -> None:
    """A message a minute from 9:00 on 14 November."""
    await site.import_history("attic", COUNT)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", timezone_id="UTC")
    page = ada.page
    for day, first, label in (
        ("2025-11-15", 900, "Saturday, 15 November"),
        ("2025-11-17", 3_780, "Monday, 17 November"),
        ("2025-11-01", 1, "Friday, 14 November"),
    ):
        await page.get_by_role("button", name=re.compile("November")).last.click()
        dialog = page.get_by_role("dialog", name="Jump to a date")
        await dialog.get_by_label("Date").fill(day)
        await dialog.get_by_role("button", name="Jump").click()
        await expect(dialog).to_have_count(0)
        await expect(page.locator(f"#m-{first}.is-target")).to_be_in_viewport()
        await expect(page.get_by_role("button", name=label)).to_be_in_viewport()
        shown = await numbers(page)
        assert shown == list(range(shown[0], shown[-1] + 1))
    await page.get_by_role("button", name="Jump to latest").click()
    await expect(page.locator(f"#m-{COUNT}")).to_be_in_viewport()
