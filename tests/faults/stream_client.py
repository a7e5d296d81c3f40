"""A client that cannot open a WebSocket, as docs/protocol.md asks for one."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from tests.faults.client import Client
from tests.faults.event_wire import EventWire
from tests.faults.wire import Address, Wire, open_wire

MOST_ROOMS = 16
"""Of one stream; their answers have the refs below."""


class StreamClient(Client):
    """`commands_to` is the server that gets its commands, where that is not the one it listens to."""

    def __init__(self, *arguments: Any, commands_to: Address | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._commands_to = commands_to or self._address
        self._ref = MOST_ROOMS
        self._asked: dict[int, tuple[int, int | None]] = {}

    async def _connect(self) -> Wire:
        self._asked = {room: (ref, self._last.get(room)) for ref, room in enumerate(self.history.rooms)}
        make = partial(EventWire, path=self._path(), commands_to=self._commands_to)
        return await open_wire(self._address, self._headers, self._hear, self._dial, make)

    def _path(self) -> str:
        rooms = [
            ("room", str(room) if since is None else f"{room}.{since}") for room, (_, since) in self._asked.items()
        ]
        epoch = [] if self.epoch is None else [("epoch", self.epoch)]
        return f"/stream?{urlencode(rooms + epoch)}"

    def _open(self, room: int) -> None:
        """The address of a stream asks for its rooms; to ask again takes another stream."""
        if room not in self._asked:
            self._return_at = self._loop.time()
            self.drop()
            return
        ref, since = self._asked.pop(room)
        self._opening[room] = since
        self._waiting[ref] = lambda answer: self._opened(room, since, answer)
