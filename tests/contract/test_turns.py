"""Who answers for webhooks that are slow, or for many, leaves turns to the others, on both engines."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import func, select

from app.bus.memory import MemoryBus
from app.jobs.worker import AT_ONCE, Worker
from app.models import Job, User, Webhook
from app.services import Services, make_services
from app.settings import load_settings
from app.storage import jobs
from app.storage.database import Connection, Database
from app.storage.store import Store
from app.storage.tables import jobs as rows
from tests.contract.conftest import SetClock
from tests.contract.test_webhooks import made
from tests.support.storage import new_message, open_database, post
from tests.support.waiting import until

MINUTE = 60_000


async def tell(store: Store, author: User, *told: Webhook) -> None:
    """A message that these hear."""
    await post(store, [structs.replace(new_message(author), webhooks=tuple(webhook.id for webhook in told))])


async def take(store: Store, clock: SetClock, count: int, being_told: Sequence[Webhook] = ()) -> list[Job]:
    ids = [webhook.id for webhook in being_told]
    return await store.write(jobs.take, clock.time, clock.time + MINUTE, {jobs.WEBHOOK: count}, ids)


async def told_in_turn(store: Store, clock: SetClock) -> list[tuple[int | None, int]]:
    """What is told where one is told at a time."""
    told = []
    while taken := await take(store, clock, 1):
        clock.time += 1_000
        await store.write(jobs.finish, taken[0], clock.time)
        told.append((taken[0].webhook_id, taken[0].number))
    return told


async def test_one_that_waits_for_much_is_told_in_turn_with_the_others(
    store: Store, clock: SetClock, ada: User
) -> None:
    busy, quiet = await made(store, ada, called="busy"), await made(store, ada, called="quiet")
    for _ in range(4):
        await tell(store, ada, busy)
    await tell(store, ada, quiet)
    await tell(store, ada, quiet)
    assert await told_in_turn(store, clock) == [
        (busy.id, 1),
        (quiet.id, 5),
        (busy.id, 2),
        (quiet.id, 6),
        (busy.id, 3),
        (busy.id, 4),
    ]


async def test_nothing_new_comes_before_what_has_waited_longer(store: Store, clock: SetClock, ada: User) -> None:
    busy, quiet = await made(store, ada, called="busy"), await made(store, ada, called="quiet")
    await tell(store, ada, busy)
    await tell(store, ada, busy)
    (first,) = await take(store, clock, 1)
    clock.time += 1_000
    await store.write(jobs.finish, first, clock.time)
    clock.time += 1_000
    await tell(store, ada, quiet)
    assert await told_in_turn(store, clock) == [(busy.id, 2), (quiet.id, 3)]


async def test_whoever_has_many_that_are_slow_leaves_the_next_place_to_others(
    store: Store, clock: SetClock, ada: User, bob: User
) -> None:
    many = [await made(store, ada, called=f"many-{number}") for number in range(6)]
    await tell(store, ada, *many)
    taken = await take(store, clock, 4)
    assert len(taken) == 4, "where nobody else waits all places are theirs"
    being_told = [webhook for webhook in many if webhook.id in {job.webhook_id for job in taken}]
    clock.time += 1_000
    other = await made(store, bob, called="other")
    await tell(store, ada, other)
    assert [job.webhook_id for job in await take(store, clock, 1, being_told[1:])] == [other.id]
    assert len(await take(store, clock, 9, being_told[1:])) == 2


async def test_what_could_not_be_begun_was_not_tried(store: Store, clock: SetClock, ada: User) -> None:
    await tell(store, ada, await made(store, ada))
    for _ in range(3):
        (job,) = await take(store, clock, 1)
        assert job.tries == 1
        await store.write(jobs.put_off, job, clock.time + 10, counted=False)
        assert await take(store, clock, 1) == []
        clock.time += 10


async def test_one_is_known_to_wait_for_more_than_it_may(store: Store, ada: User) -> None:
    busy, quiet = await made(store, ada, called="busy"), await made(store, ada, called="quiet")
    await tell(store, ada, busy, quiet)
    await tell(store, ada, busy)
    assert not await store.read(jobs.waits_for_more, busy.id, 2)
    await tell(store, ada, busy)
    assert await store.read(jobs.waits_for_more, busy.id, 2)
    assert not await store.read(jobs.waits_for_more, quiet.id, 2)


async def test_several_processes_tell_each_of_all_in_order_and_once(
    store: Store, clock: SetClock, database: Database, url: str, ada: User, bob: User
) -> None:
    webhooks = [await made(store, who, called=f"{who.handle}-{number}") for who in (ada, bob) for number in range(3)]
    told: dict[int | None, list[int]] = {webhook.id: [] for webhook in webhooks}
    for _ in range(4):
        await tell(store, ada, *webhooks)
    processes = [await open_database(url) for _ in range(3)] if url.startswith("postgres") else [database] * 3

    def some(connection: Connection) -> list[Job]:
        return jobs.take(connection, clock.time, clock.time + MINUTE, {jobs.WEBHOOK: 2})

    async def work(process: Database) -> None:
        for job in await process.write(some):
            told[job.webhook_id].append(job.number)
            await process.write(partial(jobs.finish, job=job, now=clock.time))

    while await store.read(waiting):
        await asyncio.gather(*[work(process) for process in processes for _ in range(2)])
    assert list(told.values()) == [[1, 2, 3, 4]] * 6
    for process in {*processes} - {database}:
        await process.close()


def waiting(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(rows)).scalar_one()


class Listeners:
    """Who is told: those that are `slow` answer once they are let go, one at a time, the others at once."""

    def __init__(self, slow: Sequence[Webhook]) -> None:
        self.told: list[tuple[int, int]] = []
        self.go = asyncio.Semaphore(0)
        self._slow = {webhook.id for webhook in slow}

    async def __call__(self, _: Services, job: Job) -> None:
        assert job.webhook_id is not None
        self.told.append((job.webhook_id, job.number))
        if job.webhook_id in self._slow:
            await self.go.acquire()


@pytest.fixture
async def services(store: Store, url: str, tmp_path: Path) -> AsyncIterator[Services]:
    opened = make_services(load_settings({"DATABASE_URL": url}, tmp_path), store, MemoryBus())
    yield opened
    await opened.bus.close()


async def test_a_long_backlog_for_slow_listeners_holds_up_nobody_else(
    store: Store, services: Services, ada: User, bob: User
) -> None:
    slow = [await made(store, ada, called=f"slow-{number}") for number in range(2 * AT_ONCE)]
    quick = await made(store, bob, called="quick")
    for _ in range(20):
        await tell(store, ada, *slow)
    listeners = Listeners(slow)
    worker = Worker(services, {jobs.WEBHOOK: listeners})
    worker.start()
    try:
        await until(lambda: len(listeners.told) == AT_ONCE)
        for number, before in ((21, AT_ONCE), (22, AT_ONCE + 2)):
            await tell(store, bob, quick)
            listeners.go.release()
            # Once the quick one has heard, its place is that of the next of the slow ones.
            await until(lambda before=before: len(listeners.told) == before + 2)  # type: ignore[misc]
            assert listeners.told[before] == (quick.id, number)
            assert listeners.told[before + 1][0] in {webhook.id for webhook in slow}
    finally:
        await worker.stop()
