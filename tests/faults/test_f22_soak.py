"""F22: an hour of faults, one after the other, on PostgreSQL and Redis with two nodes: K at the end, and nothing has
grown."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from stores.postgres import Cluster
from stores.redis import RedisServer
from tests.faults.client import Client
from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.growth import Look, course, growth
from tests.faults.load import Load, quantile, random_text, until
from tests.faults.server import ServerProcess
from tests.faults.sockets import dial_from, narrow_socket
from tests.support.proxy import Proxy, proxy_to

pytestmark = [pytest.mark.soak, pytest.mark.parametrize("engine", ["redis"])]

CLIENTS, FAR, SLOW = 200, 40, 4
"""All, those of them whose line can go dead, and those who stop reading at times."""
RATE = 5.0
EVERY = 120.0
"""Seconds from one fault to the next, or a sixth of a shorter run, so that each of the six comes."""
LOOKS = 5.0
"""Seconds between two looks at the memory."""
WARMING = 20.0
"""Minutes, or a third of a shorter run, in which memory may grow."""
GROWTH = 1024 * 1024
"""Bytes in half an hour, of the node that is never restarted. A run that is too short to tell is not judged."""
LONG_TEXT, LONG_TEXTS = 4_000, 1_000
"""8 MiB as events: more than the kernel and the server keep for somebody who does not read."""
GONE, DEAD = 10.0, 60.0
"""Seconds for which something is away, and for which a line is dead."""


@pytest.fixture
async def line(nodes: list[ServerProcess]) -> AsyncIterator[Proxy]:
    async with proxy_to(nodes[0].address) as line:
        yield line


async def test_an_hour_of_faults_loses_nothing_and_grows_nothing(
    community: Community,
    cluster: Cluster,
    redis: RedisServer,
    nodes: list[ServerProcess],
    line: Proxy,
    request: pytest.FixtureRequest,
    figure: Figure,
) -> None:
    minutes = request.config.getoption("--minutes")
    loop = asyncio.get_running_loop()
    staying, restarted = nodes
    load = Load(community, *(node.address for node in nodes))
    slow = [load.add(community.rooms[:1], dial=dial_from(narrow_socket), node=0) for _ in range(SLOW)]
    load.add_all(CLIENTS - FAR - SLOW)
    load.add_all(FAR, address=line.address, node=0)
    faults = Faults(load, cluster, redis, restarted, staying, line, slow)
    looks: list[Look] = []
    async with load.running():
        calm = staying.descriptors
        load.send_at(RATE)
        begun = loop.time()
        looking = asyncio.create_task(look_again_and_again(staying, looks))
        while loop.time() < begun + 60 * minutes:
            due = loop.time() + min(EVERY, 60 * minutes / len(faults.all))
            await faults.next()
            await load.all_live()
            await asyncio.sleep(max(0.0, due - loop.time()))
        looking.cancel()
        await load.settle()
        held = staying.descriptors
        assert await load.violations() == []

    grown = growth([look for look in looks if look.seconds > looks[0].seconds + 60 * min(WARMING, minutes / 3)])
    returns = quantile([absence.live_at - absence.lost_at for absence in load.absences], 0.99)
    resets = sum(client.resets for client in load.clients)
    refused = Counter(send.refused for send in load.sends if send.refused)
    figure(
        f"F22  {minutes:.0f} min of {dict(faults.done)}: K = 0; {len(load.sends)} sends, refused {dict(refused)}; "
        f"{len(load.absences)} returns, p99 lost-to-live {returns:.1f} s, {resets} resets; "
        f"memory {grown / 2**20:+.2f} MiB in 30 min; descriptors {calm} -> {held}"
    )
    figure(f"     memory in twenty steps: {course(looks)} MiB")
    assert set(refused) <= {"unavailable"}
    assert held == calm
    assert grown <= GROWTH or minutes < 2 * WARMING


async def look_again_and_again(server: ServerProcess, looks: list[Look]) -> None:
    while True:
        looks.append(Look(asyncio.get_running_loop().time(), server.rss))
        await asyncio.sleep(LOOKS)


class Faults:
    """In random order, each as often as any other."""

    def __init__(
        self,
        load: Load,
        cluster: Cluster,
        redis: RedisServer,
        restarted: ServerProcess,
        staying: ServerProcess,
        line: Proxy,
        slow: list[Client],
    ) -> None:
        self._load = load
        self._cluster = cluster
        self._redis = redis
        self._restarted = restarted
        self._staying = staying
        self._line = line
        self._slow = slow
        self.all: dict[str, Callable[[], Awaitable[None]]] = {
            "F1": self.kill,
            "F4": self.lose_redis,
            "F5": self.crash_database,
            "F7": self.read_nothing,
            "F8": self.let_line_die,
            "F13": self.deploy,
        }
        self.done: Counter[str] = Counter()
        self._order = self._shuffled()

    async def next(self) -> None:
        name = next(self._order)
        await self.all[name]()
        self.done[name] += 1

    def _shuffled(self) -> Iterator[str]:
        while True:
            yield from random.sample(list(self.all), len(self.all))

    async def kill(self) -> None:
        await self._restarted.kill()
        await asyncio.sleep(1.0)
        await self._restarted.start()

    async def lose_redis(self) -> None:
        self._redis.kill()
        await asyncio.sleep(GONE)
        await asyncio.to_thread(self._redis.start)

    async def crash_database(self) -> None:
        await asyncio.to_thread(self._cluster.restart, "immediate")

    async def read_nothing(self) -> None:
        closed = await self._staying.metric("roost_slow_closes_total")
        for client in self._slow:
            client.stop_reading()
        (room,) = self._slow[0].history.rooms
        for _ in range(LONG_TEXTS):
            self._load.clients[-1].send(room, random_text(LONG_TEXT))
        await self._staying.until_metric("roost_slow_closes_total", lambda now: now >= closed + len(self._slow))
        for client in self._slow:
            client.read_on()

    async def let_line_die(self) -> None:
        """Without a word to either end."""
        self._line.stall()
        await asyncio.sleep(DEAD)
        self._line.flow()

    async def deploy(self) -> None:
        self._restarted.terminate()
        await until(lambda: any(not client.live for client in self._load.clients))
        self._restarted.terminate()
        assert await self._restarted.ended() == 0
        await self._restarted.start()
