"""docs/screenshots/: every screen of tests/browser/screens.py, in three windows and both themes."""

import base64
from pathlib import Path

from playwright.async_api import Browser, Page

from page.stage import chromium, community
from tests.browser.screens import SCREENS
from tests.browser.site import Site
from tests.browser.stage import WINDOWS, Stage, Window, import_story, settled

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
QUALITY = 40
"""Of WebP: a page of text in some 20 to 40 KiB, with nothing to be seen of it."""


async def take_pictures() -> None:
    PICTURES.mkdir(exist_ok=True)
    async with chromium() as browser:
        for window in WINDOWS:
            # One each: what was said and done for one window would be in the pictures of the next.
            async with community() as site:
                await import_story(site)
                await site.add_room("core-team")
                await site.start()
                await _in_window(browser, site, window)
    sizes = [path.stat().st_size for path in PICTURES.glob("*.webp")]
    print(f"{len(sizes)} pictures, {sum(sizes) / 1024:,.0f} KiB, the largest {max(sizes) / 1024:.0f} KiB")


async def _in_window(browser: Browser, site: Site, window: Window) -> None:
    stage = Stage(browser, site, window)
    await stage.set()
    for name, show in SCREENS.items():
        async with show(stage) as page:
            for theme in ("light", "dark"):
                await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                await settled(page)
                (PICTURES / f"{name}-{window.width}-{theme}.webp").write_bytes(await _picture(page))
        print(f"{name} at {window.width}")
    await stage.clear()


async def _picture(page: Page) -> bytes:
    """By the browser's own protocol: Playwright knows no WebP."""
    session = await page.context.new_cdp_session(page)
    picture = await session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    await session.detach()
    return base64.b64decode(picture["data"])
