"""A client that is the library of `clients/`. It writes down what the library tells whoever uses it: the room as it was
opened, then each change, which the checker lets follow without a hole or a repeat, breaks or not."""

import asyncio
from typing import Any

import msgspec

from app.protocol.codec import decode_command
from app.protocol.events import Message, MessagePosted
from clients.address import address_of
from clients.connection import Connection
from clients.failures import ClientError, Refused
from clients.room import Room
from clients.room_events import RoomReset
from clients.state import Change
from tests.faults.client import Client, Event
from tests.faults.history import Resume, Seen, Send


class LibraryClient(Client):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        host, port = self._address
        self._connection = Connection(address_of(f"http://{host}:{port}"), self.person.token)
        self._rooms: dict[int, Room] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._connection.start()
        self._connection.watch(self._noticed)
        self._begin_task(self._open_all())

    async def stop(self) -> None:
        await self._connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def live(self) -> bool:
        all_open = len(self._rooms) == len(self.history.rooms) and not self._connection._opening
        return all_open and self._connection.state.status == "live"

    @property
    def pending(self) -> int:
        return sum(send.pending for send in self.history.sends)

    def send(
        self, room: int, text: str, nonce: str | None = None, reply_to: int | None = None, files: tuple[str, ...] = ()
    ) -> Send:
        send = Send(nonce or self.new_nonce(), room, text, self._loop.time(), reply_to=reply_to, files=files)
        self.history.sends.append(send)
        self._begin_task(self._send(send))
        return send

    async def ask(self, command: Event) -> Event:
        answer = await self._connection.request(decode_command(msgspec.json.encode({**command, "ref": 0})))
        found: Event = msgspec.to_builtins(answer)
        return found

    def drop(self) -> None:
        if self._connection._wire is not None:
            self._connection._wire.close()

    def watch(self) -> None:
        """The library does."""

    def _noticed(self, change: Change) -> None:
        if change.what == "status" and self._connection.state.status == "reconnecting":
            self._lost = self._lost or (0, self._loop.time(), self._connection.state.restarting)
        # The answer that opened the last room counts one turn of the loop after the change that it made.
        self._loop.call_soon(self._loop.call_soon, self._note_live)

    async def _send(self, send: Send) -> None:
        try:
            message = await self._rooms[send.room].send(
                send.text, nonce=send.nonce, reply_to=send.reply_to, files=send.files
            )
        except Refused as refusal:
            send.refused = refusal.code
        else:
            send.number = message.number
        send.answered_at = self._loop.time()

    async def _open_all(self) -> None:
        await self._connection.until_live()
        for room in self.history.rooms:
            self._rooms[room] = await self._connection.open(room)
            self._begin_task(self._read(self._rooms[room]))

    async def _read(self, room: Room) -> None:
        known, entries = room.known, self.history.rooms[room.id]
        assert known.position is not None
        head = known.position.seq - known.changes.end  # as of the opening; all else is told below
        shown = tuple(seen_in(message) for message in known.timeline if message.seq <= head)
        self._note(room.id, Resume(None, head, reset=True, messages=shown), head)
        try:
            async for event in room:
                if isinstance(event, RoomReset):
                    self.resets += 1
                    continue
                seen = seen_in(event.message) if isinstance(event, MessagePosted) else Seen(event.seq, 0, 0, "", 0, "")
                self._note(room.id, self._share(room.id, seen), seen.seq)
        except ClientError:
            assert entries  # the test is over

    def _note(self, room: int, entry: Seen | Resume, seq: int) -> None:
        self.history.rooms[room].append(entry)
        self._last[room] = seq

    def _begin_task(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def seen_in(message: Message) -> Seen:
    return Seen(message.seq, message.number, message.author, message.nonce, message.at, message.text)
