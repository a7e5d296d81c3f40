"""What was written here and is not stored yet: shown until it is, and given back when it cannot be."""

import asyncio
from collections.abc import Callable, Iterator

from app.protocol.events import MessageKind
from clients.connection import Connection
from clients.failures import ClientError
from clients.nonce import new_nonce
from clients.storing import Send, store


class Outgoing:
    """`changed(room)` is called when something begins or ends to wait there, `refused` with what comes back and why."""

    def __init__(
        self, connection: Connection, changed: Callable[[int], None], refused: Callable[[Send, str], None]
    ) -> None:
        self._connection = connection
        self._changed = changed
        self._refused = refused
        self._tasks: dict[Send, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def __iter__(self) -> Iterator[Send]:
        return iter([*self._tasks])

    def of(self, room: int) -> list[Send]:
        """In the order in which they were written."""
        return [each for each in self._tasks if each.room == room]

    def send(self, room: int, text: str, kind: MessageKind = "msg", reply_to: int | None = None) -> None:
        self._start(Send(room, text, new_nonce(), kind, reply_to))

    def edit(self, room: int, number: int, text: str) -> None:
        self._start(Send(room, text, new_nonce(), edits=number))

    def _start(self, waiting: Send) -> None:
        self._tasks[waiting] = asyncio.create_task(self._see_through(waiting))
        self._changed(waiting.room)

    async def _see_through(self, waiting: Send) -> None:
        try:
            await store(self._connection, waiting)
        except ClientError as problem:
            del self._tasks[waiting]
            self._refused(waiting, str(problem))
        else:
            del self._tasks[waiting]
        self._changed(waiting.room)
