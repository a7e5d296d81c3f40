"""Load L: many clients in a few rooms, some sends a second, and what they went through (DELIVERY, "fault tests")."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

from tests.faults.board import Absence, Board
from tests.faults.checker import violations
from tests.faults.client import Client, Event
from tests.faults.community import Community
from tests.faults.history import History, Seen, Send
from tests.faults.wire import Address, Dial, dial

ROOMS_EACH = 4
RATE = 20.0
"""Sends a second of everybody together."""
CACHE = 2_500
"""Messages of 4,000 characters, kept as text and as HTML: 20 MB, where the cache takes 16."""
CACHES = 6
SETTLING = 30.0
PATIENCE = 60.0
"""Seconds."""


class Load:
    """`clients` are live when the context is entered. Each holds a few of the rooms open and sends into these."""

    def __init__(self, community: Community, address: Address) -> None:
        self.community = community
        self.board = Board()
        self.clients: list[Client] = []
        self._address = address
        self._sending: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    def add(
        self, rooms: Iterable[int], *, dial: Dial = dial, address: Address | None = None, **options: object
    ) -> Client:
        """One more client, of the next person."""
        person = self.community.people[len(self.clients)]
        client = Client(person, rooms, address or self._address, self.board, dial=dial, **options)  # type: ignore[arg-type]
        self.clients.append(client)
        client.start()
        return client

    def add_twin(self, client: Client) -> Client:
        """A second connection of the same person, with the same rooms open."""
        twin = Client(client.person, client.history.rooms, self._address, self.board)
        self.clients.append(twin)
        twin.start()
        return twin

    def add_all(self, count: int, rooms_each: int = ROOMS_EACH, **options: object) -> None:
        rooms = self.community.rooms
        for first in range(count):
            self.add([rooms[(first + step) % len(rooms)] for step in range(rooms_each)], **options)  # type: ignore[arg-type]

    async def all_live(self, seconds: float = PATIENCE) -> None:
        await until(lambda: all(client.live for client in self.clients), seconds)

    # Sending

    def send_at(self, rate: float = RATE, *, size: int = 100, rooms: Sequence[int] = ()) -> None:
        """Send from now on, by a random one of the clients there are now, into one of its rooms, or of `rooms`."""
        assert self._sending is None
        self._sending = asyncio.create_task(self._send(rate, size, rooms, list(self.clients)))

    async def _send(self, rate: float, size: int, rooms: Sequence[int], clients: Sequence[Client]) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self.send_one(size, rooms, clients)
            due += random.expovariate(rate)
            await asyncio.sleep(max(0.0, due - loop.time()))

    def send_one(self, size: int = 100, rooms: Sequence[int] = (), clients: Sequence[Client] = ()) -> Send:
        client = random.choice(clients or self.clients)
        return client.send(random.choice(rooms or list(client.history.rooms)), random_text(size))

    async def stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
            self._sending = None

    async def fill_cache(self, room: int) -> None:
        """Write more than the server's database keeps of itself in memory, into a room that nobody looks at: what fills
        up once must not look like growth."""
        for _ in range(CACHE):
            self.send_one(4000, [room])
        await self.all_answered()
        await asyncio.gather(*[self._loaded(room) for _ in range(CACHES)])  # each reader of the database has its own

    async def all_answered(self) -> None:
        await until(lambda: not any(send.pending for send in self.sends))

    async def settle(self, seconds: float = SETTLING) -> None:
        """Stop sending; returns when every client is live, has no unanswered send and holds every room's head."""
        await self.stop_sending()
        await until(lambda: all(client.live and not client.pending for client in self.clients), PATIENCE)
        heads = {room: head for room, (_, head) in self.community.truth().heads.items()}

        def agreed() -> bool:
            return all(client.last(room) == heads[room] for client in self.clients for room in client.history.rooms)

        await until(agreed, seconds)

    # Judging

    async def violations(self, judged: Callable[[History], History] = lambda history: history) -> list[str]:
        """K of everything so far, or of what is `judged` of it, the database and a fresh load over the wire
        included."""
        loaded = {room: await self._loaded(room) for room in self._opened_rooms()}
        truth = self.community.truth()
        return violations(truth, [judged(client.history) for client in self.clients], loaded)

    def _opened_rooms(self) -> set[int]:
        return {room for client in self.clients for room in client.history.rooms}

    async def _loaded(self, room: int) -> list[Seen]:
        """The whole room, as a newcomer loads it: the newest page, then upwards."""
        client = next(client for client in self.clients if client.live)
        page = await client.ask({"type": "message.list", "room": room, "limit": 100})
        found = shown(page)
        while not page.get("first"):
            command = {"type": "message.list", "room": room, "limit": 100, "before": found[0].number}
            page = await client.ask(command)
            found = shown(page) + found
        return found

    @property
    def sends(self) -> list[Send]:
        return [send for client in self.clients for send in client.history.sends]

    def count_acked(self) -> int:
        return sum(send.acked for send in self.sends)

    @property
    def absences(self) -> list[Absence]:
        return [absence for client in self.clients for absence in client.absences]

    def latencies(self, since: float = 0.0, until: float = float("inf")) -> list[float]:
        """Seconds from writing to arriving, of messages that arrived live between the two times of the loop."""
        timed = zip(self.board.arrivals, self.board.latencies, strict=True)
        return [seconds for arrival, seconds in timed if since <= arrival < until]

    # Life

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Load"]:
        self._watching = asyncio.create_task(self._watch())
        try:
            await self.all_live()
            yield self
        finally:
            await self.stop_sending()
            self._watching.cancel()
            await asyncio.gather(self._watching, *(client.stop() for client in self.clients), return_exceptions=True)

    async def _watch(self) -> None:
        """The clients' watchdogs."""
        while True:
            await asyncio.sleep(1.0)
            for client in self.clients:
                client.watch()


def shown(page: Event) -> list[Seen]:
    assert page["type"] == "page", page
    return [Seen.of(message) for message in page.get("messages", ())]


def random_text(size: int) -> str:
    return f"{random.getrandbits(64):016x} ".ljust(size, "m")[:size]


def quantile(values: Sequence[float], part: float) -> float:
    """The value that `part` of them do not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


async def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return once the condition holds; TimeoutError when it does not within so many seconds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  the conditions look at other processes as well
            await asyncio.sleep(0.02)
