"""SqliteDatabase: one writer thread and a few readers beside it, each with a connection of its own."""

import asyncio
import logging
import sqlite3
import threading
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import Any, Generic, Self, TypeVar, cast

from sqlalchemy import URL, Column, Connection, Insert, NullPool, Table, create_engine, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

from app.errors import RoostError, SettingsError, StorageFull, Unavailable
from app.models import NewMessage, Posted
from app.storage import batch, sqlite_words
from app.storage.database import CONNECTIONS, Alternatives, Claim, Columns, Database, Entry, FoundRow, Rows

log = logging.getLogger(__name__)

T = TypeVar("T")

READERS = 3
CACHED_STATEMENTS = 256
"""Per connection. The log's inserts of 1, 2, 4 … rows must not push out the queries of the day."""
BUSY_TIMEOUT = 5_000
"""Milliseconds that a transaction waits for that of another process, such as a command of `manage.py`."""
MIGRATION_TIMEOUT = 60_000
"""Milliseconds that a migration waits for that of another process."""
LARGEST_CHUNK = 256
"""Rows of one statement; a power of two."""

PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
)
WRITER = (*PRAGMAS, "PRAGMA foreign_keys = ON", "PRAGMA cache_size = -16384")
READER = (*PRAGMAS, "PRAGMA query_only = ON")
# A table is changed by building it anew; with foreign keys on, dropping the old one would delete what refers to it.
MIGRATION = (*PRAGMAS, f"PRAGMA busy_timeout = {MIGRATION_TIMEOUT}", "PRAGMA foreign_keys = OFF")

ERRORS: dict[int, type[RoostError]] = {
    sqlite3.SQLITE_FULL: StorageFull,
    sqlite3.SQLITE_IOERR: StorageFull,
    sqlite3.SQLITE_READONLY: StorageFull,
    sqlite3.SQLITE_CORRUPT: StorageFull,
    sqlite3.SQLITE_NOTADB: StorageFull,
    sqlite3.SQLITE_BUSY: Unavailable,
    sqlite3.SQLITE_LOCKED: Unavailable,
    sqlite3.SQLITE_CANTOPEN: Unavailable,
    sqlite3.SQLITE_PROTOCOL: Unavailable,
    sqlite3.SQLITE_NOMEM: Unavailable,
}
"""By primary result code (https://sqlite.org/rescode.html). Others are mistakes of ours and stay what they are."""


class SqliteDatabase(Database):
    """A file, made with its folder when missing, and two companions beside it: `-wal` and `-shm`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writes: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._reads: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._workers: list[Worker] = []
        self._engine = create_engine(
            URL.create("sqlite", database=str(path)),
            poolclass=NullPool,
            connect_args={"isolation_level": None, "cached_statements": CACHED_STATEMENTS},
            execution_options={"database": self},
        )

    @classmethod
    def at(cls, url: str, connections: int = CONNECTIONS) -> Self:
        return cls(_path(url))

    @classmethod
    def claim(cls, url: str) -> Claim:
        """The claim is a lock on a file of its own, `<database>.lock`, so that commands may work beside the server."""
        lock = _open_lock(_path(url))
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            lock.close()
            problem = "Another server runs on this SQLite file, which serves one at a time. Stop that one first."
            raise SettingsError({"DATABASE_URL": problem}) from None
        return lock

    async def start(self) -> None:
        self._workers = [Worker(self._writes, lambda: self._connect(WRITER), "BEGIN IMMEDIATE")]
        self._workers += [Worker(self._reads, lambda: self._connect(READER), "BEGIN") for _ in range(READERS)]
        for worker in self._workers:
            worker.start()
        try:
            await self.write(lambda _: None)
        except BaseException:
            await self.close()
            raise

    def read(self, fn: Callable[[Connection], T]) -> "Future[T]":
        return self._submit(self._reads, fn)

    def write(self, fn: Callable[[Connection], T]) -> "Future[T]":
        return self._submit(self._writes, fn)

    def append(self, given: Sequence[NewMessage], now: int) -> "Future[list[Posted]]":
        return self.write(lambda connection: batch.store(connection, given, now))

    def migrate(self, fn: Callable[[Connection], T]) -> "Future[T]":
        return asyncio.get_running_loop().run_in_executor(None, self._migrate, fn)

    async def close(self) -> None:
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.jobs.put(None)
        for worker in workers:
            await asyncio.to_thread(worker.join)

    def insert_missing(self, table: Table) -> Insert:
        return sqlite.insert(table).on_conflict_do_nothing()

    # The next put many rows into one statement, so that the writer lets go of the interpreter lock once and not once a
    # row: to get it back from a busy event loop takes up to 5 ms. The sizes of statements are powers of two, so that
    # few are ever prepared. They talk to the driver, because every message passes here: by way of SQLAlchemy a batch of
    # one took 176 us in place of 16.

    def insert_rows(self, connection: Connection, table: Table, rows: Rows) -> None:
        for chunk in _chunks(rows):
            _driver(connection).execute(_insert(table, len(chunk)), _flat(chunk))

    def find_rows(self, connection: Connection, columns: Columns, key: Columns, values: Rows) -> list[FoundRow]:
        found: list[FoundRow] = []
        for chunk in _chunks(values):
            found += _driver(connection).execute(_find(columns, key, len(chunk)), _flat(chunk))
        return found

    def update_rows(self, connection: Connection, columns: Columns, key: Columns, rows: Rows) -> None:
        _driver(connection).executemany(_update(columns, key), rows)

    def index_words(self, connection: Connection, rows: Sequence[Entry]) -> None:
        sqlite_words.index(_driver(connection), rows)

    def drop_words(self, connection: Connection, rows: Sequence[Entry]) -> None:
        sqlite_words.drop(_driver(connection), rows)

    def with_words(
        self, connection: Connection, asked: Sequence[Alternatives], above: int, below: int, limit: int
    ) -> list[int]:
        return sqlite_words.find(_driver(connection), asked, above, below, limit)

    def _submit(self, jobs: "SimpleQueue[Job[Any] | None]", fn: Callable[[Connection], T]) -> "Future[T]":
        loop = asyncio.get_running_loop()
        future: Future[T] = loop.create_future()
        if self._workers:
            jobs.put(Job(fn, loop, future))
        else:
            future.set_exception(Unavailable())
        return future

    def _migrate(self, fn: Callable[[Connection], T]) -> T:
        with _translated_errors(), self._connect(MIGRATION) as connection:
            return _run(connection, "BEGIN IMMEDIATE", lambda connection: _checked(connection, fn))

    def _connect(self, pragmas: Sequence[str]) -> Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = self._engine.connect()
        try:
            for pragma in pragmas:
                connection.exec_driver_sql(pragma).close()
            connection.commit()
        except BaseException:
            connection.close()
            raise
        return connection


@dataclass(slots=True)
class Job(Generic[T]):
    """A function that waits for a worker, and the future that waits for its result."""

    fn: Callable[[Connection], T]
    loop: AbstractEventLoop
    future: "Future[T]"
    since: float = field(default_factory=monotonic)

    @property
    def patience(self) -> int:
        """Milliseconds that are left of its BUSY_TIMEOUT."""
        return max(0, BUSY_TIMEOUT - round(1000 * (monotonic() - self.since)))

    def finish(self, result: T | None, error: BaseException | None) -> None:
        # The loop may be closed by now: a program that was interrupted does not wait for its writes.
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._resolve, result, error)

    def _resolve(self, result: T | None, error: BaseException | None) -> None:
        if self.future.cancelled():
            return
        if error is None:
            self.future.set_result(cast(T, result))
        else:
            self.future.set_exception(error)


class Worker(threading.Thread):
    """Runs jobs one after the other, each in a transaction that starts with `begin`, until it finds None in the queue.

    It connects at its first job and, if that fails, again at the next."""

    def __init__(self, jobs: "SimpleQueue[Job[Any] | None]", connect: Callable[[], Connection], begin: str) -> None:
        super().__init__(daemon=True, name="sqlite")
        self.jobs = jobs
        self._connect = connect
        self._begin = begin
        self._connection: Connection | None = None
        self._disk_fails = False
        self._is_held = False
        """Another process holds the file: the last job waited for it in vain."""

    def run(self) -> None:
        while (job := self.jobs.get()) is not None:
            job.finish(*self._outcome(job))
        if self._connection is not None:
            self._connection.close()

    def _outcome(self, job: "Job[T]") -> tuple[T | None, BaseException | None]:
        try:
            with _translated_errors():
                self._connection = self._connection or self._connect()
                if self._is_held:
                    # They have waited together: each for five seconds more, the last of four was answered after twenty.
                    _be_patient(self._connection, job.patience)
                result = _run(self._connection, self._begin, job.fn)
        except BaseException as error:  # noqa: BLE001  whatever it is, it belongs to whoever waits for the result
            self._note_hold(held=isinstance(error, Unavailable))
            self._tell_operator(error)
            return None, error
        self._note_hold(held=False)
        self._disk_fails = False
        return result, None

    def _note_hold(self, *, held: bool) -> None:
        """Whatever became of the first job that was let in again, those after it are as patient as ever."""
        if self._is_held and not held and self._connection is not None:
            _be_patient(self._connection, BUSY_TIMEOUT)
        self._is_held = held

    def _tell_operator(self, error: BaseException) -> None:
        """Once, not with every send: the lines may go to the same disk."""
        if isinstance(error, StorageFull) and not self._disk_fails:
            self._disk_fails = True
            log.error("the disk is full or failing, nothing is kept until that is mended: %s", error.__cause__)


def _be_patient(connection: Connection, milliseconds: int) -> None:
    _driver(connection).execute(f"PRAGMA busy_timeout = {milliseconds}").close()


def _run(connection: Connection, begin: str, fn: Callable[[Connection], T]) -> T:
    # Begun and ended at the driver: by way of SQLAlchemy that alone took 40 us. SQLAlchemy takes the transaction for
    # its own as soon as `fn` asks it anything, and must then be told of the end.
    driver = _driver(connection)
    try:
        driver.execute(begin)
        result = fn(connection)
        connection.commit()
        driver.commit()
    except BaseException:
        connection.rollback()
        # When a COMMIT fails, SQLAlchemy takes the transaction for ended, but SQLite keeps it open and begins no other.
        driver.rollback()
        raise
    return result


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        primary_code = code & 0xFF
        if primary_code in ERRORS:
            raise ERRORS[primary_code] from cause
        raise
    except OSError as error:  # the folder cannot be made
        raise Unavailable from error


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def _checked(connection: Connection, fn: Callable[[Connection], T]) -> T:
    result = fn(connection)
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        raise RuntimeError(f"The migration would leave rows that refer to missing ones: {lost[:5]}")
    return result


def _open_lock(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return sqlite3.connect(f"{path}.lock", timeout=0, isolation_level=None)
    except (OSError, sqlite3.OperationalError):
        problem = "The folder of this SQLite file cannot be made or written to."
        raise SettingsError({"DATABASE_URL": problem}) from None


def _path(url: str) -> Path:
    database = make_url(url).database
    if not database or database == ":memory:":
        problem = "SQLite needs a file that several connections can open, such as sqlite:///data/roost.db"
        raise SettingsError({"DATABASE_URL": problem})
    return Path(database)


def _chunks(rows: Rows) -> Iterator[Rows]:
    start = 0
    while start < len(rows):
        size = min(LARGEST_CHUNK, 1 << (len(rows) - start).bit_length() - 1)
        yield rows[start : start + size]
        start += size


@cache
def _insert(table: Table, count: int) -> str:
    return f"INSERT INTO {table.name} ({_names(table.columns)}) VALUES {_places(len(table.columns), count)}"  # noqa: S608


@cache
def _find(columns: Columns, key: Columns, count: int) -> str:
    """Joined from the values to the table by force: `(a, b) IN (VALUES …)` reads the whole table, index or not."""
    wanted = f"WITH wanted ({_names(key)}) AS (VALUES {_places(len(key), count)})"
    return f"{wanted} SELECT {_names(columns)} FROM wanted CROSS JOIN {key[0].table.name} USING ({_names(key)})"  # noqa: S608


@cache
def _update(columns: Columns, key: Columns) -> str:
    new, old = (", ".join(f"{column.name} = ?" for column in part) for part in (columns, key))
    return f"UPDATE {key[0].table.name} SET {new} WHERE {old.replace(', ', ' AND ')}"  # noqa: S608  names of ours


def _places(width: int, count: int) -> str:
    row = f"({', '.join('?' * width)})"
    return ", ".join([row] * count)


def _names(columns: Iterable[Column[Any]]) -> str:
    return ", ".join(column.name for column in columns)


def _flat(chunk: Rows) -> tuple[Any, ...]:
    return tuple(chain.from_iterable(chunk))
