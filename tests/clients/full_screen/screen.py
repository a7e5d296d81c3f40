"""The client for the whole terminal, on a screen without a terminal."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.widgets import Static

from app.chat import messages
from app.protocol import commands, events
from clients.connection import connect
from clients.terminal.app import ChatApp
from clients.terminal.room_view import RoomView
from clients.terminal.timeline import Timeline
from tests.clients.site import Site
from tests.support.house import new_nonce

PATIENCE = 400
"""Times that a screen is looked at, 50 ms apart."""


class Screen:
    def __init__(self, app: ChatApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def view(self) -> RoomView:
        return self.app.view

    @property
    def timeline(self) -> Timeline:
        return self.view.timeline

    def lines(self) -> list[str]:
        """Of the whole screen."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip)[:width].rstrip() for strip in strips[:height]]

    def shown(self) -> str:
        return "\n".join(self.lines())

    def said(self) -> list[str]:
        """All lines of the room, also those that are scrolled away."""
        return [strip.text.rstrip() for strip, _ in self.timeline._lines if strip.text.strip()]

    def line(self, name: str) -> str:
        """What stands in one of the lines around the messages."""
        static = self.view.query_one(name, Static)
        return str(static.visual) if static.display else ""

    async def until(self, look: Callable[[], object]) -> None:
        for _ in range(PATIENCE):
            if look():
                return
            await self.pilot.pause(0.05)
        raise AssertionError(f"It does not come to that:\n{self.shown()}")

    async def sees(self, *words: str) -> None:
        await self.until(lambda: all(word in self.shown() for word in words))

    async def send(self, text: str) -> None:
        self.view.composer.fill(text)
        await self.pilot.press("enter")


@asynccontextmanager
async def screen(
    site: Site, handle: str = "ada_l", size: tuple[int, int] = (100, 30), room: str | None = None
) -> AsyncIterator[Screen]:
    """In a room, all of which is there."""
    connection = connect(site.url, token=await site.token(handle))
    app = ChatApp(connection, site.url, room)
    try:
        async with app.run_test(size=size) as pilot:
            shown = Screen(app, pilot)
            await shown.until(lambda: app.visit is not None and not app.visit.is_fresh)
            yield shown
    finally:
        await connection.close()


async def say(site: Site, handle: str, *texts: str, room: int = 1, reply_to: int | None = None) -> list[int]:
    """The numbers of what somebody posts."""
    visitor = await site.visitor(handle)
    posted = [
        await (await messages.post(site.services, visitor, room, new_nonce(), text, reply_to=reply_to))
        for text in texts
    ]
    return [each.message.number for each in posted]


async def make_room(site: Site, handle: str, name: str, *members: str) -> int:
    """Its id, with these people in it, too."""
    async with await site.connect(handle) as maker:
        made = await maker.request(commands.CreateRoom(0, name, "public"))
        assert isinstance(made, events.RoomShown)
    for member in members:
        async with await site.connect(member) as joiner:
            await joiner.request(commands.JoinRoom(0, made.room.id))
    return made.room.id
