"""What was written, on its way to be stored."""

import asyncio
from dataclasses import dataclass

from app.protocol import commands
from app.protocol.events import MessageKind
from clients.connection import Connection
from clients.failures import Disconnected, NoAnswer, Refused

PAUSE = 1.0
"""Seconds before the next try, where the server does not say."""


@dataclass(frozen=True, slots=True)
class Send:
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


async def store(connection: Connection, send: Send) -> None:
    """However often the line breaks. Raises Refused or Ended."""
    if send.edits is not None:
        await _store_edit(connection, commands.EditMessage(0, send.room, send.edits, send.text))
        return
    command = commands.SendMessage(0, send.room, send.nonce, send.text, kind=send.kind, reply_to=send.reply_to)
    await connection.send(command)


async def _store_edit(connection: Connection, command: commands.EditMessage) -> None:
    """To save the same again is harmless."""
    while True:
        try:
            await connection.request(command)
        except (Disconnected, NoAnswer):
            await connection.until_live()
        except Refused as problem:
            if not problem.temporary:
                raise
            await asyncio.sleep(problem.retry_after or PAUSE)
        else:
            return
