"""Roost without a web server: services on a real database, the hub, and connections whose transport writes down."""

import asyncio
import itertools
import secrets
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from app.bus.base import Bus
from app.bus.memory import MemoryBus
from app.chat import accounts, messages, roles
from app.clock import Clock
from app.models import Posted, Role, Room, TwitterProfile, User, Visitor
from app.protocol import commands, events
from app.protocol.close_codes import CloseCode
from app.protocol.codec import decode_event
from app.protocol.commands import Command
from app.protocol.events import Event
from app.protocol.framing import Framing
from app.realtime.connection import Connection
from app.realtime.hub import Hub
from app.realtime.pulse import Pulse
from app.services import Services, make_services
from app.settings import load_settings
from app.storage import rooms
from app.storage.store import open_store
from tests.support.waiting import until

E = TypeVar("E", bound=Event)

GENERAL = 1
"""The room that the first migration makes."""

EASY = {
    "LIMIT_SENDS_PER_10_SECONDS": "1000000",
    "LIMIT_HISTORY_PER_MINUTE": "1000000",
    "LIMIT_REPEATS_PER_12_HOURS": "250000",
    "NEW_MEMBER_HOURS": "0",
}


class SetClock(Clock):
    """Stands still until it is moved. `set_back` moves the wall clock alone."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0
        self._behind = 0.0
        super().__init__()

    def now(self) -> int:
        return int((self.seconds - self._behind) * 1000)

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds

    def set_back(self, seconds: float) -> None:
        self._behind += seconds


class Lines:
    """A body and a line end: JSON holds none."""

    name = "lines"

    def frame(self, body: bytes) -> bytes:
        return body + b"\n"


class RecordingTransport:
    """Keeps what is written. Like the real one it is closed in a later turn, and writes nothing after that."""

    framing: Framing = Lines()
    buffered = 0

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.codes: list[CloseCode] = []
        self.pings = 0
        self.paused = False
        self.pauses = 0
        self.connection: Connection | None = None

    def write(self, data: bytes) -> None:
        if not self.codes:
            self.writes.append(data)

    def ping(self) -> None:
        self.pings += 1

    def pause(self) -> None:
        self.paused = True
        self.pauses += 1

    def resume(self) -> None:
        self.paused = False

    def close(self, code: CloseCode) -> None:
        if self.codes:
            return
        self.codes.append(code)
        if self.connection is not None:
            asyncio.get_running_loop().call_soon(self.connection.closed)

    @property
    def bodies(self) -> list[bytes]:
        return b"".join(self.writes).splitlines()


class Client:
    """One connection of a person, as its other end sees it."""

    def __init__(self, services: Services, hub: Hub, visitor: Visitor) -> None:
        self.transport = RecordingTransport()
        self.connection = Connection(services, hub, visitor, self.transport)
        self.transport.connection = self.connection
        self._refs = itertools.count(1)
        self._heard: list[Event] = []
        self._decoded = 0

    @property
    def heard(self) -> list[Event]:
        """Each is decoded once, since who waits for one looks again every few milliseconds."""
        for data in self.transport.writes[self._decoded :]:
            self._heard += map(decode_event, data.splitlines())
        self._decoded = len(self.transport.writes)
        return self._heard.copy()

    @property
    def types(self) -> list[str]:
        return [msgspec.json.decode(body)["type"] for body in self.transport.bodies]

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.heard if isinstance(event, kind)]

    def forget(self) -> None:
        """Look only at what comes from here on."""
        self.transport.writes.clear()
        self._heard.clear()
        self._decoded = 0

    def say(self, command: Command) -> int:
        """Send a command and go on; its `ref` is replaced by the next one, which is returned."""
        ref = next(self._refs)
        self.connection.receive(msgspec.json.encode(msgspec.structs.replace(command, ref=ref)))
        return ref

    async def ask(self, command: Command) -> Event:
        """Send a command; its answer, error or not."""
        return await self.answer(self.say(command))

    async def answer(self, ref: int) -> Event:
        await until(lambda: self._answers(ref))
        (answer,) = self._answers(ref)
        return answer

    async def hears(self, kind: type[E], count: int = 1) -> list[E]:
        """The events of this kind, once there are so many."""
        await until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)

    async def open(self, room: int = GENERAL, epoch: str | None = None, since: int | None = None) -> events.RoomOpened:
        answer = await self.ask(commands.OpenRoom(ref=0, room=room, epoch=epoch, since=since))
        assert isinstance(answer, events.RoomOpened), answer
        return answer

    async def post(self, text: str = "hello", room: int = GENERAL) -> events.Sent:
        answer = await self.ask(send(text, room))
        assert isinstance(answer, events.Sent), answer
        return answer

    def leave(self) -> None:
        """The socket is gone."""
        self.connection.closed()

    @property
    def is_idle(self) -> bool:
        return self.connection._worker is None

    def _answers(self, ref: int) -> list[Event]:
        return [event for event in self.heard if getattr(event, "ref", None) == ref]


@dataclass(repr=False)
class House:
    services: Services
    hub: Hub
    pulse: Pulse
    clock: SetClock
    tokens: dict[int, str] = field(default_factory=dict)
    """Of the last sign-in, by user id."""

    async def sign_in(
        self, handle: str, twitter_id: str = "", name: str | None = None, invite: str | None = None
    ) -> Visitor:
        """One more session of whoever has this X id, which is made of the handle unless given; `invite` is the token of
        the link that they came by."""
        profile = TwitterProfile(user_id=twitter_id or f"x-{handle}", handle=handle, name=name)
        invite_hash = accounts.token_hash(invite) if invite else ""
        signed_in = await accounts.sign_in_with_twitter(self.services, profile, "a browser", invite_hash)
        self.tokens[signed_in.user.id] = signed_in.token
        visitor = await accounts.resume(self.services, signed_in.token)
        assert visitor is not None
        return visitor

    async def appoint(self, visitor: Visitor, role: Role) -> Visitor:
        """The visitor in this role, as whoever runs the server gives it; nobody is told."""
        user = await roles.give_by_operator(self.services, visitor.user.handle, role)
        self.services.cache.sessions.clear()
        return msgspec.structs.replace(visitor, user=user)

    async def connect(self, visitor: Visitor) -> Client:
        client = self.begin(visitor)
        await client.hears(events.SessionStarted)
        return client

    def begin(self, visitor: Visitor) -> Client:
        """A connection that has not heard session.started yet."""
        client = Client(self.services, self.hub, visitor)
        client.connection.start()
        return client

    async def post(self, visitor: Visitor, text: str = "hello", room: int = GENERAL, nonce: str = "") -> Posted:
        return await (await messages.post(self.services, visitor, room, nonce or new_nonce(), text))

    async def private_room(self, slug: str = "attic") -> Room:
        """Nobody is in it."""
        return await self.services.store.write(rooms.add, slug, slug, "", "private", self.clock.now())


class StuckWriter:
    """Holds the writer of the database, so that commits wait until `release`."""

    def __init__(self, house: House) -> None:
        self._go = threading.Event()
        self._entered = threading.Event()
        self._waiting = house.services.store.database.write(self._hold)

    async def is_stuck(self) -> None:
        await until(self._entered.is_set)

    async def release(self) -> None:
        self._go.set()
        await self._waiting

    def _hold(self, _: object) -> None:
        self._entered.set()
        self._go.wait()


def send(text: str = "hello", room: int = GENERAL, nonce: str = "") -> commands.SendMessage:
    return commands.SendMessage(ref=0, room=room, nonce=nonce or new_nonce(), text=text)


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


def user_of(user: User) -> events.Person:
    return events.Person(id=user.id, handle=user.handle, name=user.name, role=user.role)


@asynccontextmanager
async def open_house(
    migrated: Path, folder: Path, bus: Bus | None = None, environ: dict[str, str] | None = None
) -> AsyncIterator[House]:
    """A house on a copy of the migrated database."""
    path = folder / "roost.db"
    shutil.copy(migrated, path)
    clock = SetClock()
    settings = load_settings({"DATABASE_URL": f"sqlite:///{path}", **EASY, **(environ or {})}, folder)
    store = await open_store(settings.database_url, clock.now)
    services = make_services(settings, store, bus or MemoryBus(), clock)
    hub = Hub(services)
    await hub.start()
    try:
        yield House(services, hub, Pulse(services, hub), clock)
    finally:
        await hub.close()
        await store.close()
        await services.bus.close()
