"""Load L: many clients in a few rooms, some sends a second, and what they went through (DELIVERY, "fault tests")."""

import asyncio
import random
import statistics
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

from tests.faults.board import Absence, Board, route
from tests.faults.checker import violations
from tests.faults.client import Client, Event
from tests.faults.community import Community
from tests.faults.history import History, Seen, Send
from tests.faults.server import ServerProcess
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
    """`clients`, of one `kind`, are live when the context is entered. Each holds a few of the rooms open and sends into
    these. The nodes at `addresses` are taken in turn."""

    def __init__(self, community: Community, *addresses: Address, kind: type[Client] = Client) -> None:
        self._kind = kind
        self.community = community
        self.board = Board()
        self.clients: list[Client] = []
        self._addresses = addresses
        self._sending: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    def add(
        self,
        rooms: Iterable[int],
        *,
        dial: Dial = dial,
        address: Address | None = None,
        node: int | None = None,
        kind: type[Client] | None = None,
        **options: object,
    ) -> Client:
        """One more client, of the next person, and of another `kind` where one is named; where only `address` differs,
        that is another way to the node."""
        person = self.community.people[len(self.clients)]
        node = len(self.clients) % len(self._addresses) if node is None else node
        address = address or self._addresses[node]
        return self._start((kind or self._kind)(person, rooms, address, self.board, dial=dial, node=node, **options))  # type: ignore[arg-type]

    def add_twin(self, client: Client) -> Client:
        """A second connection of the same person, with the same rooms open, to the next node."""
        node = (client.node + 1) % len(self._addresses)
        return self._start(
            self._kind(client.person, client.history.rooms, self._addresses[node], self.board, node=node)
        )

    def _start(self, client: Client) -> Client:
        self.clients.append(client)
        client.start()
        return client

    def add_all(self, count: int, rooms_each: int = ROOMS_EACH, **options: object) -> None:
        rooms = self.community.rooms
        for first in range(count):
            self.add([rooms[(first + step) % len(rooms)] for step in range(rooms_each)], **options)  # type: ignore[arg-type]

    async def all_live(self, seconds: float = PATIENCE) -> None:
        await until(lambda: all(client.live for client in self.clients), seconds)

    # Sending

    def send_at(
        self, rate: float = RATE, *, size: int = 100, rooms: Sequence[int] = (), node: int | None = None
    ) -> None:
        """Send from now on, by a random one of the clients there are now, or of those of `node`, into one of its rooms,
        or of `rooms`."""
        assert self._sending is None
        clients = [client for client in self.clients if node in {None, client.node}]
        self._sending = asyncio.create_task(self._send(rate, size, rooms, clients))

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

    def acks(self, since: float, node: int = 0) -> list[float]:
        """When the sends written at this node since that time of the loop were acknowledged."""
        sends = (send for client in self.clients if client.node == node for send in client.history.sends)
        return [send.answered_at for send in sends if send.begun_at >= since and send.acked and send.answered_at]

    async def acknowledged(self, more: int) -> None:
        """Returns when so many more sends are acknowledged."""
        before = self.count_acked()
        await until(lambda: self.count_acked() >= before + more)

    async def first_ack(self, since: float) -> float:
        """Seconds from then until each node has acknowledged a send that was written later."""
        nodes = range(len(self._addresses))
        await until(lambda: all(self.acks(since, node) for node in nodes))
        return max(min(self.acks(since, node)) for node in nodes) - since

    @property
    def absences(self) -> list[Absence]:
        return [absence for client in self.clients for absence in client.absences]

    def returns_to(self, server: ServerProcess) -> list[float]:
        """Seconds from its last start being done until those were live who had lost it before. Some may be so before we
        have seen that it is done."""
        begun, at = server.launched_at, server.ready_at
        returned = [each.live_at for each in self.absences if each.lost_at < at and each.live_at > begun]
        return [max(0.0, live_at - at) for live_at in returned]

    def latencies(
        self, since: float = 0.0, until: float = float("inf"), *, origin: int | None = None, node: int | None = None
    ) -> list[float]:
        """Seconds from writing to arriving, of messages that arrived live between the two times of the loop; only of
        those written at the node `origin` and seen at `node`, when given."""
        routes = {
            route(one, other)
            for one in range(len(self._addresses))
            for other in range(len(self._addresses))
            if origin in {None, one} and node in {None, other}
        }
        timed = zip(self.board.arrivals, self.board.latencies, self.board.routes, strict=True)
        return [seconds for arrival, seconds, way in timed if since <= arrival < until and way in routes]

    def typical_p99(self, since: float, until: float, *, origin: int | None = None, node: int | None = None) -> float:
        """The median of each second's p99: what else the machine does in one second is not the server's."""
        seconds = [since + count for count in range(int(until - since))]
        return statistics.median(
            quantile(self.latencies(second, second + 1, origin=origin, node=node), 0.99) for second in seconds
        )

    def crossing(self, since: float = 0.0, until: float = float("inf")) -> list[float]:
        """The same of what went from one of two nodes to the other."""
        return self.latencies(since, until, origin=0, node=1) + self.latencies(since, until, origin=1, node=0)

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
