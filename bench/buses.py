"""What carries word between processes, by itself: how many announcements a second NOTIFY takes from 1 to 16 processes,
and what one costs Redis that 4 or 16 processes hear. `python -m bench.buses` prints both; docs/scaling.md has the
figures. Who speaks uses the lines of the server; who hears drops what it gets: that share is in other measurements."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

from app.bus.base import room_topic
from app.bus.line import Line
from app.bus.postgres import PostgresLine
from app.bus.redis import RedisLine
from bench.beside import Beside, postgres_and_redis

SECONDS, ROUNDS = 3.0, 3
SPEAKERS = (1, 2, 4, 8, 16)
HEARERS = (4, 16)
GATHERED = 16
"""Announcements that go to Redis at once, as in a busy turn of the event loop."""
BODY = b"x" * 500
"""As long as the announcement of a message of 100 characters."""
COMMUNITY, ROOM = "bench", 1


async def main() -> None:
    with postgres_and_redis() as beside:
        print(f"{'NOTIFY, processes':28}{'a second':>12}{'us of PostgreSQL':>20}")
        for speakers in SPEAKERS:
            line = partial(PostgresLine, beside.variables["DATABASE_URL"], COMMUNITY)
            show(speakers, [await notify(beside, [line() for _ in range(speakers)]) for _ in range(ROUNDS)])
        print(f"\n{'Redis, processes that hear':28}{'a second':>12}{'us of Redis':>20}")
        for hearers in HEARERS:
            show(hearers, [await publish(beside, hearers) for _ in range(ROUNDS)])


def show(processes: int, rounds: Sequence[tuple[float, float]]) -> None:
    rate, cost = (sorted(each)[ROUNDS // 2] for each in zip(*rounds, strict=True))
    print(f"{processes:<28}{rate:12,.0f}{1e6 * cost:20.1f}")


async def notify(beside: Beside, lines: Sequence[Line]) -> tuple[float, float]:
    """Announcements a second when each process sends its next one as soon as the last is committed, and seconds of
    PostgreSQL's processors for one. All hear all."""
    async with AsyncExitStack() as stack:
        for line in lines:
            await line.open([], lambda _: None)
            stack.push_async_callback(line.close)
        return await measure(beside, lines, 1)


async def publish(beside: Beside, hearers: int) -> tuple[float, float]:
    """The same of one process that announces to Redis, and `hearers` that look at its room."""
    url = beside.variables["REDIS_URL"]
    async with AsyncExitStack() as stack:
        for _ in range(hearers):
            stack.callback((await hear(url)).close)
        line = RedisLine(url, COMMUNITY, self_signed=False)
        await line.open([], lambda _: None)
        stack.push_async_callback(line.close)
        return await measure(beside, [line], GATHERED)


async def hear(url: str) -> asyncio.Transport:
    port = int(url.rpartition(":")[2].partition("/")[0])
    transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, "127.0.0.1", port)
    transport.write(f"SUBSCRIBE roost:{COMMUNITY}:{room_topic(ROOM)}\r\n".encode())
    return transport


async def measure(beside: Beside, lines: Sequence[Line], gathered: int) -> tuple[float, float]:
    begun, worked = time.perf_counter(), beside.cpu_seconds
    sent = sum(await asyncio.gather(*[announce(line, gathered, begun + SECONDS) for line in lines]))
    return sent / (time.perf_counter() - begun), (beside.cpu_seconds - worked) / sent


async def announce(line: Line, gathered: int, until: float) -> int:
    sent = 0
    while time.perf_counter() < until:
        await line.send("bench", [(room_topic(ROOM), sent + each, BODY) for each in range(gathered)])
        sent += gathered
    return sent


if __name__ == "__main__":
    asyncio.run(main())
