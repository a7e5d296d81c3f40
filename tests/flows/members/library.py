"""The library, by each of its three ways."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from clients.connection import Connection, connect
from clients.room import Room
from clients.way_in import BLOCKED_AFTER
from tests.clients.site import Site
from tests.flows.members.member import EMOJI, Kind
from tests.support.proxy import Proxy
from tests.support.waiting import until

CARRIERS = {"websocket", "stream", "tcp"}


class Library:
    def __init__(self, connection: Connection, room: Room) -> None:
        self.connection = connection
        self.room = room
        self._sending: list[asyncio.Task[object]] = []

    async def shown(self) -> str:
        await asyncio.sleep(0)
        return "\n".join(
            " ".join([message.text, *(each.emoji for each in message.reactions)])
            for message in self.room.known.timeline
            if not message.removed
        )

    async def says(self, text: str) -> None:
        self._sending.append(asyncio.create_task(self.room.send(text)))
        await asyncio.sleep(0)

    async def edits(self, text: str, anew: str) -> None:
        await self.room.edit(self._number_of(text), anew)

    async def reacts_to(self, text: str) -> None:
        await self.room.react(self._number_of(text), EMOJI)

    async def removes(self, text: str) -> None:
        await self.room.remove(self._number_of(text))

    async def is_cut_off(self) -> None:
        await until(lambda: self.connection.state.status == "reconnecting")

    async def hurries(self) -> None:
        self.connection.hurry()

    async def leaves(self) -> None:
        """All that was said is stored."""
        await asyncio.gather(*self._sending)

    def _number_of(self, text: str) -> int:
        return next(message.number for message in self.room.known.timeline if message.text == text)


@asynccontextmanager
async def library(site: Site, line: Proxy, kind: Kind, handle: str, slug: str) -> AsyncIterator[Library]:
    line.target = "127.0.0.1", (site.server.gateway_port or 0) if kind == "tcp" else site.server.port
    scheme = "tcp" if kind == "tcp" else "http"
    connection = connect(f"{scheme}://127.0.0.1:{line.address[1]}", token=await site.token(handle))
    if kind == "stream":
        # It has found that WebSocket is blocked.
        connection._way._failures = BLOCKED_AFTER
        connection._way._blocked_until = asyncio.get_running_loop().time() + 600
    async with connection:
        assert connection._way.carrier == kind
        member = Library(connection, await connection.open(slug))
        yield member
        await member.leaves()
