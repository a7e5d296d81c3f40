"""docs/pictures/: three people in one room. Ada comes in at a terminal, by a code that she approves in a browser;
Juniper has the window, Zoë the page."""

import io
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image, ImageGrab
from playwright.async_api import Browser, Page, expect

from page.programs import need
from page.stage import chromium, community
from page.tmux import Tmux, terminal
from page.window import Window, window
from tests.browser.site import Site, Visitor, arrive, until
from tests.browser.stage import WINDOWS, import_story, settled
from tests.browser.story import LIVE
from tests.clients.desktop.display import running_display, what_is_missing

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
QUALITY = 60
"""Of WebP."""
SIZE = "1440x900x24"
ROOM = "tide-sensors"
TALK = 38
"""Lines of the terminal below those in which she signed in."""


async def take_client_pictures() -> None:
    need(xterm="xterm", tmux="tmux", xdotool="xdotool")
    missing = what_is_missing()
    if missing is not None:
        raise SystemExit(missing)
    PICTURES.mkdir(exist_ok=True)
    # One each: without a window manager they would lie on each other.
    with running_display(SIZE) as first, running_display(SIZE) as second, tempfile.TemporaryDirectory() as folder:
        async with community() as site, chromium() as browser:
            await import_story(site)
            await site.start()
            await _talk(site, browser, Desk(Path(folder), "ada", first), Desk(Path(folder), "juniper", second))


class Desk:
    """Somebody's machine: its display, and the environment of what they start there, the command `roost` included."""

    def __init__(self, folder: Path, name: str, display: str) -> None:
        self.home, self.display = folder / name, display
        roost = self.home / "bin" / "roost"
        roost.parent.mkdir(parents=True)
        roost.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m clients.command_line "$@"\n')
        roost.chmod(0o700)
        self.environment = {
            "PATH": f"{roost.parent}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "DISPLAY": display,
            "LANG": "C.UTF-8",
        }

    async def picture(self) -> Image.Image:
        """Once nothing is about to be drawn: two looks in a row are alike, the cursor included."""
        looks = [self._look()]

        async def is_still() -> bool:
            looks.append(self._look())
            return looks[-1] == looks[-2]

        await until(is_still)
        return looks[-1]

    def _look(self) -> Image.Image:
        """Without the black around what is there."""
        whole = ImageGrab.grab(xdisplay=self.display)
        return whole.crop(whole.getbbox())


async def _talk(site: Site, browser: Browser, first: Desk, second: Desk) -> None:
    zoe = await arrive(browser, site, **WINDOWS[0].options)
    await zoe.sign_in("zoe_a", f"/chat/{ROOM}")
    async with _at_terminal(site, browser, first) as ada, _at_window(site, browser, second) as juniper:
        await ada.type(LIVE[0])
        await _sees(zoe, LIVE[0])
        await juniper.type(LIVE[1])
        await _sees(zoe, LIVE[1])
        await zoe.say(LIVE[2])
        await _sees(zoe, LIVE[2])
        for line in LIVE:
            await ada.shows(re.escape(line))
        await ada.shows(rf"›#{ROOM} +[^\d ]")
        await juniper.has_read_all()
        await settled(zoe.page)
        _keep("browser", Image.open(io.BytesIO(await zoe.page.screenshot())))
        _keep("terminal", await first.picture())
        _keep("window", await second.picture())


@asynccontextmanager
async def _at_terminal(site: Site, browser: Browser, desk: Desk) -> AsyncIterator[Tmux]:
    ada = await arrive(browser, site)
    await ada.enter("ada_wires")
    async with terminal(desk.home, desk.environment) as tmux:
        await tmux.type(f"roost login {site.url}")
        await _approve(ada.page, f"{site.url}/device", (await tmux.shows(r"enter the code (\w{4}-\w{4})"))[1])
        await tmux.shows("Signed in as @ada_wires")
        await tmux.split(TALK)
        await tmux.type(f"roost chat {ROOM}")
        await tmux.shows("● live")
        yield tmux


async def _approve(page: Page, address: str, code: str) -> None:
    await page.goto(address)
    await page.get_by_label("Code from the program").fill(code)
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_role("button", name="Approve").click()
    await expect(page.get_by_role("heading", name="The program is in")).to_be_visible()


@asynccontextmanager
async def _at_window(site: Site, browser: Browser, desk: Desk) -> AsyncIterator[Window]:
    juniper = await arrive(browser, site)
    await juniper.enter("juniper")
    async with window(site.url, await site.token("juniper"), ROOM, desk.environment) as there:
        yield there


async def _sees(visitor: Visitor, line: str) -> None:
    await expect(visitor.page.locator(".msg:not([data-state])", has_text=line)).to_be_visible()


def _keep(name: str, picture: Image.Image) -> None:
    path = PICTURES / f"{name}.webp"
    picture.convert("RGB").save(path, quality=QUALITY, method=6)
    print(f"{path.relative_to(ROOT)}: {picture.width} x {picture.height}, {path.stat().st_size / 1024:.0f} KiB")
