"""A connection that does nothing by itself and writes down all that it hears."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple, Self
from urllib.parse import urlencode

import msgspec

from tests.faults.client import Event
from tests.faults.event_wire import EventWire
from tests.faults.load import until
from tests.faults.stream_client import MOST_ROOMS
from tests.faults.wire import Address, Wire, open_wire


class Heard(NamedTuple):
    """`at` is the event loop's time."""

    at: float
    body: bytes
    event: Event


class Witness:
    """A WebSocket, or with `stream` what stands in for one, to the server at `address`; `headers` say whose it is.
    A stream opens its `rooms`, each of which may come with the last change known of it, by its address."""

    def __init__(
        self,
        headers: Mapping[str, str],
        address: Address,
        *,
        stream: bool = False,
        rooms: Sequence[str] = (),
        epoch: str = "",
    ) -> None:
        self.heard: list[Heard] = []
        self._headers = dict(headers)
        self._address = address
        self._path = f"/stream?{urlencode([('room', room) for room in rooms] + [('epoch', epoch)] * bool(epoch))}"
        self._is_stream = stream
        self._ref = MOST_ROOMS
        self._answers: dict[int, Event] = {}
        self._wire: Wire | None = None

    async def open(self) -> Self:
        """Returns when the server has spoken."""
        make = partial(EventWire, path=self._path, commands_to=self._address) if self._is_stream else None
        self._wire = await open_wire(self._address, self._headers, self._hear, make=make)
        await until(lambda: self.heard)
        return self

    async def close(self) -> None:
        if self._wire is not None:
            self._wire.abort()
            await self._wire.closed

    @property
    def code(self) -> int | None:
        """Of the end; None while it lasts."""
        assert self._wire is not None
        return self._wire.closed.result() if self._wire.closed.done() else None

    def say(self, command: Event) -> int:
        """Send a command, and do not wait; the `ref` that its answer has."""
        assert self._wire is not None
        self._ref += 1
        self._wire.send({**command, "ref": self._ref})
        return self._ref

    async def ask(self, command: Event) -> Event:
        """The first part of the answer to a command."""
        return await self.answer(self.say(command))

    async def answer(self, ref: int) -> Event:
        await until(lambda: ref in self._answers)
        return self._answers[ref]

    async def hears(self, kind: str, holds: Callable[[Event], bool] = lambda _: True) -> Heard:
        """The first event of this type for which that holds, once it is there."""
        await until(lambda: next(self._of(kind, holds), None))
        return next(self._of(kind, holds))

    @property
    def unasked(self) -> list[Heard]:
        """All but answers."""
        return [each for each in self.heard if "ref" not in each.event]

    def _of(self, kind: str, holds: Callable[[Event], bool]) -> Iterator[Heard]:
        return (each for each in self.heard if each.event["type"] == kind and holds(each.event))

    def _hear(self, _: Wire, body: bytes) -> None:
        event = msgspec.json.decode(body)
        self.heard.append(Heard(asyncio.get_running_loop().time(), body, event))
        if "ref" in event:
            self._answers.setdefault(event["ref"], event)
