"""One conversation with a server, as the window wants it: does what is asked, and tells how things are, of many changes
at once."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from app.protocol import commands
from clients.connection import Connection
from clients.desktop import asks, changes
from clients.desktop.asks import Ask
from clients.desktop.snapshots import line_of, rooms_of, talk_of, typing_of
from clients.failures import ClientError, Disconnected, NoAnswer
from clients.room import Room
from clients.state import Change
from clients.storing import Send, store

TOGETHER = 0.05
"""Seconds for which changes are gathered: a busy room costs the window twenty looks a second at most."""
GOOD_BYE = 1.0
"""Seconds for the server to hear that the line ends."""
KEPT_OPEN = 8
"""Rooms that are at hand at once when the reader comes back to them."""


class Conversation:
    def __init__(self, connection: Connection, tell: Callable[[changes.Change], None]) -> None:
        self._connection = connection
        self._tell = tell
        self._shown: int | None = None
        self._opened: deque[Room] = deque()
        self._stale: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, queue: "asyncio.Queue[Ask]") -> None:
        """Until it is asked to stop."""
        self._connection.watch(self._changed)
        self._connection.start()
        self._begin(self._tell_of_the_end())
        try:
            while not isinstance(ask := await queue.get(), asks.Stop):
                self._begin(self._do(ask))
        finally:
            for task in [*self._tasks]:
                task.cancel()
            await self._connection.close()
            await say_good_bye()

    # What is asked

    async def _do(self, ask: Ask) -> None:
        if isinstance(ask, Send):
            await self._store(ask)
        elif isinstance(ask, asks.Hurry):
            self._connection.hurry()
        else:
            try:
                await self._try(ask)
            except (Disconnected, NoAnswer):
                # Of these nothing was typed; the line at the top tells how the connection is.
                pass
            except ClientError as problem:
                if self._connection.state.status != "offline":
                    self._tell(changes.Failure(str(problem)))
            if isinstance(ask, asks.ShowOlder):
                self._tell(changes.OlderShown(ask.room))

    async def _try(self, ask: Ask) -> None:
        request = self._connection.request
        match ask:
            case asks.OpenRoom(room):
                await self._open(room)
            case asks.ShowOlder(room):
                await self._show_older(room)
            case asks.MarkRead(room, number):
                await request(commands.ReadRoom(0, room, number))
            case asks.Write(room):
                await request(commands.TypeInRoom(0, room))
            case asks.Remove(room, number):
                await request(commands.RemoveMessage(0, room, number))
            case asks.React(room, number, emoji, on):
                await request(commands.React(0, room, number, emoji, on))

    async def _open(self, room: int) -> None:
        self._shown = room
        self._look_again("talk", "rooms", "typing")
        await self._connection.until_live()
        opened = await self._connection.open(room)
        if opened in self._opened:
            self._opened.remove(opened)
        self._opened.append(opened)
        if len(self._opened) > KEPT_OPEN:
            await self._opened.popleft().close()
        self._look_again("talk", "typing")

    async def _show_older(self, room: int) -> None:
        opened = next((each for each in self._opened if each.id == room), None)
        if opened is not None:
            await opened.older()
            self._look_again("talk")
            self._tell_news()

    async def _store(self, ask: Send) -> None:
        try:
            await store(self._connection, ask)
        except ClientError as problem:
            self._tell(changes.NotStored(ask.nonce, str(problem)))
        else:
            self._tell_news()
            self._tell(changes.Stored(ask.nonce))

    # What is told

    def _changed(self, change: Change) -> None:
        if change.what == "status":
            line = line_of(self._connection.state)
            if line.status != "offline":
                self._tell(line)
        elif change.what in {"rooms", "preferences", "mention"}:
            self._look_again("rooms")
        elif change.what == "people":
            self._look_again("rooms", "talk")
        elif change.room == self._shown:
            if change.what in {"messages", "presence"}:
                self._look_again("talk")
            elif change.what == "typing":
                self._look_again("typing")

    def _look_again(self, *parts: str) -> None:
        if not self._stale:
            asyncio.get_running_loop().call_later(TOGETHER, self._tell_news)
        self._stale.update(parts)

    def _tell_news(self) -> None:
        state, stale = self._connection.state, self._stale
        self._stale = set()
        if "rooms" in stale and state.person is not None:
            self._tell(rooms_of(state, self._shown))
        room = state.room(self._shown) if self._shown is not None else None
        if "talk" in stale and room is not None and room.position is not None:
            self._tell(talk_of(state, room))
        if "typing" in stale and room is not None:
            self._tell(typing_of(state, room))

    async def _tell_of_the_end(self) -> None:
        """When the server lets nobody in any more."""
        ended = asyncio.Event()
        self._connection.watch(lambda _: ended.set() if self._connection.state.status == "offline" else None)
        await ended.wait()
        try:
            await self._connection.until_live()
        except ClientError as problem:
            self._tell(changes.Line("offline", why=str(problem)))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def say_good_bye() -> None:
    """Everything else in this loop comes to its end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=GOOD_BYE)
