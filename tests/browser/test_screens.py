"""Every screen in three windows, light and dark: axe finds nothing against WCAG 2.2 AA and nothing against its own best
practice, and on a phone nothing is in the way of fingers. In the widest window it is all in Russian: no English word is
left but names. One walk shows both, since axe reads any language and the languages have one markup."""

import pytest
from playwright.async_api import Browser

from tests.browser.fingers import in_the_way_of_fingers
from tests.browser.russian import english
from tests.browser.screens import SCREENS
from tests.browser.site import Site
from tests.browser.stage import WINDOWS, Stage, Window, import_story
from tests.browser.test_accessibility import violations

LANGUAGES = ("ru", "en", "en")
WALKS = 4
"""That show all screens together: none takes so long that a slow machine would seem to hang."""


@pytest.mark.parametrize("walk", range(WALKS))
@pytest.mark.parametrize(("window", "language"), [*zip(WINDOWS, LANGUAGES, strict=True)], ids=["1440", "1024", "390"])
async def test_every_screen_is_clean(browser: Browser, site: Site, window: Window, language: str, walk: int) -> None:
    await import_story(site)
    await site.add_room("core-team")
    await site.start()
    stage = Stage(browser, site, window, locale={"ru": "ru-RU", "en": "en-US"}[language])
    await stage.set()
    found = []
    for name, show in [*SCREENS.items()][walk::WALKS]:
        async with show(stage) as page:
            assert await page.locator("html").get_attribute("lang") == language, name
            fingers = await in_the_way_of_fingers(page) if window.touch else []
            foreign = await english(page) if language == "ru" else []
            found += [f"{name} at {window.width}: {each}" for each in fingers + foreign + await violations(page)]
    assert found == []
    assert stage.complaints == []
