"""Messages on their way out. Those of a room leave in the order they were written, keep their nonce over breaks, and
are tried again for as long as the server asks for that (docs/protocol.md, D3, D4)."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from app.protocol.commands import SendMessage
from app.protocol.events import Event, Failed, Message, Problem, Sent
from clients.failures import ClientError, Refused

WIDTH = 16
"""Messages of a room that are under way at once. One while the server puts them off: then each waits for the one
before, which would otherwise come after it."""
PAUSE = 1.0
"""Seconds before the next try, where the server does not say."""


@dataclass(eq=False, slots=True)
class Entry:
    command: SendMessage
    stored: "asyncio.Future[Message]"
    under_way: bool = False


@dataclass(eq=False, slots=True)
class Lane:
    """Of one room. `held` is the end of a wait that the server asked for."""

    entries: deque[Entry] = field(default_factory=deque)
    width: int = WIDTH
    held: asyncio.TimerHandle | None = None


class Outbox:
    """`ask` sends a command and gives the answer to come, which fails when the line breaks; None without a line."""

    def __init__(self, ask: Callable[[SendMessage], "asyncio.Future[Event] | None"]) -> None:
        self._ask = ask
        self._lanes: dict[int, Lane] = {}

    def __len__(self) -> int:
        return sum(len(lane.entries) for lane in self._lanes.values())

    async def send(self, command: SendMessage) -> Message:
        """The message, once it is stored. Raises what keeps it from that, with the text in it: Refused, or Ended."""
        lane = self._lanes.setdefault(command.room, Lane())
        entry = Entry(command, asyncio.get_running_loop().create_future())
        lane.entries.append(entry)
        self._push(lane)
        try:
            return await entry.stored
        except asyncio.CancelledError:
            # One that is under way may be stored already, so nobody takes it back.
            if not entry.under_way and entry in lane.entries:
                lane.entries.remove(entry)
            raise

    def go_on(self) -> None:
        """There is a new line."""
        for lane in [*self._lanes.values()]:
            self._push(lane)

    def give_up(self, problem: ClientError) -> None:
        """There will be none."""
        for lane in self._lanes.values():
            if lane.held is not None:
                lane.held.cancel()
            for entry in lane.entries:
                _fail(entry, problem)
        self._lanes.clear()

    def _push(self, lane: Lane) -> None:
        if lane.held is not None:
            return
        for entry in [each for each in islice(lane.entries, lane.width) if not each.under_way]:
            answer = self._ask(entry.command)
            if answer is None:
                return
            entry.under_way = True
            answer.add_done_callback(partial(self._answered, lane, entry))

    def _answered(self, lane: Lane, entry: Entry, answer: "asyncio.Future[Event]") -> None:
        entry.under_way = False
        if answer.cancelled() or answer.exception() is not None:
            return  # the next line takes it
        event = answer.result()
        if isinstance(event, Failed) and event.error.temporary:
            self._hold(lane, event.error)
            return
        if entry in lane.entries:
            lane.entries.remove(entry)
        _settle(entry, event)
        if not lane.entries:
            self._lanes.pop(entry.command.room, None)
        self._push(lane)

    def _hold(self, lane: Lane, problem: Problem) -> None:
        lane.width = 1
        if lane.held is not None:
            lane.held.cancel()
        wait = PAUSE if problem.retry_after is None else problem.retry_after
        lane.held = asyncio.get_running_loop().call_later(wait, self._release, lane)

    def _release(self, lane: Lane) -> None:
        lane.held = None
        self._push(lane)


def _settle(entry: Entry, event: Event) -> None:
    if entry.stored.done():
        return
    if isinstance(event, Sent):
        entry.stored.set_result(event.message)
    else:
        assert isinstance(event, Failed), event
        _fail(entry, Refused(event.error))


def _fail(entry: Entry, problem: ClientError) -> None:
    if not entry.stored.done():
        entry.stored.set_exception(problem.of(entry.command.text))
