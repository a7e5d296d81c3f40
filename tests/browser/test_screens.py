"""Every screen in three windows, light and dark: axe finds nothing against WCAG 2.2 AA and nothing against its own best
practice, and on a phone nothing is in the way of fingers. On a desk it is all in Russian: no English word is left but
names. One walk shows both, since axe reads any language and the languages have one markup."""

import pytest
from playwright.async_api import Browser, Page

from tests.browser.fingers import in_the_way_of_fingers
from tests.browser.russian import english
from tests.browser.screens import SCREENS
from tests.browser.site import Site, holds
from tests.browser.stage import WINDOWS, Stage, Window, import_story
from tests.browser.test_accessibility import violations

WIDE, MIDDLING, PHONE = WINDOWS
# A screen is opened in the first, which is then widened: a panel that was opened over the room stands beside it.
DESK = (MIDDLING, WIDE)
WALKS = 4
"""That show all screens together: none takes so long that a slow machine would seem to hang."""
IS_DRAWN = "!document.querySelector('roost-details:not(:defined) > #details')?.offsetWidth"


@pytest.mark.parametrize("walk", range(WALKS))
@pytest.mark.parametrize(("windows", "language"), [(DESK, "ru"), ((PHONE,), "en")], ids=["desk", "phone"])
async def test_every_screen_is_clean(
    browser: Browser, site: Site, windows: tuple[Window, ...], language: str, walk: int
) -> None:
    await import_story(site)
    await site.add_room("core-team")
    await site.start()
    stage = Stage(browser, site, windows[0], locale={"ru": "ru-RU", "en": "en-US"}[language])
    await stage.set()
    found = []
    for name, show in [*SCREENS.items()][walk::WALKS]:
        async with show(stage) as page:
            assert await page.locator("html").get_attribute("lang") == language, name
            for window in windows:
                await fit(page, window)
                fingers = await in_the_way_of_fingers(page) if window.touch else []
                foreign = await english(page) if language == "ru" else []
                found += [f"{name} at {window.width}: {each}" for each in fingers + foreign + await violations(page)]
            await fit(page, windows[0])
    assert found == []
    assert stage.complaints == []


async def fit(page: Page, window: Window) -> None:
    """The panel beside the room is fetched when it is first shown."""
    await page.set_viewport_size({"width": window.width, "height": window.height})
    await holds(page, IS_DRAWN)
