"""The window, by its keys."""

import asyncio
import tkinter as tk
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from clients.desktop.room_view import EMOJI as OFFERED
from clients.desktop.rows import Said
from tests.clients.desktop.reader import Reader, reading
from tests.clients.site import Site
from tests.flows.members.member import EMOJI, by_its_own_line
from tests.support.proxy import Proxy


class Desktop:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    async def shown(self) -> str:
        self.reader.window.update()
        await asyncio.sleep(0)
        return self.reader.shown

    async def says(self, text: str) -> None:
        self.reader.write(text)
        self.reader.press("<Return>")

    async def edits(self, text: str, anew: str) -> None:
        self._choose(text, "e")
        await self.reader.until(lambda: self.reader.window.view.composer.text == text)
        await self.says(anew)

    async def reacts_to(self, text: str) -> None:
        # A menu that is open takes all keys of the display for itself.
        menus: list[tk.Menu] = []
        self.reader.window.view._pop_up = menus.append  # type: ignore[method-assign, assignment]
        self._choose(text, "<plus>")
        menus[0].invoke(OFFERED.index(EMOJI))

    async def removes(self, text: str) -> None:
        self._choose(text, "<Delete>", "<Delete>")

    async def is_cut_off(self) -> None:
        await self.reader.until(lambda: self.reader.window.line.status == "reconnecting")

    async def hurries(self) -> None:
        self.reader.press("<Control-r>")

    def _choose(self, text: str, *keys: str) -> None:
        timeline = self.reader.window.view.timeline
        timeline.choose_none()
        for _ in timeline._drawn:
            self.reader.press("<Up>", among_messages=True)
            if isinstance(timeline.chosen, Said) and timeline.chosen.message.text == text:
                break
        for key in keys:
            self.reader.press(key, among_messages=True)


@asynccontextmanager
async def desktop(site: Site, line: Proxy, handle: str, slug: str, folder: Path) -> AsyncIterator[Desktop]:
    line.target = "127.0.0.1", site.server.port
    async with reading(by_its_own_line(site, line), folder, handle, slug) as reader:
        yield Desktop(reader)
