"""A place inside of a transaction where it waits until the test lets it go on."""

import asyncio

from sqlalchemy import Connection, update
from sqlalchemy.util.concurrency import await_, in_greenlet

from app.storage.store import Store
from app.storage.tables import rooms
from tests.support.waiting import PATIENCE


class Gate:
    """`wait` is called by the function of a Connection, in whichever way its engine runs it: in a thread, which may be
    held, or in a greenlet of the event loop, which may not."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._reached = asyncio.Event()
        self._open = asyncio.Event()

    def wait(self) -> None:
        if in_greenlet():
            await_(self._pass())
        else:
            asyncio.run_coroutine_threadsafe(self._pass(), self._loop).result()

    def open(self) -> None:
        self._open.set()

    async def reached(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._reached.wait()

    async def _pass(self) -> None:
        self._reached.set()
        async with asyncio.timeout(PATIENCE):
            await self._open.wait()


class Hold:
    """Keeps everybody else from writing to any room, so that messages gather meanwhile."""

    def __init__(self, store: Store) -> None:
        self._gate = Gate()
        self._holding = store.database.write(self._hold)

    async def reached(self) -> None:
        await self._gate.reached()

    async def release(self) -> None:
        self._gate.open()
        await self._holding

    def _hold(self, connection: Connection) -> None:
        connection.execute(update(rooms).values(seq=rooms.c.seq))
        self._gate.wait()
