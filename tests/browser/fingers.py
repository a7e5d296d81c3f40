"""What a finger needs of a page: targets of 44 px and fields into which no browser zooms."""

from playwright.async_api import Page

# A link in running text is as high as its line (WCAG 2.2, 2.5.8); the name, time and mark of a message lead where its
# menu does.
TOO_SMALL = """() => {
    const FINGER = 44, LOSS = 2;
    // Of a radio button the label that it stands in is pressed.
    const controls = ["a[href]", "button", "label:has(input)", "input:not([type=hidden], label input)", "select",
        "textarea", "summary", "[role=tab]", "[role=option]"].join();
    const inText = (element) =>
        getComputedStyle(element).display === "inline"
            || element.matches(".msg__link, .msg__at, .msg__name, .edited, .skip");
    const name = ({ localName, className, type, textContent }) =>
        `${localName}.${className || type} "${textContent.trim().slice(0, 30)}"`;
    const hits = (element, x, y) => {
        if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return true;
        const hit = document.elementFromPoint(x, y);
        return hit && (element.contains(hit) || [...(element.labels ?? [])].some((label) => label.contains(hit)));
    };
    const reach = (element, x, y, right, down) => {
        let far = 0;
        while (far < FINGER && hits(element, x + right * (far + 1), y + down * (far + 1))) far += 1;
        return far;
    };
    // What scrolls is cut at the edge of its box, or by the buttons that stay there, and is whole a moment later.
    const isCut = (element) => {
        const bar = element.closest("dialog")?.querySelector(".dialog__buttons");
        const log = (element.closest(".public__log") ?? element.closest("[role=log], dialog"))?.getBoundingClientRect();
        const { top, bottom } = element.getBoundingClientRect();
        if (bar && !bar.contains(element) && bottom > bar.getBoundingClientRect().top) return true;
        return log && (top - FINGER / 2 < log.top || bottom + FINGER / 2 > log.bottom);
    };
    // A press beside what lies over the page closes that, and does nothing else.
    const layer = document.querySelector("dialog[open], :popover-open");
    return [...document.querySelectorAll(controls)].filter((element) => {
        if (layer && !layer.contains(element)) return false;
        const { left, top, width, height } = element.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        const covered = document.elementFromPoint(x, y) === null || !hits(element, x, y);
        // What is out of view, or under something else, is no target now.
        if (width === 0 || inText(element) || covered || isCut(element)) return false;
        const wide = reach(element, x, y, -1, 0) + reach(element, x, y, 1, 0);
        const high = reach(element, x, y, 0, -1) + reach(element, x, y, 0, 1);
        return Math.min(wide, high) < FINGER - LOSS;
    }).map((element) => `${name(element)} is too small for a finger`);
}"""
# Where text is written: below 16 px Safari zooms in, and stays there.
TOO_FINE = """() => [...document.querySelectorAll("textarea, select, input")]
    .filter((each) => !["file", "hidden", "radio", "checkbox", "range"].includes(each.type))
    .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 16)
    .map((each) => `${each.localName} ${each.name || each.id} is written in ${getComputedStyle(each).fontSize}`)"""
# Of the page, and of what lies over it.
SIDEWAYS = """() => document.documentElement.scrollWidth > innerWidth
    || [...document.querySelectorAll("dialog, .menu")].some((layer) => layer.scrollWidth > layer.clientWidth)"""
NARROWEST = 320


async def in_the_way_of_fingers(page: Page) -> list[str]:
    """What is too small, and what sticks out, here and on the narrowest phone there is."""
    found: list[str] = await page.evaluate(TOO_SMALL) + await page.evaluate(TOO_FINE)
    size = page.viewport_size
    assert size is not None
    for width in (size["width"], NARROWEST):
        await page.set_viewport_size({"width": width, "height": size["height"]})
        if await page.evaluate(SIDEWAYS):
            found.append(f"something sticks out at {width} px")
    await page.set_viewport_size(size)
    return found
