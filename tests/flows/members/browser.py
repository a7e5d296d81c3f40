"""The page, in Chromium."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from playwright.async_api import Browser, expect

from tests.browser.site import Site as OwnProcess
from tests.browser.site import Visitor, arrive
from tests.browser.test_editing import choose, editor
from tests.clients.site import Site
from tests.flows.members.member import by_its_own_line
from tests.support.proxy import Proxy

SAID = ".msg [data-part=body], .msg [data-part=reaction]"


class Page:
    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    async def shown(self) -> str:
        return "\n".join(await self.page.locator(SAID).all_inner_texts())

    async def says(self, text: str) -> None:
        await self.visitor.say(text)

    async def edits(self, text: str, anew: str) -> None:
        await choose(self.visitor, text, "Edit")
        await editor(self.page).fill(anew)
        await editor(self.page).press("Enter")

    async def reacts_to(self, text: str) -> None:
        message = self.page.locator(".msg[data-number]", has_text=text)
        await message.hover()
        await message.get_by_role("button", name="Add reaction").first.click()
        await self.page.get_by_role("searchbox", name="Find an emoji").fill("tada")
        await self.page.keyboard.press("Enter")

    async def removes(self, text: str) -> None:
        await choose(self.visitor, text, "Remove message…")
        dialog = self.page.get_by_role("dialog", name="Remove this message?")
        await dialog.get_by_role("button", name="Remove message").click()
        await expect(dialog).to_be_hidden()

    async def is_cut_off(self) -> None:
        await self.visitor.is_cut_off()

    async def hurries(self) -> None:
        """The browser says that the network is back."""
        await self.page.evaluate("window.dispatchEvent(new Event('online'))")


@asynccontextmanager
async def page(site: Site, line: Proxy, chromium: Browser, handle: str, slug: str) -> AsyncIterator[Page]:
    """The address of the line is the one that the site knows as its own."""
    line.target = "127.0.0.1", site.server.port
    there = by_its_own_line(site, line)
    visitor = await arrive(chromium, cast("OwnProcess", there))
    cookie = (await site.browser(handle)).cookies["session"]
    await visitor.page.context.add_cookies([{"name": "session", "value": cookie, "url": there.url}])
    await visitor.open(f"/chat/{slug}")
    await visitor.is_live()
    yield Page(visitor)
    await visitor.page.context.close()
    assert visitor.complaints == []
