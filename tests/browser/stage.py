"""Harbour Lab on a lively day, and the people through whose windows its screens are seen."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Browser, Page

from tests.browser.site import Site, Visitor, arrive, holds
from tests.browser.story import TIDES, history


@dataclass(frozen=True)
class Window:
    width: int
    height: int
    touch: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """For a browser's context. Nothing moves, so that what is seen is what there is."""
        viewport = {"width": self.width, "height": self.height}
        return {"viewport": viewport, "has_touch": self.touch, "is_mobile": self.touch, "reduced_motion": "reduce"}


WINDOWS = (Window(1440, 900), Window(1024, 768), Window(390, 844, touch=True))


class Stage:
    """A guest, Ada through whose window the chat is seen, and Juniper and Zoë who talk to her. Tomo who is admin,
    and Layla who waits at the door, come when they are asked for: they are in no other picture."""

    guest: Visitor
    ada: Visitor
    juniper: Visitor
    zoe: Visitor

    def __init__(self, browser: Browser, site: Site, window: Window, locale: str = "en-US") -> None:
        self.site = site
        self.window = window
        self._locale = locale
        self._browser = browser
        self._people: list[Visitor] = []
        self._admin: Visitor | None = None
        self._waiting: Visitor | None = None

    async def set(self) -> None:
        """The site has started, with `history` in it."""
        self.guest = await self._arrive(self.window)
        self.ada = await self._arrive(self.window, "ada_wires")
        self.juniper = await self._arrive(WINDOWS[0], "juniper")
        self.zoe = await self._arrive(WINDOWS[0], "zoe_a")

    async def admin(self) -> Visitor:
        """Not in the chat, but before it."""
        if self._admin is None:
            await self.site.expect("tomo_k", "admin")
            self._admin = await self._arrive(self.window)
            await self._admin.enter("tomo_k")
        return self._admin

    async def waiting(self) -> Visitor:
        """On the page that says so."""
        if self._waiting is None:
            self._waiting = await self._arrive(self.window)
            # One for each window of a site: who was refused at one does not wait at the next.
            await self.knock(self._waiting.page, f"layla_{self.window.width}", "waiting")
        return self._waiting

    async def knock(self, page: Page, handle: str, door: str) -> None:
        """Signs in with X while that is how the door stands, which leads to a page that says so."""
        await self.site.choose_door(door)
        await page.goto(f"{self.site.url}/login")
        form = page.locator("form", has=page.get_by_label("Somebody else"))
        await form.get_by_label("Somebody else").fill(handle)
        await form.get_by_role("button", name="Sign in").click()
        await page.wait_for_url(f"{self.site.url}/**")
        await self.site.choose_door("open")

    async def clear(self) -> None:
        for visitor in self._people:
            await visitor.page.context.close()

    @property
    def complaints(self) -> list[str]:
        return [complaint for visitor in self._people for complaint in visitor.complaints]

    async def _arrive(self, window: Window, handle: str | None = None) -> Visitor:
        # What the service worker fetches and keeps is in no picture.
        options = {"locale": self._locale, "service_workers": "block", **window.options}
        visitor = await arrive(self._browser, self.site, **options)
        self._people.append(visitor)
        if handle is not None:
            await visitor.sign_in(handle, "/chat/tide-sensors")
        return visitor


async def import_story(site: Site) -> None:
    """Only while the server is down."""
    await site.import_lines(history(datetime.now(UTC)))
    site.draw("tide-sensors", TIDES)


async def settled(page: Page) -> None:
    """Pictures and styles are there, and nothing is about to be drawn."""
    with suppress(TimeoutError):
        await page.wait_for_load_state("networkidle")
    await holds(page, "document.readyState === 'complete'")
