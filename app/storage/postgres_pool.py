"""Pool: a few connections to a PostgreSQL server, each with a worker, and the transactions that wait for them."""

import asyncio
import logging
from asyncio import Future, Queue, Task
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import await_

from app.errors import StorageFull, Unavailable
from app.storage.postgres_connector import Connected, Connector, Driver, disconnect, driver_of
from app.storage.postgres_errors import Raised, is_broken, is_lost_race, is_worth_a_second_look, translated_errors

log = logging.getLogger(__name__)

T = TypeVar("T")
Shortcut = Callable[[Driver], Awaitable[T]]

ANSWER_SECONDS = 4.8
"""For a transaction: within five seconds a sender hears that it did not work (DELIVERY D12)."""
SILENCE_SECONDS = 1.0
"""Without an answer to anybody."""
AGAIN_AFTER_SECONDS = 0.25

WAITING_LIMIT = 10_000
"""Transactions, as in a storm of clients that return."""
WAITING_LIMIT_IN_SILENCE = 100
ATTEMPTS = 3
"""Of a transaction that loses a race; each time somebody else has won."""

READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"


class Pool:
    """`connections` to one server; half of them write and the others read, so that neither waits for the other.

    When the server hangs, each transaction under way is given up after ANSWER_SECONDS, and with the first of them all
    that wait. From then on everybody is refused at once, and a probe alone waits until the server answers."""

    def __init__(self, connector: Connector, connections: int) -> None:
        self._connector = connector
        self._writes: Queue[Job[Any]] = Queue()
        self._reads: Queue[Job[Any]] = Queue()
        self._workers = [Worker(self, self._writes, WRITE) for _ in range(connections // 2)]
        self._workers += [Worker(self, self._reads, READ) for _ in range(connections - connections // 2)]
        self._is_open = False
        self._answered_at = 0.0
        self._disk_fails = False
        self._probe: Task[None] | None = None

    async def start(self) -> None:
        """Connect all, so that nobody has to in a storm. Raises what `Connector.connect` raises."""
        for worker in self._workers:
            await worker.connect()
        for worker in self._workers:
            worker.start()
        self._is_open = True

    def read(self, fn: Callable[[Connection], T]) -> "Future[T]":
        return self._submit(self._reads, fn)

    def write(self, fn: Callable[[Connection], T], shortcut: "Shortcut[T] | None" = None) -> "Future[T]":
        """A shortcut does the same as `fn` in one statement; where the server refuses that, `fn` tries."""
        return self._submit(self._writes, fn, shortcut)

    async def close(self) -> None:
        """Finish what waits and disconnect: a matter of seconds when the server hangs."""
        self._is_open = False
        await self._writes.join()
        await self._reads.join()
        if self._probe is not None:
            self._probe.cancel()
        await asyncio.gather(*[worker.stop() for worker in self._workers])

    async def connect(self) -> Connected:
        connected = await self._connector.connect()
        self._answered_at = _now()
        return connected

    def note_answer(self, error: Exception | None) -> None:
        """The server has carried out a transaction, or refused to."""
        self._answered_at = _now()
        if isinstance(error, StorageFull) and not self._disk_fails:
            # Once, not with every send: the lines may go to the same disk.
            log.error("the disk is full or failing, nothing is kept until that is mended: %s", error.__cause__)
        if error is None or isinstance(error, StorageFull):
            self._disk_fails = error is not None

    def note_break(self, error: Exception) -> None:
        """A connection broke, or could not be made."""
        if self._is_silent() and self._probe is None:
            log.error("the database does not answer, everybody is refused until it does: %r", error.__cause__)
            self._probe = asyncio.get_running_loop().create_task(self._wait_for_answer())
            self._refuse_all()
            for worker in self._workers:
                worker.hang_up()

    def _submit(
        self, jobs: "Queue[Job[Any]]", fn: Callable[[Connection], T], shortcut: "Shortcut[T] | None" = None
    ) -> "Future[T]":
        job = Job(fn, shortcut, asyncio.get_running_loop().create_future())
        if self._is_open and self._probe is None and self._has_place():
            jobs.put_nowait(job)
        else:
            job.fail(Unavailable())
        return job.future

    def _has_place(self) -> bool:
        waiting = self._writes.qsize() + self._reads.qsize()
        if waiting == 0 and not any(worker.is_busy for worker in self._workers):
            self._answered_at = _now()  # nobody has asked
        return waiting < (WAITING_LIMIT_IN_SILENCE if self._is_silent() else WAITING_LIMIT)

    def _is_silent(self) -> bool:
        return self._answered_at < _now() - SILENCE_SECONDS

    def _refuse_all(self) -> None:
        for jobs in (self._writes, self._reads):
            while not jobs.empty():
                jobs.get_nowait().fail(Unavailable())
                jobs.task_done()

    async def _wait_for_answer(self) -> None:
        while self._is_silent():
            await asyncio.sleep(AGAIN_AFTER_SECONDS)
            with suppress(*Raised):
                await disconnect(*await self.connect())
        self._probe = None
        log.warning("the database answers again")


@dataclass(slots=True)
class Job(Generic[T]):
    """A function that waits for a worker, and the future that waits for its result."""

    fn: Callable[[Connection], T]
    shortcut: "Shortcut[T] | None"
    future: "Future[T]"

    def succeed(self, result: T) -> None:
        if not self.future.cancelled():
            self.future.set_result(result)

    def fail(self, error: Exception) -> None:
        if not self.future.cancelled():
            self.future.set_exception(error)


class Worker:
    """Runs jobs one after the other, each in a transaction that starts with `begin`, on one connection, which it makes
    anew when it has broken."""

    def __init__(self, pool: Pool, jobs: "Queue[Job[Any]]", begin: str) -> None:
        self.is_busy = False
        self._pool = pool
        self._jobs = jobs
        self._begin = begin
        self._connection: AsyncConnection | None = None
        self._driver: Driver = None
        self._task: Task[None] | None = None
        self._gave_up = False

    async def connect(self) -> None:
        connection, self._driver = await self._pool.connect()
        self._connection = await connection.execution_options(locks=self._begin == WRITE)

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._work())

    def hang_up(self) -> None:
        """An idle connection may be as dead as the one that showed it, and would show it to the next job only."""
        if not self.is_busy:
            self._driver.terminate()

    async def stop(self) -> None:
        """To be called when no job is left."""
        if self._task is not None:
            self._task.cancel()
        await self._disconnect()

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            self.is_busy = True
            try:
                await self._carry_out(job)
            finally:
                self.is_busy = False
                self._jobs.task_done()

    async def _carry_out(self, job: Job[Any]) -> None:
        self._gave_up = False
        watch = asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._give_up)
        error: Exception | None = None
        try:
            with translated_errors():
                job.succeed(await self._outcome(job))
        except Exception as raised:  # noqa: BLE001  it belongs to whoever waits for the result
            error = raised
            job.fail(error)
        finally:
            watch.cancel()
        await self._note(error)

    async def _outcome(self, job: Job[T]) -> T:
        if job.shortcut is not None and self._connection is not None:
            try:
                return await job.shortcut(self._driver)
            except Raised as error:
                if self._gave_up or not is_worth_a_second_look(error):
                    raise
        return await self._attempt(job.fn)

    async def _attempt(self, fn: Callable[[Connection], T]) -> T:
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._transaction(fn)
            except Raised as error:
                if not is_lost_race(error):
                    raise
        return await self._transaction(fn)

    async def _transaction(self, fn: Callable[[Connection], T]) -> T:
        connection = await self._begun()
        return await connection.run_sync(finish_transaction, fn)

    async def _begun(self) -> AsyncConnection:
        """A connection in a new transaction. One that broke while it was idle shows here, where nothing is lost yet."""
        if self._connection is not None:
            try:
                await self._driver.execute(self._begin)
            except Raised:
                if self._gave_up:
                    raise
                await self._disconnect()
            else:
                return self._connection
        await self.connect()
        await self._driver.execute(self._begin)
        assert self._connection is not None
        return self._connection

    def _give_up(self) -> None:
        """Whatever waits for the server hears that the connection is lost."""
        self._gave_up = True
        self._driver.terminate()

    async def _note(self, error: Exception | None) -> None:
        if error is not None and (self._connection is None or self._driver.is_closed() or is_broken(error)):
            self._pool.note_break(error)
            await self._disconnect()
        else:
            self._pool.note_answer(error)

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await disconnect(connection, self._driver)


def finish_transaction(connection: Connection, fn: Callable[[Connection], T]) -> T:
    """Run `fn` in the transaction that has begun, and commit; to be called by `run_sync`."""
    driver = driver_of(connection)
    try:
        result = fn(connection)
        connection.commit()
        ended = await_(driver.execute("COMMIT"))
    except BaseException:
        connection.rollback()
        if not driver.is_closed() and driver.is_in_transaction():
            await_(driver.execute("ROLLBACK"))
        raise
    if ended != "COMMIT":
        raise RuntimeError("An error of the database was caught inside of its transaction, so nothing was kept.")
    return result


def _now() -> float:
    return asyncio.get_running_loop().time()
