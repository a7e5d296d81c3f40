"""Somebody who reads and writes in the window. The server runs in this thread, too: both get their turns here."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from app.chat import messages
from clients.desktop.loop import Loop
from clients.desktop.unsent import FILE, Unsent
from clients.desktop.window import Window
from tests.clients.site import Site
from tests.support.house import new_nonce

PATIENCE = 15.0


class Reader:
    # Tk's own memory must not be given back in another thread, which Python's collector might do while that of the next
    # test runs.
    windows: ClassVar[list[Window]] = []

    def __init__(self, site: Site, folder: Path, token: str, room: str = "general") -> None:
        self.site, self.token, self.room = site, token, room
        self.path = folder / FILE
        self.window = self.begin()

    def begin(self) -> Window:
        """A new window; the one before was closed."""
        loop = Loop(self.site.url, self.token)
        self.window = Window(loop, Unsent(self.path, self.site.url), self.site.url, self.room, None)
        self.windows.append(self.window)
        loop.start()
        return self.window

    async def end(self) -> None:
        """The server hears of it meanwhile."""
        self.window.end()
        await asyncio.to_thread(self.window.loop.join)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self.window.update()
                await asyncio.sleep(0.005)

    async def sees(self, text: str) -> None:
        await self.until(lambda: text in self.shown)

    async def post(self, text: str, handle: str = "bo", room: int = 1, **more: Any) -> int:
        visitor = await self.site.visitor(handle)
        posted = await (await messages.post(self.site.services, visitor, room, new_nonce(), text, **more))
        return posted.message.number

    async def said(self) -> list[str]:
        visitor = await self.site.visitor("ada_l")
        page = await messages.page(self.site.services, visitor, 1, limit=100)
        return [message.text for message in page.messages]

    @property
    def shown(self) -> str:
        return self.window.view.timeline.text.get("1.0", "end")

    @property
    def below(self) -> str:
        return str(self.window.view.composer._below.cget("text"))

    @property
    def kept(self) -> Any:
        return json.loads(self.path.read_text())[self.site.url]

    def write(self, text: str) -> None:
        self.window.view.composer.put(text)
        self.window.update()

    def press(self, key: str, *, among_messages: bool = False) -> None:
        view = self.window.view
        place = view.timeline.text if among_messages else view.composer.entry
        place.focus_force()
        self.window.update()
        place.event_generate(key)
        self.window.update()

    def looks(self, words: str) -> set[str]:
        """Of these words in the timeline."""
        text = self.window.view.timeline.text
        place = text.search(words, "1.0")
        assert place, words
        return set(text.tag_names(place))


@asynccontextmanager
async def reading(site: Site, folder: Path, handle: str = "ada_l", room: str = "general") -> AsyncIterator[Reader]:
    reader = Reader(site, folder, await site.token(handle), room)
    try:
        await reader.until(lambda: reader.window.view.talk is not None)
        yield reader
    finally:
        await reader.end()
