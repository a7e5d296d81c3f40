"""Walking through a room's history the way a reader does, and what has to hold at every step of it."""

from dataclasses import dataclass

from playwright.async_api import Page

# `screens` of the log at a step, until the message `until` is there. Reported: the numbers that were in the document;
# the most there were at once; how far the message in the middle of the view ever moved other than by the step itself;
# and the first step at which the document's numbers were not one unbroken, rising row.
WALK = """async ({ screens, until }) => {
    const log = document.querySelector("roost-timeline");
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const body = (item) => item.querySelector("[data-part=body]");
    const seen = new Set();
    let moved = 0, most = 0, broken = null;
    const deadline = performance.now() + 120_000;
    for (;;) {
        const items = [...log.querySelectorAll(".msg")];
        const numbers = items.map((item) => Number(item.dataset.number));
        if (numbers.some((number, index) => number !== numbers[0] + index)) broken ??= numbers;
        numbers.forEach((number) => seen.add(number));
        most = Math.max(most, items.length);
        if (seen.has(until) || performance.now() > deadline) break;
        const middle = log.getBoundingClientRect().top + log.clientHeight / 2;
        const eye = items.find((item) => body(item).getBoundingClientRect().bottom > middle);
        const before = eye && body(eye).getBoundingClientRect().top;
        const from = log.scrollTop;
        log.scrollTop = Math.max(0, from + screens * log.clientHeight);
        const step = log.scrollTop - from;
        await frame();
        await frame();
        if (eye?.isConnected) moved = Math.max(moved, Math.abs(body(eye).getBoundingClientRect().top + step - before));
    }
    return { seen: [...seen].sort((one, other) => one - other), most, moved, broken };
}"""
MOST_IN_DOCUMENT = 320


@dataclass
class Walk:
    seen: list[int]
    most: int
    moved: float
    broken: list[int] | None


async def walk(page: Page, screens: float, until: int) -> list[int]:
    """The numbers seen on the way to message `until`, `screens` at a step (up when negative). Nothing jumped by more
    than a pixel, came twice, was missing or out of order, and the document stayed small."""
    found = Walk(**await page.evaluate(WALK, {"screens": screens, "until": until}))
    assert found.broken is None
    assert found.moved <= 1
    assert found.most <= MOST_IN_DOCUMENT
    return found.seen
