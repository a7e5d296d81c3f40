"""What was written here and is not stored yet: shown until it is, and given back when it cannot be."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

from app.protocol import commands
from app.protocol.events import MessageKind
from clients.connection import Connection
from clients.failures import ClientError, Disconnected, NoAnswer, Refused
from clients.nonce import new_nonce

PAUSE = 1.0
"""Seconds before the next try, where the server does not say."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`edits` is the number of the message that this is to be; None: it is a new one."""

    room: int
    text: str
    nonce: str
    kind: MessageKind = "msg"
    reply_to: int | None = None
    edits: int | None = None

    @property
    def written(self) -> str:
        """As it stood in the composer."""
        return f"/me {self.text}" if self.kind == "me" else self.text


class Outgoing:
    """`changed(room)` is called when something begins or ends to wait there, `refused` with what comes back and why."""

    def __init__(
        self, connection: Connection, changed: Callable[[int], None], refused: Callable[[Waiting, str], None]
    ) -> None:
        self._connection = connection
        self._changed = changed
        self._refused = refused
        self._tasks: dict[Waiting, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def __iter__(self) -> Iterator[Waiting]:
        return iter([*self._tasks])

    def of(self, room: int) -> list[Waiting]:
        """In the order in which they were written."""
        return [each for each in self._tasks if each.room == room]

    def send(self, room: int, text: str, kind: MessageKind = "msg", reply_to: int | None = None) -> None:
        waiting = Waiting(room, text, new_nonce(), kind, reply_to)
        command = commands.SendMessage(0, room, waiting.nonce, text, kind=kind, reply_to=reply_to)
        self._start(waiting, self._connection.send(command))

    def edit(self, room: int, number: int, text: str) -> None:
        waiting = Waiting(room, text, new_nonce(), edits=number)
        self._start(waiting, self._store_edit(commands.EditMessage(0, room, number, text)))

    async def _store_edit(self, command: commands.EditMessage) -> None:
        """To save the same again is harmless."""
        while True:
            try:
                await self._connection.request(command)
            except (Disconnected, NoAnswer):
                await self._connection.until_live()
            except Refused as problem:
                if not problem.temporary:
                    raise
                await asyncio.sleep(problem.retry_after or PAUSE)
            else:
                return

    def _start(self, waiting: Waiting, work: Coroutine[Any, Any, Any]) -> None:
        self._tasks[waiting] = asyncio.create_task(self._see_through(waiting, work))
        self._changed(waiting.room)

    async def _see_through(self, waiting: Waiting, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except ClientError as problem:
            del self._tasks[waiting]
            self._refused(waiting, str(problem))
        else:
            del self._tasks[waiting]
        self._changed(waiting.room)
