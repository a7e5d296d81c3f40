"""A community and a browser for each test, both real."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.site import PATIENCE, Site, Visitor, arrive

CHROMIUM = shutil.which("chromium")
# The sandbox needs a user namespace, which containers and root do not have; the rest keeps Chromium from calling home.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

Newcomer = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("the browser tests need chromium")
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Not started yet, so that a test may import first."""
    site = Site(tmp_path)
    async with site.standin():
        yield site
        await site.stop()


@pytest.fixture
async def newcomer(browser: Browser, site: Site) -> AsyncIterator[Newcomer]:
    """Signs somebody in, in a browser of their own. At the end no page may have complained."""
    visitors: list[Visitor] = []

    async def come(handle: str, path: str = "/chat", **options: Any) -> Visitor:
        visitor = await arrive(browser, site, **options)
        visitors.append(visitor)
        await visitor.sign_in(handle, path)
        return visitor

    yield come
    assert [visitor.complaints for visitor in visitors] == [[] for _ in visitors]
