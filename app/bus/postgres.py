"""The line over PostgreSQL: LISTEN and NOTIFY on one connection of its own."""

import asyncio
from collections.abc import Collection

import asyncpg

from app.bus.base import Event
from app.bus.line import Hear
from app.bus.parcels import pack

LONGEST = 7_900
"""Bytes of a parcel: PostgreSQL refuses 8,000."""
NOTIFY = "SELECT pg_notify($1, parcel) FROM unnest($2::text[]) AS parcel"


class PostgresLine:
    """Everything goes over one channel, whatever its topic, and each process takes out what it wants. It gets little
    else: somebody in every process looks at nearly every room that is talked in.

    NOTIFY is one short transaction for all that has gathered, since their commits stand in one queue for the whole
    database. It does not wait for the disk: a hint may be lost.
    """

    def __init__(self, url: str, community: str) -> None:
        """`community` is a name that only the processes of one community share."""
        self._url = url
        self._channel = f"roost:{community}"
        self._connection: asyncpg.Connection | None = None
        self._ended = asyncio.Event()

    async def open(self, topics: Collection[str], hear: Hear) -> None:
        self._ended = asyncio.Event()
        self._connection = connection = await asyncpg.connect(self._url)
        connection.add_termination_listener(lambda _: self._ended.set())
        await connection.execute("SET synchronous_commit = off")
        await connection.execute("SET application_name = 'roost bus'")
        await connection.add_listener(self._channel, lambda *notified: hear(notified[-1].encode()))

    async def listen(self) -> None:
        await self._ended.wait()
        raise ConnectionError("PostgreSQL has closed the connection")

    async def follow(self, topics: Collection[str], dropped: Collection[str]) -> None:
        """All topics come anyway."""

    async def send(self, process: str, events: Collection[Event]) -> None:
        assert self._connection is not None, "a line is opened before it is used"
        parcels = [parcel.decode() for parcel in pack(process, events, LONGEST)]
        await self._connection.execute(NOTIFY, self._channel, parcels)

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
