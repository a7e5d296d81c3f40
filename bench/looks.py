"""What people look at all day, in a community of 5,000 people in 300 rooms who are all connected: seconds at the server
for each look, and what a message costs in rooms of 10 to 5,000. `python -m bench.looks` prints it for SQLite,
`python -m bench.looks --postgres` for a PostgreSQL of its own."""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from app.bus.memory import MemoryBus
from app.models import Room, User, Visitor
from app.protocol.close_codes import CloseCode
from app.protocol.framing import Framing, WebSocketFraming
from app.realtime.connection import Connection
from app.realtime.exchange import Exchange
from app.realtime.hub import Hub
from app.server import settle_memory
from app.services import Services, make_services
from app.settings import load_settings
from app.storage import rooms
from app.storage.migrate import migrate
from app.storage.store import open_store
from bench.community import PEOPLE, ROOMS, SIZES, settle
from bench.figures import median, percentile
from bench.posting import work_of_post
from stores.postgres import Cluster

ROUNDS = 5
LOOKS = 150
"""Of each kind in a round. The figures are medians of the rounds: something disturbs every machine for a while."""
WARM = 20
TARGET = 0.050
"""Seconds for 99 of 100 looks."""
PACES = ("directory", "members", "people", "digest")
"""Limits, of which nobody here is to hear."""

Look = Callable[[], Awaitable[object]]


class Nowhere:
    """A transport that takes everything at once; `written` is set by the first thing."""

    framing: Framing = WebSocketFraming()
    buffered = 0

    def __init__(self) -> None:
        self.written = asyncio.Event()

    def write(self, data: bytes) -> None:
        self.written.set()

    def ping(self) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def close(self, code: CloseCode) -> None: ...


@dataclass
class Inhabited:
    """`people` are connected, each once, when it is entered; the first one is in every room."""

    services: Services
    hub: Hub
    people: list[User]
    rooms: dict[str, Room]

    async def arrive(self, person: User) -> Connection:
        """As far as session.started."""
        transport = Nowhere()
        connection = Connection(self.services, self.hub, Visitor(person), transport)
        connection.start()
        await transport.written.wait()
        return connection

    async def ask(self, person: User, **command: Any) -> object:
        for pace in PACES:
            self.services.limits.give_back(f"{pace}:{person.id}")
        return await Exchange(self.services, Visitor(person)).answer(msgspec.json.encode({"ref": 1, **command}))


async def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.looks", description=__doc__)
    arguments.add_argument("--postgres", action="store_true")
    with database(postgres=arguments.parse_args().postgres) as url:
        async with inhabited(url) as community:
            await measure(community)


@contextmanager
def database(*, postgres: bool) -> Iterator[str]:
    # Not in /tmp: where that is memory, a disk costs nothing.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        if not postgres:
            yield f"sqlite:///{folder}/roost.db"
            return
        cluster = Cluster(Path(folder))
        cluster.start()
        try:
            yield cluster.url()
        finally:
            cluster.end()


@asynccontextmanager
async def services_on(url: str) -> AsyncIterator[Services]:
    """On a database that has just been made."""
    await asyncio.to_thread(migrate, url)
    store = await open_store(url)
    services = make_services(load_settings({"DATABASE_URL": url}, Path.cwd()), store, MemoryBus())
    try:
        yield services
    finally:
        await store.close()
        await services.bus.close()


@asynccontextmanager
async def inhabited(url: str) -> AsyncIterator[Inhabited]:
    async with services_on(url) as services:
        store, hub = services.store, Hub(services)
        await hub.start()
        try:
            begun = time.perf_counter()
            people = await store.database.migrate(settle)
            if url.startswith("postgresql"):
                await store.database.migrate(lambda connection: connection.exec_driver_sql("ANALYZE"))
            print(f"made in {time.perf_counter() - begun:.1f} s")
            named = {slug: await store.read(rooms.by_slug, slug) for slug in (*SIZES, "general")}
            community = Inhabited(
                services, hub, people, {slug: room for slug, room in named.items() if room is not None}
            )
            for person in people:
                await community.arrive(person)
            settle_memory()
            yield community
        finally:
            await hub.close()


async def measure(community: Inhabited) -> None:
    print(f"{'':40}{'p50 ms':>9}{'p99 ms':>9}{'cpu p50':>9}{'cpu p99':>9}")
    rounds: dict[str, list[tuple[float, ...]]] = {name: [] for name in looks(community)}
    for _ in range(ROUNDS):
        for name, look in looks(community).items():
            rounds[name].append(await measure_one(look))
    for name, found in rounds.items():
        figures = [median(each) for each in zip(*found, strict=True)]
        shown = "".join(f"{1000 * seconds:9.2f}" for seconds in figures)
        print(f"{name:40}{shown}{'' if figures[1] < TARGET else '  too slow'}")
    print(f"\n{'a message in a room of':30}{'statements':>12}{'read':>8}{'written':>9}")
    for slug, members in (SIZES | {"general": PEOPLE}).items():
        work = await work_of_post(community.services.store, community.rooms[slug].id, community.people[0].id)
        print(f"{members:<30,}{work.statements:12}{work.read:8}{work.written:9}")


async def measure_one(look: Look) -> tuple[float, ...]:
    """Seconds of half of the looks and of 99 of 100, by the clock, and of this process's processors, which tell more
    where other work goes on."""
    for _ in range(WARM):
        await look()
    timed = [await time_of(look) for _ in range(LOOKS)]
    return tuple(percentile(seconds, share) for seconds in zip(*timed, strict=True) for share in (0.5, 0.99))


async def time_of(look: Look) -> tuple[float, float]:
    begun, worked = time.perf_counter(), time.process_time()
    await look()
    return time.perf_counter() - begun, time.process_time() - worked


def looks(community: Inhabited) -> dict[str, Look]:
    chance = random.Random(1)
    people, rooms = community.people, community.rooms

    def some() -> User:
        return people[chance.randrange(1, PEOPLE)]

    def ask(kind: str, room: str = "", **command: Any) -> Look:
        about = {"room": rooms[room].id} if room else {}
        who = some if room == "general" or not room else lambda: people[chance.randrange(10)]
        return lambda: community.ask(who(), type=kind, **about, **command)

    async def begin(person: User) -> None:
        (await community.arrive(person)).closed()

    return {
        "session start, 13 rooms": lambda: begin(some()),
        "session start, 300 rooms": lambda: begin(people[0]),
        "directory, first page": ask("room.list"),
        "directory, page behind the middle": ask("room.list", after=rooms["room-ten"].id + ROOMS // 2),
        "directory by first letters": ask("room.list", prefix="room-1"),
        "members of 5,000, here": ask("room.members", "general", here=True),
        "members of 5,000, not here": ask("room.members", "general", here=False),
        "members of 10, here": ask("room.members", "room-ten", here=True),
        "members of 10, not here": ask("room.members", "room-ten", here=False),
        "mentions among 5,000, no letter": ask("people.search", "general", prefix=""),
        "mentions among 5,000, one letter": ask("people.search", "general", prefix="k"),
        "mentions among 5,000, nobody": ask("people.search", "general", prefix="zzz"),
        "mentions among 10, no letter": ask("people.search", "room-ten", prefix=""),
        "mentions among 10, one letter": ask("people.search", "room-ten", prefix="k"),
        "mentions among 10, nobody": ask("people.search", "room-ten", prefix="zzz"),
        "what is new, 13 rooms": ask("digest.show"),
        "what is new, 300 rooms": lambda: community.ask(people[0], type="digest.show"),
    }


if __name__ == "__main__":
    asyncio.run(main())
