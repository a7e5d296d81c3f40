"""The page of a new app on Heroku, as whoever deployed it meets it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.test_accessibility import PHONE, STILL, violations
from tests.test_set_up import NewApp


@pytest_asyncio.fixture(loop_scope="session")
async def new_app() -> AsyncIterator[NewApp]:
    app = NewApp()
    await app.start()
    yield app
    await app.stop()


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE, {"width": 320, "height": 568}])
async def test_it_is_for_everybody_on_every_screen(browser: Browser, new_app: NewApp, viewport: dict[str, int]) -> None:
    context = await browser.new_context(viewport=viewport, **STILL)  # type: ignore[arg-type]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    answer = await page.goto(f"http://127.0.0.1:{new_app.port}/")
    assert answer is not None
    assert answer.status == 503
    assert await violations(page) == []
    assert complaints == []
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width == viewport["width"], "nothing sticks out"
