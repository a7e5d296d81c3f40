"""static/icons/: the mark of static/favicon.svg as the pictures that phones and desks put on their screens."""

import re
from pathlib import Path

from page.stage import chromium

ROOT = Path(__file__).resolve().parents[1]
ICONS = ROOT / "static" / "icons"
ACCENT, WHITE = "#00717b", "#fff"

# Name, size, how much of it the mark takes, and how round its corners are. What is cut to a shape of the platform's own
# (maskable, Apple's) fills its square; of a maskable one only the middle 80 % is sure to be seen.
DRAWN = (
    ("192", 192, 0.62, 0.22),
    ("512", 512, 0.62, 0.22),
    ("512-maskable", 512, 0.5, 0.0),
    ("touch", 180, 0.62, 0.0),
)
PAGE = """<!doctype html><style>
* {{ margin: 0 }} div {{ inline-size: {size}px; block-size: {size}px; display: grid; place-items: center;
background: {accent}; border-radius: {corner}px; }} svg {{ inline-size: {share}%; }}</style><div>{mark}</div>"""


async def draw_icons() -> None:
    ICONS.mkdir(exist_ok=True)
    async with chromium() as browser:
        for name, size, share, corner in DRAWN:
            page = await browser.new_page(viewport={"width": size, "height": size})
            await page.set_content(
                PAGE.format(size=size, accent=ACCENT, corner=size * corner, share=share * 100, mark=mark())
            )
            path = ICONS / f"{name}.png"
            await page.screenshot(path=path, omit_background=True)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def mark() -> str:
    """In white, with an eye of the colour behind it."""
    text = (ROOT / "static" / "favicon.svg").read_text()
    swapped = {ACCENT: WHITE, WHITE: ACCENT}
    return re.sub("|".join(swapped), lambda match: swapped[match[0]], text)
