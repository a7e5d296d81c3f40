"""The client for the whole terminal, by its keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.clients.full_screen.screen import Screen, screen
from tests.clients.site import Site
from tests.flows.members.member import by_its_own_line
from tests.support.proxy import Proxy


class Terminal:
    def __init__(self, there: Screen) -> None:
        self.screen = there

    async def shown(self) -> str:
        await self.screen.pilot.pause()
        return "\n".join(self.screen.said())

    async def says(self, text: str) -> None:
        await self.screen.send(text)

    async def edits(self, text: str, anew: str) -> None:
        await self._choose(text, "e")
        await self.screen.sees("Editing your message")
        await self.screen.send(anew)

    async def reacts_to(self, text: str) -> None:
        await self._choose(text, "plus")
        await self.screen.sees("React with")
        await self.screen.pilot.press(*"tada")
        await self.screen.sees(":tada:")
        await self.screen.pilot.press("enter", "escape")

    async def removes(self, text: str) -> None:
        await self._choose(text, "d")
        await self.screen.sees("Remove this message?")
        await self.screen.pilot.press("tab", "enter", "escape")

    async def is_cut_off(self) -> None:
        await self.screen.sees("reconnecting")

    async def hurries(self) -> None:
        await self.screen.pilot.press("ctrl+r")

    async def _choose(self, text: str, key: str) -> None:
        visit = self.screen.app.visit
        assert visit is not None
        number = next(message.number for message in visit.known.timeline if message.text == text)
        self.screen.timeline.focus()
        self.screen.timeline.choose(number)
        await self.screen.pilot.press(key)


@asynccontextmanager
async def terminal(site: Site, line: Proxy, handle: str, slug: str) -> AsyncIterator[Terminal]:
    line.target = "127.0.0.1", site.server.port
    async with screen(by_its_own_line(site, line), handle, room=slug) as there:
        yield Terminal(there)
