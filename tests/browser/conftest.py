"""A community for each test and people in browsers, all real. Chromium and the stand-in for X stay up between tests."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserType, async_playwright, expect

from tests.browser.forked import FORKS, PRELOADED
from tests.browser.site import PATIENCE, Ports, Site, Visitor, arrive

CHROMIUM = shutil.which("chromium")
# The same engine without the browser around it: a third less of processor time.
SHELL = shutil.which("chromium-headless-shell")
# The sandbox needs a user namespace, which containers and root do not have; the rest keeps Chromium from calling home.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

Newcomer = Callable[..., Awaitable[Visitor]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lives longer than a test needs an event loop that does."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def launcher() -> AsyncIterator[BrowserType]:
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        yield playwright.chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(launcher: BrowserType) -> AsyncIterator[Browser]:
    async with launched(launcher, SHELL or CHROMIUM) as chromium:
        yield chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole_chromium(launcher: BrowserType) -> AsyncIterator[Browser]:
    """With what belongs to the browser and not to its engine."""
    async with launched(launcher, CHROMIUM) as chromium:
        yield chromium


@asynccontextmanager
async def launched(launcher: BrowserType, program: str | None) -> AsyncIterator[Browser]:
    if program is None:
        pytest.skip("the browser tests need chromium")
    chromium = await launcher.launch(executable_path=program, args=ARGUMENTS)
    yield chromium
    await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """Nobody who came in one test is there in the next."""
    yield chromium
    for context in chromium.contexts:
        await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ports(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ports]:
    """X answers at one of them. It knows one client by its address, so all communities have the other."""
    ports = Ports()
    # Here, before the first fork, and not in forked.py: `make page` measures servers that have nothing packed yet.
    FORKS.set_forkserver_preload([*PRELOADED, "tests.browser.kept_forks"])
    async with Site(tmp_path_factory.mktemp("x"), ports).standin():
        yield ports


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path, migrated: Path, ports: Ports) -> AsyncIterator[Site]:
    """Not started yet, so that a test may import first. Its database is a copy, since migrating takes a second. At the
    end it is killed: a farewell to all who are still here takes longer, and is looked at in tests/flows."""
    shutil.copy(migrated, tmp_path / "roost.db")
    site = Site(tmp_path, ports)
    yield site
    await site.kill()


@pytest.fixture
def service_workers() -> str:
    """Whether newcomers' browsers take the service worker, which fetches and keeps all that pages are made of: nearly
    half of what a test costs. Files about what it does, or about pages that it answers for, have "allow"."""
    return "block"


@pytest_asyncio.fixture(loop_scope="session")
async def newcomer(browser: Browser, site: Site, service_workers: str) -> AsyncIterator[Newcomer]:
    """Signs somebody in, in a browser of their own. At the end no page may have complained.

    With `clock` the test sets the time of their pages, from the first on: what a page noted by its own clock would be
    nonsense on another."""
    visitors: list[Visitor] = []

    async def come(handle: str, path: str = "/chat", *, clock: bool = False, **options: Any) -> Visitor:
        visitor = await arrive(browser, site, **{"service_workers": service_workers, **options})
        visitors.append(visitor)
        if clock:
            await visitor.page.clock.install()
        await visitor.sign_in(handle, path)
        return visitor

    yield come
    assert [visitor.complaints for visitor in visitors] == [[] for _ in visitors]
