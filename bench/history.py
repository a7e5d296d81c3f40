"""What reading costs in a room of 1,000,000 messages: its end, a jump to any number, a page upwards and downwards, from
the command to its answer, at the server. `python -m bench.history` prints it for SQLite, with `--postgres` for a
PostgreSQL; `--messages` for fewer. docs/scaling.md has the figures, tests/storage/test_plans.py looks at the plans."""

import argparse
import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec

from app.models import User, Visitor
from app.protocol.events import Page
from app.realtime.exchange import Exchange
from app.services import Services
from app.storage import users
from bench import talk
from bench.figures import percentile
from bench.looks import database, services_on

MESSAGES = 1_000_000
ASKED, WARM = 1_000, 50
TARGET = 0.010
"""Seconds for 99 of 100."""

Look = Callable[[int], dict[str, Any]]
"""What is asked for, given a number of the room."""

LOOKS: dict[str, Look] = {
    "its end": lambda _: {},
    "a jump to any number": lambda number: {"around": number},
    "a page upwards": lambda number: {"before": number},
    "a page downwards": lambda number: {"after": number},
}


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.history", description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--messages", type=int, default=MESSAGES)
    arguments = parser.parse_args()
    with database(postgres=arguments.postgres) as url:
        async with services_on(url) as services:
            await measure_all(services, arguments.messages)


async def measure_all(services: Services, count: int) -> None:
    made = await services.store.database.migrate(talk.people_and_rooms)
    only = replace(made, rooms=made.rooms[:1])
    await services.store.database.migrate(lambda connection: talk.write(connection, only, count))
    reader = await services.store.read(users.by_id, made.everywhere)
    assert reader is not None
    print(f"{count:<28,}{'p50 ms':>9}{'p99 ms':>9}")
    for name, look in LOOKS.items():
        p50, p99 = await measure(services, reader, only.rooms[0], count, look)
        print(f"{name:28}{1000 * p50:9.2f}{1000 * p99:9.2f}{'' if p99 <= TARGET else '  too slow'}")


async def measure(services: Services, reader: User, room_id: int, last: int, look: Look) -> tuple[float, float]:
    """Seconds of half of the looks and of 99 in 100."""
    chance, took = random.Random(1), []
    for _ in range(WARM + ASKED):
        command = {"type": "message.list", "ref": 1, "room": room_id, **look(chance.randint(1, last))}
        services.limits.give_back(f"history:{reader.id}")
        begun = time.perf_counter()
        answer = await Exchange(services, Visitor(reader)).answer(msgspec.json.encode(command))
        took.append(time.perf_counter() - begun)
        assert isinstance(answer, Page), answer
    return percentile(took[WARM:], 0.5), percentile(took[WARM:], 0.99)


if __name__ == "__main__":
    asyncio.run(main())
