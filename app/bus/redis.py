"""The line over Redis: PUBLISH on one connection, SUBSCRIBE on another."""

import asyncio
import math
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any

from redis.asyncio.connection import Connection, parse_url

from app.bus.base import Event
from app.bus.line import Hear
from app.bus.parcels import pack

PATIENCE = 2.0
"""Seconds for a connection, and for an answer."""
SUBSCRIBED_AT_ONCE = 500
READ_AT_ONCE = 100
"""Messages until others have their turn of the event loop, which what a reconnect brings would hold up."""
MESSAGE = b"message"


class RedisLine:
    """A channel for each topic, so that a process gets only what somebody in it looks at.

    The connections are used directly, without the library's client around them: that one would connect and subscribe
    again by itself, in the middle of a break that the bus has to know of. Every second a word goes through both, which
    is more than a health check would tell, and keeps a host from ending an idle connection.
    """

    def __init__(self, url: str, community: str, *, self_signed: bool) -> None:
        """`community` is a name that only the processes of one community share. `self_signed`: take the certificate of
        a rediss:// server unseen. Raises ValueError when the URL makes no sense."""
        address: dict[str, Any] = dict(parse_url(url))
        self._make: Callable[..., Connection] = address.pop("connection_class", Connection)
        # RESP 2: with 3 the library writes each message into its debug log.
        self._options: dict[str, Any] = {"protocol": 2, "socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        if self_signed and url.startswith("rediss:"):
            self._options["ssl_cert_reqs"] = "none"
        self._options |= address
        self._prefix = f"roost:{community}:"
        self._connections: list[Connection] = []
        self._hear: Hear = lambda _: None

    async def open(self, topics: Collection[str], hear: Hear) -> None:
        """The topics are subscribed in their order: once something of the last one is heard, all are."""
        self._hear = hear
        for _ in range(2):
            connection = self._make(**self._options)
            self._connections.append(connection)
            await connection.connect()  # type: ignore[no-untyped-call]  # so it is in the library
        await self.follow(topics, ())

    async def listen(self) -> None:
        _, hearing = self._connections
        while True:
            for _ in range(READ_AT_ONCE):
                kind, _, parcel = await hearing.read_response(timeout=math.inf, disconnect_on_error=False)
                if kind == MESSAGE:
                    self._hear(parcel)
            await asyncio.sleep(0)

    async def follow(self, topics: Collection[str], dropped: Collection[str]) -> None:
        _, hearing = self._connections
        for command, names in (("SUBSCRIBE", topics), ("UNSUBSCRIBE", dropped)):
            channels = (self._prefix + topic for topic in names)
            while some := list(islice(channels, SUBSCRIBED_AT_ONCE)):
                await hearing.send_command(command, *some, check_health=False)

    async def send(self, process: str, events: Collection[Event]) -> None:
        telling, _ = self._connections
        commands = [("PUBLISH", self._prefix + topic, parcel) for topic, parcel in by_topic(process, events)]
        await telling.send_packed_command(telling.pack_commands(commands), check_health=False)
        for _ in commands:
            await telling.read_response()

    async def close(self) -> None:
        connections, self._connections = self._connections, []
        for connection in connections:
            await connection.disconnect(nowait=True)


def by_topic(process: str, events: Collection[Event]) -> Iterator[tuple[str, bytes]]:
    """A parcel for each topic, with its events in order."""
    topics: dict[str, list[Event]] = {}
    for event in events:
        topics.setdefault(event[0], []).append(event)
    for topic, its_own in topics.items():
        for parcel in pack(process, its_own):
            yield topic, parcel
