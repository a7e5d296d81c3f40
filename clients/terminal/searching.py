"""Looking for messages (docs/search.md)."""

import asyncio
from datetime import datetime

from rich.text import Text
from textual import on, work
from textual.widgets import Input

from app.protocol import commands, events
from clients.connection import Connection
from clients.failures import ClientError
from clients.names import files_of, name_of
from clients.room_lists import title_of
from clients.safe_text import safe_text
from clients.terminal.drawing import NOBODY, one_line
from clients.terminal.palette import Styles
from clients.terminal.picker import Choice, Picker
from clients.times import day_label, day_of

PAUSE = 0.25
"""Seconds without a key before the server is asked."""
LINE = 200


class Searching(Picker):
    """Ends with "room.number" of a message."""

    placeholder = "Search: words, from:@name, in:#room, has:link …"

    def __init__(self, connection: Connection, styles: Styles) -> None:
        super().__init__()
        self._connection = connection
        self._styles = styles

    def choices(self, query: str) -> list[Choice]:
        return []

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        self._look(event.value.strip())

    @work(exclusive=True)
    async def _look(self, query: str) -> None:
        await asyncio.sleep(PAUSE)
        if not query:
            self.offer([], "")
            return
        offset = datetime.now().astimezone().utcoffset()
        zone = int(offset.total_seconds() // 60) if offset is not None else 0
        try:
            found = await self._connection.request(commands.SearchMessages(0, query, zone=zone))
        except ClientError as problem:
            self.offer([], safe_text(str(problem)))
            return
        assert isinstance(found, events.Found)
        self._connection.state.keep(found.people)
        self.offer([choice for hit in found.hits if (choice := self._choice(hit))], "Nothing was found.")

    def _choice(self, hit: events.Hit) -> Choice | None:
        """Threads have no place here."""
        room = self._connection.state.rooms.get(hit.room)
        if room is None or hit.message.author in self._connection.state.blocked:
            return None
        author = self._connection.state.people.get(hit.message.author, NOBODY)
        day = day_label(day_of(hit.message.at), datetime.now().astimezone().date())
        where = f"#{title_of(self._connection.state, room)} · {name_of(author)} · {day}"
        said = one_line(hit.message.text or files_of(hit.message), LINE, self._styles.ink)
        return Choice(
            f"{hit.room}.{hit.message.number}", Text("\n").join([Text(safe_text(where), self._styles.hint), said])
        )
