"""The way in where WebSocket is blocked: server-sent events down, commands up by POST (docs/protocol.md, "Without
WebSocket")."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from app.protocol.commands import CloseRoom, Command, OpenRoom
from app.protocol.events import AnyEvent, Done, Failed, Problem, RoomOpened, SessionStarted
from clients.address import Address
from clients.event_source import EventSource, open_event_source
from clients.failures import BROKEN, Ended, Incompatible
from clients.wire import BODY_LIMIT, code_for, decode, encode, retry_after

MOST_ROOMS = 16
"""Of one stream."""
ANSWER_LIMIT = 15.0
PAUSE = 1.0
"""Seconds before a command is sent again to a server that takes no more just now and does not say for how long."""
WAITING = 64
"""Events that wait to be heard: then the server waits."""
AGAIN = 2.0
"""Seconds until the rooms are asked for anew, where one that was open is refused for now. All of them are asked for at
once, so by then there has to be a place for each."""
NOBODY = 2**53 - 1
"""Stands for a ref that nobody waits for."""


@dataclass(slots=True)
class Listened:
    """A room of the address: `ref` of the command that opened it, `since` the last change that was heard of. `is_open`:
    that command was answered, so nobody but us asks again."""

    ref: int
    since: int | None
    epoch: str | None
    is_open: bool = False


class StreamWire:
    """To open a room is to listen anew, with the rooms in the address: that one, and those that are open."""

    def __init__(self, address: Address, token: str) -> None:
        self._address = address
        self._token = token
        self._http = AsyncHTTPClient(force_instance=True, max_body_size=BODY_LIMIT)
        self._heard: asyncio.Queue[AnyEvent | Exception] = asyncio.Queue(WAITING)
        self._commands: asyncio.Queue[Command] = asyncio.Queue()
        self._rooms: dict[int, Listened] = {}
        self._epoch: str | None = None
        self._source: EventSource | None = None
        self._reading: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._posting = asyncio.create_task(self._run(self._post_all()))
        self._will_listen = False

    async def open(self) -> None:
        """Raises Ended."""
        await self._listen()
        self._listening = asyncio.create_task(self._run(self._relay()))

    def say(self, command: Command) -> None:
        if isinstance(command, OpenRoom) and (command.room in self._rooms or len(self._rooms) < MOST_ROOMS):
            self._open_room(command)
            return
        if isinstance(command, CloseRoom):
            # What is heard of it still, until another one is opened, does no harm.
            self._rooms.pop(command.room, None)
        self._commands.put_nowait(command)

    async def hear(self) -> AnyEvent:
        event = await self._heard.get()
        if isinstance(event, Exception):
            raise event
        return event

    def close(self) -> None:
        for task in (self._posting, self._listening, self._reading):
            if task is not None:
                task.cancel()
        if self._source is not None:
            self._source.close()
        self._http.close()

    # Down

    def _open_room(self, command: OpenRoom) -> None:
        self._rooms[command.room] = Listened(command.ref, command.since, command.epoch)
        if not self._will_listen:
            # All that are opened in this turn share one stream.
            self._will_listen = True
            asyncio.get_running_loop().call_soon(self._listen_anew)

    def _listen_later(self, problem: Problem) -> None:
        if not self._will_listen:
            self._will_listen = True
            asyncio.get_running_loop().call_later(max(problem.retry_after or 0.0, AGAIN), self._listen_anew)

    def _listen_anew(self) -> None:
        self._will_listen = False
        if self._posting.done():
            return
        if self._listening is not None:
            self._listening.cancel()
        self._listening = asyncio.create_task(self._run(self._listen_and_relay()))

    async def _listen_and_relay(self) -> None:
        await self._listen()
        await self._relay()

    async def _listen(self) -> None:
        if self._source is not None and self._reading is not None:
            self._source.close()
            self._reading.cancel()
        self._asked = list(self._rooms)
        self._source, self._reading = await open_event_source(self._address, self._path(), self._token)

    def _path(self) -> str:
        rooms = [
            ("room", str(room) if each.since is None else f"{room}.{each.since}") for room, each in self._rooms.items()
        ]
        epoch = next((each.epoch for each in self._rooms.values() if each.epoch is not None), None)
        return "/stream?" + urlencode(rooms + ([] if epoch is None else [("epoch", epoch)]))

    async def _relay(self) -> None:
        assert self._source is not None
        while True:
            kind, data = await self._source.next()
            if kind == "close":
                raise Ended(int(data) if data.isdigit() else BROKEN)
            event = decode(data) if kind == "message" else None
            if event is not None:
                await self._heard.put(self._placed(event))

    def _placed(self, event: AnyEvent) -> AnyEvent:
        """The stream gives the rooms of its address, in their order, the refs 0, 1, …; who asked knows others."""
        ref = getattr(event, "ref", None)
        room = self._asked[ref] if ref is not None and ref < len(self._asked) else getattr(event, "room", None)
        listened = self._rooms.get(room) if isinstance(room, int) else None
        self._note(event, listened)
        if isinstance(event, Failed) and listened is not None and listened.is_open and event.error.temporary:
            self._listen_later(event.error)
        if not isinstance(event, RoomOpened | Failed) or ref is None:
            return event
        return replace(event, ref=NOBODY if listened is None else listened.ref)

    def _note(self, event: AnyEvent, listened: Listened | None) -> None:
        """How far each room was heard, so that opening another one does not begin it anew."""
        if isinstance(event, SessionStarted):
            self._epoch = event.epoch
        if listened is None:
            return
        seq = event.room.seq if isinstance(event, RoomOpened) else getattr(event, "seq", None)
        if seq is not None:
            listened.since = seq if isinstance(event, RoomOpened) and event.reset else max(listened.since or 0, seq)
        if isinstance(event, RoomOpened):
            listened.epoch = self._epoch
            listened.is_open |= not event.more

    # Up

    async def _post_all(self) -> None:
        """One after the other, or they could overtake each other on their way."""
        while True:
            command = await self._commands.get()
            while (answer := _own_answer(command) or await self._post(command)) is None:
                pass
            await self._heard.put(answer)

    async def _post(self, command: Command) -> AnyEvent | None:
        """The answer; None when the command has to be sent again."""
        try:
            answer = await self._http.fetch(self._request(command))
        except HTTPClientError as refusal:
            if refusal.code != 429 or refusal.response is None:  # noqa: PLR2004
                raise Ended(code_for(refusal.code)) from refusal
            await asyncio.sleep(_pause(refusal.response))
            return None
        except OSError as problem:
            raise Ended(BROKEN) from problem
        return decode(answer.body) or Done(ref=command.ref)

    def _request(self, command: Command) -> HTTPRequest:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        url = f"{self._address.url}/command"
        return HTTPRequest(
            url,
            "POST",
            headers,
            encode(command),
            follow_redirects=False,
            connect_timeout=ANSWER_LIMIT,
            request_timeout=ANSWER_LIMIT,
            ssl_options=self._address.tls,
        )

    # Both

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (Ended, Incompatible) as problem:
            await self._heard.put(problem)


async def open_stream(address: Address, token: str) -> StreamWire:
    """Raises Ended, with what the server said."""
    wire = StreamWire(address, token)
    try:
        await wire.open()
    except BaseException:
        wire.close()
        raise
    return wire


def _own_answer(command: Command) -> AnyEvent | None:
    """To what is done by the address of a stream."""
    if isinstance(command, CloseRoom):
        return Done(ref=command.ref)
    if isinstance(command, OpenRoom):
        text = f"A stream opens at most {MOST_ROOMS} rooms."
        return Failed(ref=command.ref, error=Problem(code="bad_request", message=text))
    return None


def _pause(answer: HTTPResponse) -> float:
    wait = retry_after(answer.headers)
    return PAUSE if wait is None else wait
