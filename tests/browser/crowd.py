"""Programs that talk into a room, so that a browser has something to hear."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from tests.browser.site import Site

# What lets one person say as much as a crowd.
TALKATIVE = {"LIMIT_SENDS_PER_10_SECONDS": "1000000", "LIMIT_REPEATS_PER_12_HOURS": "1000000"}


class Speaker:
    """Says what it is told to, as fast as it is told."""

    def __init__(self, socket: ClientConnection, room: int) -> None:
        self._socket = socket
        self._room = room
        self._refs = itertools.count()

    async def say(self, *texts: str) -> None:
        """Returns when all are stored."""
        for text in texts:
            command = {"type": "message.send", "ref": next(self._refs), "room": self._room, "text": text}
            await self._socket.send(msgspec.json.encode(command | {"nonce": uuid4().hex}).decode())
        for _ in texts:
            await self._answer("sent")

    async def say_often(self, a_second: float) -> None:
        """Until it is cancelled, at even distances."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        for said in itertools.count():
            await asyncio.sleep(start + said / a_second - loop.time())
            await self.say(f"message {said} of many, about nothing in particular")

    async def _answer(self, kind: str) -> dict[str, object]:
        async for body in self._socket:
            event: dict[str, object] = msgspec.json.decode(body)
            assert event["type"] != "error", event
            if event["type"] == kind:
                return event
        raise ConnectionError("the server has hung up")


@asynccontextmanager
async def speaker(site: Site, handle: str, slug: str) -> AsyncIterator[Speaker]:
    """Somebody who is connected, of a site that has started."""
    headers = {"Authorization": f"Bearer {await site.token(handle)}"}
    async with connect(
        f"{site.url.replace('http', 'ws', 1)}/ws", additional_headers=headers, ping_interval=None
    ) as socket:
        started = msgspec.json.decode(await socket.recv())
        room = next(room["id"] for room in started["rooms"] if room["slug"] == slug)
        yield Speaker(socket, room)
