"""A client as docs/protocol.md asks for one: it comes back by itself, catches up, and sends again what was not
answered. It writes down what it saw and sent."""

import asyncio
import random
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import msgspec

from tests.faults.board import Absence, Board, Person, route
from tests.faults.history import History, Resume, Seen, Send
from tests.faults.wire import Address, Dial, Refused, Wire, dial, open_wire

SILENCE = 45.0
"""Seconds without a sign of life after which the line is dead (DELIVERY D9)."""
STAY_AWAY = {1000, 1002, 1003, 1007, 1008, 1009, *range(3500, 4000)}

Event = dict[str, Any]


class Client:
    """One person's client, which holds `rooms` open. `dial` makes its connections; `clock` is its wall clock; `node` is
    the place of its server among several."""

    def __init__(
        self,
        person: Person,
        rooms: Iterable[int],
        address: Address,
        board: Board,
        *,
        dial: Dial = dial,
        clock: Callable[[], float] = time.time,
        node: int = 0,
    ) -> None:
        self.person = person
        self.node = node
        self.history = History(person.id, {room: [] for room in rooms})
        self.absences: list[Absence] = []
        self.codes: list[int] = []
        """How each connection ended."""
        self.gaps = 0
        self.resets = 0
        """Answers with `reset` to somebody who told what they hold."""
        self.heartbeats: list[float] = []
        """When each came."""
        self.online: dict[int, int] = {}
        self._address = address
        self._headers = {"Authorization": f"Bearer {person.token}"}
        self._board = board
        self._dial = dial
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._wire: Wire | None = None
        self._task: asyncio.Task[None] | None = None
        self.epoch: str | None = None
        self._last: dict[int, int] = {}
        self._opening: dict[int, int | None] = {}
        self._outbox: dict[str, Send] = {}
        self._started = False
        self._return_at: float | None = None
        self._ref = 0
        self._waiting: dict[int, Callable[[Event], None]] = {}
        self._lost: tuple[int, float, bool] | None = None

    def start(self) -> None:
        self._task = self._loop.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._wire is not None:
            self._wire.abort()
            await self._wire.closed

    @property
    def live(self) -> bool:
        """Connected, and up to date in every room."""
        return self._started and not self._opening

    @property
    def pending(self) -> int:
        return len(self._outbox)

    def last(self, room: int) -> int | None:
        """The seq of the newest change it has."""
        return self._last.get(room)

    def send(
        self,
        room: int,
        text: str,
        nonce: str | None = None,
        reply_to: int | None = None,
        files: tuple[str, ...] = (),
    ) -> Send:
        """Write a message: on its way at once, or when there is a line."""
        send = Send(nonce or self.new_nonce(), room, text, self._loop.time(), reply_to=reply_to, files=files)
        self.history.sends.append(send)
        self._outbox[send.nonce] = send
        self._board.begun_at.setdefault(send.nonce, send.begun_at)
        self._board.begun_on.setdefault(send.nonce, self.node)
        if self._started:
            self._transmit(send)
        return send

    def repeat(self, first: Send, text: str | None = None) -> Send:
        """Send the nonce of a message again, with its text or another."""
        return self.send(first.room, first.text if text is None else text, first.nonce)

    def new_nonce(self) -> str:
        return f"{int(self._clock() * 1000):011x}-{secrets.token_urlsafe(12)}"

    def say(self, command: Event) -> None:
        """A command whose answer does not matter; nothing without a line."""
        if self._started:
            self._ask(command, lambda _: None)

    async def ask(self, command: Event) -> Event:
        """A command and its answer. For a connected client only."""
        return (await self.ask_all(command))[-1]

    async def ask_all(self, command: Event) -> list[Event]:
        """A command and all parts of its answer."""
        parts: asyncio.Queue[Event] = asyncio.Queue()
        self._ask(command, parts.put_nowait)
        found = [await parts.get()]
        while found[-1].get("more"):
            found.append(await parts.get())
        return found

    def drop(self) -> None:
        """Lose the line without a word."""
        if self._wire is not None:
            self._wire.abort()

    def stop_reading(self) -> None:
        assert self._wire is not None
        self._wire.stop_reading()

    def read_on(self) -> None:
        if self._wire is not None:
            self._wire.read_on()

    def watch(self) -> None:
        """Give up a line that has been silent for too long."""
        if self._wire is not None and self._loop.time() - self._wire.heard_at > SILENCE:
            self._wire.abort()

    # Connecting (DELIVERY D10)

    async def _run(self) -> None:
        failures = 0
        while True:
            self._board.connects.append(self._loop.time())
            try:
                code = await self._stay()
            except Refused as refused:
                self._board.statuses.append((self._loop.time(), refused.status))
            except (OSError, TimeoutError):
                pass
            else:
                self.codes.append(code)
                failures = 0
                if code in STAY_AWAY:
                    return
            await self._wait(failures)
            failures += 1

    async def _stay(self) -> int:
        """One connection from its handshake to its end."""
        self._wire = await self._connect()
        code = await self._wire.closed
        self._wire = None
        self._lost = self._lost or (code, self._loop.time(), self._return_at is not None)
        self._started = False
        self._opening.clear()
        self._waiting.clear()
        return code

    async def _connect(self) -> Wire:
        return await open_wire(self._address, self._headers, self._hear, self._dial)

    async def _wait(self, failures: int) -> None:
        if self._return_at is not None:
            seconds = max(0.0, self._return_at - self._loop.time())
            self._return_at = None
        else:
            seconds = random.uniform(0, 3 if failures == 0 else min(30, 2**failures))
        await asyncio.sleep(seconds)

    # Talking

    def _ask(self, command: Event, answered: Callable[[Event], None]) -> None:
        assert self._wire is not None
        self._ref += 1
        self._waiting[self._ref] = answered
        self._wire.send({**command, "ref": self._ref})

    def _transmit(self, send: Send) -> None:
        command: Event = {"type": "message.send", "room": send.room, "nonce": send.nonce, "text": send.text}
        if send.files:
            command["files"] = send.files
        if send.reply_to is not None:
            command["reply_to"] = send.reply_to
        self._ask(command, lambda answer: self._answered(send, answer))

    def _answered(self, send: Send, answer: Event) -> None:
        if self._outbox.get(send.nonce) is send:
            del self._outbox[send.nonce]
        send.answered_at = self._loop.time()
        if answer["type"] == "error":
            send.refused = answer["error"]["code"]
        else:
            send.number, send.dup = answer["message"]["number"], answer.get("dup", False)

    def _open(self, room: int) -> None:
        since = self._last.get(room)
        self._opening[room] = since
        known = {} if since is None else {"epoch": self.epoch, "since": since}
        self._ask({"type": "room.open", "room": room, **known}, lambda answer: self._opened(room, since, answer))

    # Hearing

    def _hear(self, wire: Wire, body: bytes) -> None:
        self._wire = wire  # the first event may come along with the handshake
        event = msgspec.json.decode(body)
        handle = self._HANDLERS.get(event["type"])
        if handle is not None:
            handle(self, event)
        ref = event.get("ref", -1)
        answered = self._waiting.get(ref)
        if not event.get("more"):
            self._waiting.pop(ref, None)
        if answered is not None:
            answered(event)

    def _begin(self, event: Event) -> None:
        self._started = True
        self._return_at = None
        for room in self.history.rooms:
            self._open(room)  # with the epoch of what it holds
        self.epoch = event["epoch"]
        for send in list(self._outbox.values()):
            self._transmit(send)
        self._note_live()

    def _opened(self, room: int, since: int | None, answer: Event) -> None:
        if answer["type"] == "error":
            self._loop.call_later(1.0, self._open_again, room, self._wire)
            return
        head, reset = answer["room"]["seq"], answer.get("reset", False)
        messages = tuple(self._share(room, Seen.of(message)) for message in answer.get("messages", ()))
        self.history.rooms[room].append(Resume(since, head, reset, messages))
        self.resets += reset and since is not None
        self._last[room] = head if reset else max(head, self._last.get(room, 0))
        self.online[room] = answer["online"]
        if not answer.get("more"):
            del self._opening[room]
            self._note_live()

    def _open_again(self, room: int, wire: Wire | None) -> None:
        if self._started and self._wire is wire:
            self._open(room)

    def _posted(self, event: Event) -> None:
        self._change(event["room"], Seen.of(event["message"]))

    def _moved(self, event: Event) -> None:
        self._change(event["room"], Seen(event["seq"], 0, event["person"]["id"], "", 0, ""))

    def _altered(self, event: Event) -> None:
        self._change(event["room"], Seen(event["seq"], 0, 0, "", 0, ""))

    def _change(self, room: int, seen: Seen) -> None:
        """The next change is taken, an old one dropped, and one too far ahead shows that something is missing."""
        last = self._last.get(room)
        if last is not None and seen.seq <= last:
            return
        if last is not None and seen.seq > last + 1:
            self._fetch_missing(room)
            return
        self.history.rooms[room].append(self._share(room, seen))
        self._last[room] = seen.seq
        if seen.nonce in self._board.begun_at:
            now = self._loop.time()
            self._board.arrivals.append(now)
            self._board.latencies.append(now - self._board.begun_at[seen.nonce])
            self._board.routes.append(route(self._board.begun_on[seen.nonce], self.node))

    def _heads(self, event: Event) -> None:
        self.heartbeats.append(self._loop.time())
        for room, head in event.get("heads", {}).items():
            last = self._last.get(int(room))
            if last is not None and head > last:
                self._fetch_missing(int(room))

    def _fetch_missing(self, room: int) -> None:
        if room not in self._opening:
            self.gaps += 1
            self._open(room)

    def _restarting(self, event: Event) -> None:
        self._return_at = self._loop.time() + event["after"]

    def _counted(self, event: Event) -> None:
        self.online[event["room"]] = event["online"]

    def _share(self, room: int, seen: Seen) -> Seen:
        key = (room, seen.seq)
        self._board.shown_at[key] = self._loop.time()
        known = self._board.known.setdefault(key, seen)
        return known if known == seen else seen

    def _note_live(self) -> None:
        if self.live and self._lost is not None:
            code, lost_at, told = self._lost
            self.absences.append(Absence(code, lost_at, self._loop.time(), told))
            self._lost = None

    _HANDLERS: ClassVar[dict[str, Callable[["Client", Event], None]]] = {
        "session.started": _begin,
        "message.posted": _posted,
        "member.joined": _moved,
        "member.left": _moved,
        "room.changed": _altered,
        "heartbeat": _heads,
        "server.restarting": _restarting,
        "presence.changed": _counted,
    }
