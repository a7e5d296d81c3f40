"""A long mixed load on one server: what people do all day, and lines that break. Memory and descriptors must not
grow."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from tests.faults.client import Client
from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.growth import Look, course, growth
from tests.faults.load import Load
from tests.faults.server import ServerProcess
from tests.faults.sessions import add_session, opens
from tests.support.proxy import Proxy, proxy_to

pytestmark = pytest.mark.soak

CLIENTS, FAR = 200, 40
"""All, and those of them behind the proxy."""
WARMING = 10.0
"""Minutes, or a quarter of a shorter run, that are not judged."""
GROWTH = 1024 * 1024
"""Bytes in half an hour."""
RUSHES = 12
"""Times at the beginning when everything happens at once. Memory keeps what the busiest moment so far took: were that
left to chance, a later one would look like a leak."""
EVERY = 5.0
"""Seconds between two acts, and between two looks at the server."""
DAY = 86_400


async def test_nothing_grows(
    community: Community, server: ServerProcess, request: pytest.FixtureRequest, figure: Figure
) -> None:
    minutes = request.config.getoption("--minutes")
    loop = asyncio.get_running_loop()
    token = add_session(community, expires_after=DAY)
    load = Load(community, server.address)
    async with proxy_to(server.address) as line:
        load.add(community.rooms[:1])
        async with load.running():
            await load.fill_cache(community.rooms[-1])
            load.add_all(CLIENTS - FAR - 1)
            load.add_all(FAR, address=line.address)
            await load.all_live()
            calm = server.descriptors
            load.send_at()
            day = Day(load, server, line, token)
            looks: list[Look] = []
            begun = loop.time()
            while loop.time() - begun < 60 * minutes:
                await asyncio.sleep(EVERY)
                await (day.rush() if len(looks) < RUSHES else day.act())
                looks.append(Look(loop.time() - begun, server.rss))
            await load.settle()
            # Before the checker: it takes longer than a client that answers no ping is waited for.
            held = server.descriptors
            assert await load.violations() == []

    judged = [look for look in looks if look.seconds > 60 * min(WARMING, minutes / 4)]
    grown = growth(judged)
    figure(
        f"Soak {minutes:.0f} min: {len(load.sends)} sends, {len(load.absences)} returns, acts {day.done}; memory "
        f"{looks[0].memory / 2**20:.1f} to {looks[-1].memory / 2**20:.1f} MiB, {grown / 2**20:+.2f} MiB in 30 min; "
        f"descriptors {calm} -> {held}; K = 0"
    )
    figure(f"     memory in twenty steps: {course(looks)} MiB")
    assert held == calm
    assert grown <= GROWTH


class Day:
    """What happens besides sending, one thing after the other at random."""

    def __init__(self, load: Load, server: ServerProcess, line: Proxy, token: str) -> None:
        self._load = load
        self._server = server
        self._line = line
        self._token = token
        self._acts: tuple[Callable[[], Awaitable[None]], ...] = (
            self.lose_some,
            self.cut_line,
            self.stall_line,
            self.read_slowly,
            self.read_history,
            self.look_around,
            self.repeat,
            self.load_pages,
        )
        self.done = dict.fromkeys((act.__name__ for act in self._acts), 0)

    async def rush(self) -> None:
        await asyncio.gather(*[act() for act in self._acts])

    async def act(self) -> None:
        act = random.choice(self._acts)
        await act()
        self.done[act.__name__] += 1

    async def lose_some(self) -> None:
        for client in self._some(20):
            client.drop()

    async def cut_line(self) -> None:
        self._line.cut()

    async def stall_line(self) -> None:
        self._line.stall()
        asyncio.get_running_loop().call_later(3.0, self._line.flow)

    async def read_slowly(self) -> None:
        for client in self._some(5):
            client.stop_reading()
            asyncio.get_running_loop().call_later(4.0, client.read_on)

    async def read_history(self) -> None:
        for client in self._some(20):
            for before in random.sample(range(1, 1000), 3):
                client.say({"type": "message.list", "room": room_of(client), "before": before, "limit": 100})

    async def look_around(self) -> None:
        for client in self._some(20):
            room = room_of(client)
            client.say({"type": "room.type", "room": room})
            client.say({"type": "room.read", "room": room, "number": random.randrange(1000)})
            client.say({"type": "ping"})
            client.say({"type": "room.open", "room": 10**9})

    async def repeat(self) -> None:
        for client in self._some(20):
            if client.history.sends:
                client.repeat(random.choice(client.history.sends))

    async def load_pages(self) -> None:
        assert all(await asyncio.gather(*[opens(self._server, self._token) for _ in range(10)]))

    def _some(self, count: int) -> list[Client]:
        return random.sample([client for client in self._load.clients if client.live], count)


def room_of(client: Client) -> int:
    return random.choice(list(client.history.rooms))
