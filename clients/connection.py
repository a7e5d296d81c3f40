"""A conversation with a Roost server that outlives its lines: it comes back by itself, catches up, and sends again what
was not answered (docs/protocol.md, "What you can rely on")."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NoReturn, Self

from app.protocol import commands, events
from app.protocol.close_codes import CloseCode, should_come_back
from app.protocol.commands import Command, SendMessage
from app.protocol.events import Event, Message
from app.protocol.fields import FRAME_LIMIT
from clients.address import Address, address_of
from clients.failures import (
    BROKEN,
    ClientError,
    Disconnected,
    Ended,
    Incompatible,
    NoAnswer,
    Refused,
    Unreachable,
    for_good,
)
from clients.known_room import KnownRoom
from clients.outbox import Outbox
from clients.requests import Requests
from clients.returning import Returning
from clients.room import Room
from clients.state import TYPING, Change, State, Status
from clients.way_in import WayIn
from clients.wire import Wire, encode

SILENCE = 45.0
"""Seconds without an event after which a line is dead (docs/protocol.md, D9)."""
ANSWER_LIMIT = 15.0
PROBE_LIMIT = 5.0
SECOND_LOOK = 2.0
PATIENCE = 30.0
"""Seconds, each."""

TOO_LONG = "This is more than a message holds."
Watcher = Callable[[Change], None]


def connect(address: str, *, token: str, cafile: str | None = None, patience: float | None = PATIENCE) -> "Connection":
    """To the server at `https://…`, or `tcps://host:port`, as the person whose token this is; `cafile` has the
    certificates to trust in place of the system's. To be entered with `async with`, which raises Unreachable after so
    many seconds (None: never), and Ended when the server lets nobody in. Raises BadAddress."""
    return Connection(address_of(address, cafile), token, patience)


class Connection:
    """`state` is what is known; `watch` tells of its changes."""

    def __init__(self, address: Address, token: str, patience: float | None = PATIENCE) -> None:
        self.state = State()
        self._way = WayIn(address, token)
        self._patience = patience
        self._returning = Returning()
        self._requests = Requests()
        self._outbox = Outbox(self._requests.ask)
        self._rooms: dict[int, Room] = {}
        self._opening: set[int] = set()
        self._watchers: list[Watcher] = []
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: ClientError | None = None
        self._wire: Wire | None = None
        self._silence: asyncio.Timeout | None = None

    # Life

    async def __aenter__(self) -> Self:
        self.start()
        try:
            await self.until_live(self._patience)
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def start(self) -> None:
        """Begin to connect, and wait for nothing."""
        assert self._task is None
        self._become("reconnecting")
        self._task = asyncio.create_task(self._run())

    async def until_live(self, seconds: float | None = None) -> None:
        """Raises Unreachable after so many seconds, and Ended when the server does not want us."""
        live = asyncio.get_running_loop().create_future()

        def look(_: Change) -> None:
            if self.state.status != "reconnecting" and not live.done():
                live.set_result(None)

        forget = self.watch(look)
        look(Change("status"))
        try:
            async with asyncio.timeout(seconds):
                await live
        except TimeoutError as problem:
            raise Unreachable(f"The server cannot be reached: {self._last}") from problem
        finally:
            forget()
        if self.state.status == "offline" and self._last is not None:
            raise self._last

    async def close(self) -> None:
        """End it. What waits to be sent fails, with its text."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait([self._task])
        if not self._task.cancelled():
            self._task.result()

    def hurry(self) -> None:
        """The network may be back, or somebody does not want to wait: try at once, or look whether the line lives."""
        if self.state.status == "live":
            self._later(self._probe())
        else:
            self._hurry.set()

    # What it is for

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Calls `watcher` with each change of `state` until what is returned is called."""
        self._watchers.append(watcher)
        return partial(self._watchers.remove, watcher)

    async def open(self, room: str | int) -> Room:
        """The room of this slug or id, kept up to date from here on. Raises Refused."""
        known = self.state.room(room) if isinstance(room, int) else self.state.room_called(room)
        if known is None:
            raise Refused(events.Problem(code="not_found", message="There is no such room among yours."))
        if known.row.id not in self._rooms:
            self._rooms[known.row.id] = Room(self, known)
        opened = self._rooms[known.row.id]
        self._open(known.row.id)
        await opened.opened
        return opened

    async def request(self, command: Command, seconds: float = ANSWER_LIMIT) -> Event:
        """The answer; its `ref` is set here. Raises Refused, Disconnected and NoAnswer."""
        answer = self._requests.ask(command)
        if answer is None:
            raise Disconnected
        try:
            async with asyncio.timeout(seconds):
                event = await answer
        except TimeoutError as problem:
            raise NoAnswer from problem
        if isinstance(event, events.Failed):
            raise Refused(event.error)
        return event

    async def send(self, command: SendMessage) -> Message:
        """The message, once it is stored, however often the line breaks. Raises Refused or Ended, with its text."""
        if len(encode(command)) > FRAME_LIMIT:
            # The server would end the connection.
            raise Refused(events.Problem(code="text_too_long", message=TOO_LONG)).of(command.text)
        if self.state.status == "offline":
            raise (self._last or Ended(BROKEN)).of(command.text)
        return await self._outbox.send(command)

    async def close_room(self, room: int) -> None:
        """Hear only of its activity from here on."""
        if self._rooms.pop(room, None) is None:
            return
        self._opening.discard(room)
        known = self.state.room(room)
        if known is not None:
            known.close()
        self._requests.ask(commands.CloseRoom(ref=0, room=room))

    # Lines

    async def _run(self) -> None:
        problem: ClientError = Ended(CloseCode.NORMAL)
        try:
            problem = await self._keep_coming_back()
        finally:
            self._finish(problem)

    async def _keep_coming_back(self) -> ClientError:
        """Why it does not come back any more."""
        while True:
            self._last = ended = await self._stay()
            if not isinstance(ended, Ended):
                return ended
            if not should_come_back(ended.code):
                return for_good(ended)
            self._become("reconnecting")
            await self._wait(ended.retry_after or 0.0)

    async def _stay(self) -> ClientError:
        """One line from its beginning to its end, and why it ended."""
        self._hurry.clear()
        try:
            await self._listen()
        except Incompatible as problem:
            return problem
        except Ended as problem:
            if self.state.status != "live" and problem.retry_after is None:
                await self._way.failed()
            return problem
        finally:
            self._lose()

    async def _listen(self) -> NoReturn:
        """Raises Ended and Incompatible."""
        self._wire = await self._way.open()
        while True:
            try:
                async with asyncio.timeout(SILENCE) as self._silence:
                    event = await self._wire.hear()
            except TimeoutError as problem:
                raise Ended(BROKEN, "The server does not answer.") from problem
            self._hear(self._wire, event)

    def _lose(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        self._opening.clear()
        self._requests.end()

    async def _wait(self, at_least: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._returning.wait(loop.time(), at_least)):
                await self._hurry.wait()
        except TimeoutError:
            pass

    def _finish(self, problem: ClientError) -> None:
        self._last = problem
        self._outbox.give_up(problem)
        for room in self._rooms.values():
            room.end(problem)
        self._become("offline")

    async def _probe(self) -> None:
        """Whoever slept may hold a dead line without knowing it."""
        wire = self._wire
        try:
            await self.request(commands.Ping(ref=0), PROBE_LIMIT)
        except NoAnswer:
            if wire is self._wire and self._silence is not None:
                self._silence.reschedule(asyncio.get_running_loop().time())
        except (Disconnected, Refused):
            return

    # Hearing

    def _hear(self, wire: Wire, event: Event) -> None:
        if isinstance(event, events.SessionStarted) and self.state.status != "live":
            self._begin(wire, event)
        else:
            self._take(event)
        if isinstance(event, events.ServerRestarting):
            self._returning.announced(asyncio.get_running_loop().time() + event.after)
        self._requests.answered(event)

    def _begin(self, wire: Wire, event: events.SessionStarted) -> None:
        self._way.worked()
        self._returning.worked()
        self._requests.begin(wire)
        self.state.status, self.state.restarting = "live", False
        self._take(event)
        for room in [*self._rooms]:
            self._open(room)
        self._outbox.go_on()

    def _take(self, event: Event) -> None:
        if isinstance(event, events.RoomOpened) and event.room.id not in self._rooms:
            return  # it was closed meanwhile
        for change in self.state.apply(event):
            self._say(change)
            if change.what == "behind" and change.room is not None:
                self._catch_up(change.room)
        if isinstance(event, events.TypingStarted):
            asyncio.get_running_loop().call_later(TYPING, self._say, Change("typing", event.room))
        elif isinstance(event, events.RoomRemoved):
            self._rooms.pop(event.room, None)
        elif isinstance(event, events.RoomOpened) and event.room.id in self._rooms and not event.more:
            self._rooms[event.room.id].came()

    def _catch_up(self, room: int) -> None:
        known = self.state.room(room)
        if room in self._rooms:
            self._open(room)
        elif known is not None:
            self._later(self._look_at_head(known))

    async def _look_at_head(self, room: KnownRoom) -> None:
        """A heartbeat names a change in a room that is not open, and nothing told its number."""
        try:
            page = await self.request(commands.ListMessages(ref=0, room=room.row.id, limit=1))
        except (Refused, Disconnected, NoAnswer):
            return
        if isinstance(page, events.Page) and page.messages:
            room.heads(page.messages[-1].number, page.messages[-1].seq)
            self._say(Change("rooms"))

    # Rooms

    def _open(self, room: int) -> None:
        """Ask for what is missing of a room, unless that is under way."""
        known = self.state.room(room)
        position = known.position if known is not None else None
        epoch, since = position or (None, None)
        if room in self._opening:
            return
        answer = self._requests.ask(commands.OpenRoom(ref=0, room=room, epoch=epoch, since=since))
        if answer is not None:
            self._opening.add(room)
            answer.add_done_callback(partial(self._opened, room))

    def _opened(self, room: int, answer: "asyncio.Future[Event]") -> None:
        if answer.cancelled() or answer.exception() is not None:
            return  # the next line asks again
        self._opening.discard(room)
        event = answer.result()
        known = self.state.room(room)
        if isinstance(event, events.Failed):
            self._not_opened(room, Refused(event.error))
        elif known is not None and known.behind:
            self._catch_up(room)

    def _not_opened(self, room: int, problem: Refused) -> None:
        if problem.temporary:
            # All rooms share a pace, and by a stream they are all asked for at once: not each as soon as one may.
            wait = max(problem.retry_after or 0.0, SECOND_LOOK)
            asyncio.get_running_loop().call_later(wait, self._catch_up, room)
        elif room in self._rooms:
            self._rooms.pop(room).end(problem)

    # Words for watchers

    def _become(self, status: Status) -> None:
        if self.state.status != status:
            self.state.status = status
            self._say(Change("status"))

    def _say(self, change: Change) -> None:
        for watcher in [*self._watchers]:
            watcher(change)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
