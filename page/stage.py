"""Chromium and a community for the commands of this package, as the browser tests have them."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.site import PATIENCE, Ports, Site


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def profile(*arguments: str) -> AsyncIterator[BrowserContext]:
    """The one that other programs share who speak with the same Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        async with async_playwright() as playwright:
            context = await playwright.chromium.launch_persistent_context(
                folder, executable_path=program(), args=[*ARGUMENTS, *arguments]
            )
            yield context
            await context.close()


def program() -> str:
    if CHROMIUM is None:
        raise SystemExit("This needs chromium: sudo apt install chromium")
    return CHROMIUM


@asynccontextmanager
async def community(settings: dict[str, str] | None = None) -> AsyncIterator[Site]:
    """Not started yet, so that something may be imported first. Its X stands beside it."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), Ports(), settings)
        async with site.standin():
            try:
                yield site
            finally:
                await site.stop()
