"""Moves the read marker when somebody looks at the end of a room for a while."""

import asyncio
from collections.abc import Callable

from app.protocol import commands
from clients.connection import Connection
from clients.failures import ClientError
from clients.terminal.visit import Visit

LINGER = 0.8
"""Seconds."""


class ReadMarker:
    """`reading` gives the room whose end is before somebody's eyes, if any is."""

    def __init__(self, connection: Connection, reading: Callable[[], Visit | None]) -> None:
        self._connection = connection
        self._reading = reading
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def look(self) -> None:
        """What can be seen is something else now."""
        if self._due() is None:
            self.stop()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LINGER, self._lingered)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _due(self) -> Visit | None:
        visit = self._reading()
        if visit is None or visit.kept_unread or not visit.known.timeline:
            return None
        return visit if visit.known.timeline.last > visit.known.row.read else None

    def _lingered(self) -> None:
        self._timer = None
        visit = self._due()
        if visit is not None:
            task = asyncio.create_task(self._read(visit.id, visit.known.timeline.last))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _read(self, room: int, number: int) -> None:
        try:
            await self._connection.request(commands.ReadRoom(0, room, number))
        except ClientError:
            return  # what is unread is seen again
