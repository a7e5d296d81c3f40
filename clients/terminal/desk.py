"""What all parts of the terminal share: the connection, what is written here, and how it looks."""

import asyncio
from collections.abc import Callable, Hashable

from app.protocol.commands import Command
from clients.connection import Connection
from clients.failures import ClientError
from clients.palette import DUSK, Palette
from clients.state import State
from clients.storing import Send
from clients.terminal.drafts import Drafts
from clients.terminal.outgoing import Outgoing
from clients.terminal.palette import Styles, styles_of
from clients.terminal.status import Status


class Desk:
    """`url` is where the server's pages are."""

    def __init__(
        self,
        connection: Connection,
        url: str,
        changed: Callable[[int], None],
        refused: Callable[[Send, str], None],
        filled: Callable[[int], None],
    ) -> None:
        self.connection = connection
        self.url = url
        self.outgoing = Outgoing(connection, changed, refused)
        self.drafts = Drafts(connection, filled, lambda room: bool(self.outgoing.of(room)))
        self.status = Status(connection.state)
        self.palette: Palette = DUSK
        self.styles: Styles = styles_of(DUSK)
        self._people = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def state(self) -> State:
        return self.connection.state

    @property
    def me(self) -> int:
        return self.state.person.id if self.state.person is not None else 0

    def dress(self, palette: Palette) -> None:
        self.palette, self.styles = palette, styles_of(palette)

    def rename(self) -> None:
        """Somebody is called otherwise now."""
        self._people += 1

    def look_of(self, room: int) -> Hashable:
        """Everything besides the messages themselves that changes how they are drawn."""
        return room, self._people, self.palette.name, self.state.epoch

    def ask(self, command: Command) -> None:
        """Nobody waits for the answer."""
        task = asyncio.create_task(self._ask(command))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, command: Command) -> None:
        try:
            await self.connection.request(command)
        except ClientError:
            return
