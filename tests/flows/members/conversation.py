"""A room, who talks in it with which client, and whether all see the same."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser

from app.chat import memberships, messages
from app.models import Room, Visitor
from tests.clients.site import Site
from tests.flows.members.browser import page
from tests.flows.members.desktop import desktop
from tests.flows.members.library import library
from tests.flows.members.member import Kind, Member, words_in
from tests.flows.members.terminal import terminal
from tests.support.proxy import Proxy, proxy_to

PATIENCE = 15.0


@dataclass(frozen=True)
class Place:
    """Where it takes place. `front` is the line to the address that the site calls its own, the only one for a browser.
    Without `chromium`, or a display, nobody comes with a page, or a window."""

    site: Site
    front: Proxy
    chromium: Browser | None
    has_display: bool


class Conversation:
    """`lines` are those of its members, by their handles, to be cut."""

    def __init__(self, place: Place, room: Room, folder: Path, stack: AsyncExitStack) -> None:
        self.members: dict[str, Member] = {}
        self.lines: dict[str, Proxy] = {}
        self._place = place
        self._room = room
        self._folder = folder
        self._stack = stack
        self._reader: Visitor

    def may_join(self, kind: Kind) -> bool:
        missing = {"browser": self._place.chromium is None, "desktop": not self._place.has_display}
        return not missing.get(kind, False)

    async def join(self, kind: Kind, handle: str | None = None) -> Member:
        """Somebody with this kind of client, who is called like it or by a handle."""
        if not self.may_join(kind):
            pytest.skip(f"there is nothing to run the {kind} in")
        handle = handle or kind
        site = self._place.site
        self._reader = await site.visitor(handle)
        await memberships.join(site.services, self._reader, self._room.id)
        line = self._place.front
        if kind != "browser":
            line = await self._stack.enter_async_context(proxy_to(("127.0.0.1", 1)))
        self.lines[handle] = line
        self.members[handle] = await self._stack.enter_async_context(self._client(kind, line, handle))
        return self.members[handle]

    def _client(self, kind: Kind, line: Proxy, handle: str) -> AbstractAsyncContextManager[Member]:
        site, slug = self._place.site, self._room.slug
        if kind == "browser":
            assert self._place.chromium is not None
            return page(site, line, self._place.chromium, handle, slug)
        if kind == "desktop":
            return desktop(site, line, handle, slug, self._folder)
        return terminal(site, line, handle, slug) if kind == "terminal" else library(site, line, kind, handle, slug)

    async def all_see(self, *words: str) -> None:
        """These, in this order and nothing else: what is stored is what each client shows."""
        await self._agree(lambda stored: stored == [*words])

    async def all_see_in_one_order(self, words: set[str]) -> list[str]:
        """Each of these once, in the order that is returned, whichever it is."""
        return await self._agree(lambda stored: sorted(stored) == sorted(words))

    async def is_stored(self, word: str) -> None:
        """Whatever anybody shows."""
        async with asyncio.timeout(PATIENCE):
            while word not in await self._stored():  # noqa: ASYNC110  the database knows of no Event
                await asyncio.sleep(0.02)

    async def _agree(self, is_right: Callable[[list[str]], bool]) -> list[str]:
        stored, seen = list[str](), dict[str, list[str]]()
        try:
            async with asyncio.timeout(PATIENCE):
                while not is_right(stored) or any(words != stored for words in seen.values()) or not seen:
                    stored = await self._stored()
                    seen = {handle: words_in(await member.shown()) for handle, member in self.members.items()}
        except TimeoutError:
            raise AssertionError(f"The server has {stored}, but they see {seen}") from None
        return stored

    async def _stored(self) -> list[str]:
        found = await messages.page(self._place.site.services, self._reader, self._room.id, limit=100)
        there = [message for message in found.messages if message.removed_at is None]
        return [word for message in there for word in (message.text, *(each.emoji for each in message.more.reactions))]
