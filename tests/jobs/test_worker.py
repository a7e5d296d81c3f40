"""Jobs are done soon, once, a few at a time, and whatever happens to who does them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NoReturn

import pytest
from sqlalchemy import Connection, func, select

from app.jobs.worker import AT_ONCE, CLAIM, MOST_TRIES, Do, Worker
from app.models import Job, Visitor
from app.services import Services
from app.storage import jobs
from app.storage.tables import jobs as rows
from tests.support.house import GENERAL, House
from tests.support.waiting import PATIENCE, until


class Doing:
    """Notes each job, and ends as it is told."""

    def __init__(self, house: House, again: Callable[[Job], float | None] = lambda _: None) -> None:
        self.house = house
        self.again = again
        self.begun: list[int] = []
        self.at_once = self.most_at_once = 0
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self, services: Services, job: Job) -> float | None:
        assert services is self.house.services
        self.begun.append(job.number)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.go.wait()
            return self.again(job)
        finally:
            self.at_once -= 1


@asynccontextmanager
async def working(house: House, do: Do, workers: int = 1, **others: Do) -> AsyncIterator[None]:
    started = [Worker(house.services, {"card": do, **others}) for _ in range(workers)]
    for worker in started:
        worker.start()
    try:
        yield
    finally:
        for worker in started:
            await worker.stop()


async def add(house: House, *numbers: int, what: str = "card") -> None:
    for number in numbers:
        await house.services.store.write(jobs.add, what, GENERAL, number)
    house.services.jobs.set()


def left(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(rows)).scalar_one()


async def all_done(house: House) -> None:
    async with asyncio.timeout(PATIENCE):
        while await house.services.store.read(left):  # noqa: ASYNC110  rows tell nobody that they are gone
            await asyncio.sleep(0.01)


async def look(house: House) -> None:
    """As the clock says every five seconds."""
    house.services.jobs.set()
    await asyncio.sleep(0.05)


async def test_a_job_is_done_at_once_and_then_gone(house: House, ana: Visitor) -> None:
    doing = Doing(house)
    async with working(house, doing):
        await house.post(ana, "http://site.test/")
        await all_done(house)
    assert doing.begun == [1]


async def test_what_was_left_from_before_is_done_after_a_start(house: House) -> None:
    doing = Doing(house)
    await add(house, 1, 2)
    async with working(house, doing):
        await all_done(house)
    assert sorted(doing.begun) == [1, 2]


async def test_two_never_do_the_same_and_no_more_than_a_few_at_a_time(house: House) -> None:
    doing = Doing(house)
    doing.go.clear()
    await add(house, *range(1, 41))
    async with working(house, doing, workers=2):
        await until(lambda: doing.at_once == 2 * AT_ONCE)
        await look(house)
        assert doing.at_once == 2 * AT_ONCE
        doing.go.set()
        await all_done(house)
    assert sorted(doing.begun) == list(range(1, 41))
    assert doing.most_at_once == 2 * AT_ONCE


async def test_what_is_slow_holds_up_nothing_of_another_kind(house: House) -> None:
    doing, slow = Doing(house), Doing(house)
    slow.go.clear()
    await add(house, *range(1, 2 * AT_ONCE + 1), what="slow")
    await add(house, 99)
    async with working(house, doing, slow=slow):
        await until(lambda: doing.begun == [99] and slow.at_once == AT_ONCE)
        slow.go.set()
        await all_done(house)
    assert slow.most_at_once == AT_ONCE


async def test_what_only_a_newer_process_knows_is_left_to_it(house: House) -> None:
    doing = Doing(house)
    await add(house, 1, what="new")
    await add(house, 2)
    async with working(house, doing):
        await until(lambda: doing.begun == [2])
        await look(house)
    (left_alone,) = await house.services.store.write(jobs.take, 0, 1, {"new": 9})
    assert left_alone.tries == 1


async def test_what_was_under_way_when_its_process_died_is_done_by_another(house: House) -> None:
    dead = Doing(house)
    dead.go.clear()
    await add(house, 1)
    async with working(house, dead):
        await until(lambda: dead.begun == [1])
    doing = Doing(house)
    async with working(house, doing):
        await look(house)
        assert doing.begun == []
        house.clock.advance(CLAIM)
        house.services.jobs.set()
        await all_done(house)
    assert doing.begun == [1]


async def test_what_is_to_be_tried_again_waits_for_its_time_and_is_given_up_in_the_end(house: House) -> None:
    doing = Doing(house, lambda _: 10.0)
    await add(house, 1)
    async with working(house, doing):
        for tries in range(1, MOST_TRIES + 1):
            await until(lambda tries=tries: len(doing.begun) == tries and doing.at_once == 0)  # type: ignore[misc]
            await look(house)
            assert len(doing.begun) == tries
            house.clock.advance(10)
            house.services.jobs.set()
        await all_done(house)
    assert len(doing.begun) == MOST_TRIES


async def test_one_that_breaks_holds_up_no_other(house: House, caplog: pytest.LogCaptureFixture) -> None:
    def again(job: Job) -> None:
        if job.number == 1:
            raise ValueError("oh")

    doing = Doing(house, again)
    await add(house, 1, 2)
    async with working(house, doing):
        await until(lambda: sorted(doing.begun) == [1, 2])
        await add(house, 3)
        await until(lambda: 3 in doing.begun)
        for _ in range(MOST_TRIES):
            house.clock.advance(CLAIM)
            await look(house)
        await all_done(house)
    assert caplog.text.count("broke: card") == doing.begun.count(1) == MOST_TRIES


async def test_what_ends_every_process_that_tries_it_is_given_up(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await add(house, 1)
    for _ in range(MOST_TRIES):
        now = house.clock.steady()
        assert await house.services.store.write(jobs.take, now, now + 1, {"card": 1})
        house.clock.advance(1)
    doing = Doing(house)
    async with working(house, doing):
        await all_done(house)
    assert doing.begun == []
    assert "given up" in caplog.text


async def test_a_fault_of_ours_while_jobs_are_taken_does_not_end_the_worker(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take, doing = jobs.take, Doing(house)

    def break_once(*_: object) -> NoReturn:
        monkeypatch.setattr(jobs, "take", take)
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "take", break_once)
    await add(house, 1)
    async with working(house, doing):
        await until(lambda: "taking jobs broke" in caplog.text)
        house.services.jobs.set()
        await all_done(house)
    assert doing.begun == [1]
