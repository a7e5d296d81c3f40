"""`roost window`: what is typed there, and what was read there."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tornado.httpclient import AsyncHTTPClient

from page.programs import answer_of, running
from tests.browser.site import PATIENCE, until


class Window:
    """Of whoever has the token, in a room, on the DISPLAY of the environment."""

    def __init__(self, url: str, token: str, room: str, environment: dict[str, str]) -> None:
        self._url, self._token, self._room, self._environment = url, token, room, environment

    async def is_open(self) -> None:
        """Returns once its title tells of the room. Without a window manager keys go to where the pointer is."""
        found = ("search", "--sync", "--onlyvisible", "--name", f"# {self._room}")
        async with asyncio.timeout(PATIENCE):
            await self._point(*found, "mousemove", "-w", "%1", "400", "400")

    async def type(self, text: str) -> None:
        """And Enter."""
        await self._point("type", text)
        await self._point("key", "Return")

    async def has_read_all(self) -> None:
        """Returns once its end is in view, for only then the window says so to the server."""
        await until(self._has_read)

    async def _has_read(self) -> bool:
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = await AsyncHTTPClient().fetch(f"{self._url}/api/v1/rooms", headers=headers)
        room = next(room for room in json.loads(answer.body)["rooms"] if room["slug"] == self._room)
        return bool(room["read"] == room["number"])

    async def _point(self, *words: str) -> None:
        await answer_of("xdotool", *words, environment=self._environment)


@asynccontextmanager
async def window(url: str, token: str, room: str, environment: dict[str, str]) -> AsyncIterator[Window]:
    there = Window(url, token, room, environment)
    signed_in = environment | {"ROOST_SERVER": url, "ROOST_TOKEN": token}
    async with running("roost", "window", room, environment=signed_in):
        await there.is_open()
        yield there
