"""Commands and their answers, over one line after the other."""

import asyncio

from msgspec.structs import replace

from app.protocol.commands import Command
from app.protocol.events import Event
from clients.failures import Disconnected
from clients.wire import Wire


class Requests:
    def __init__(self) -> None:
        self._wire: Wire | None = None
        self._ref = 0
        self._under_way: dict[int, asyncio.Future[Event]] = {}

    def begin(self, wire: Wire) -> None:
        self._wire = wire

    def ask(self, command: Command) -> "asyncio.Future[Event] | None":
        """The answer to come, an `error` too. It fails with Disconnected when the line breaks. None without a line."""
        if self._wire is None:
            return None
        self._ref += 1
        answer = self._under_way[self._ref] = asyncio.get_running_loop().create_future()
        self._wire.say(replace(command, ref=self._ref))
        return answer

    def answered(self, event: Event) -> None:
        """By an event with a `ref`; of an answer in parts the last one counts."""
        if getattr(event, "more", False):
            return
        answer = self._under_way.pop(getattr(event, "ref", None) or 0, None)
        if answer is not None and not answer.done():
            answer.set_result(event)

    def end(self) -> None:
        """The line is gone."""
        self._wire = None
        while self._under_way:
            answer = self._under_way.popitem()[1]
            if not answer.done():
                answer.set_exception(Disconnected())
                answer.exception()  # it is no mistake that nobody waits any more
