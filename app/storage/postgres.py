"""PostgresDatabase: a server that several processes may use at the same time."""

import asyncio
import logging
from asyncio import Future
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from time import monotonic
from typing import Any, Self, TypeVar

from sqlalchemy import Column, Connection, Insert, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.util import await_

from app.errors import RoostError, SettingsError
from app.models import NewMessage, Posted
from app.storage import batch, postgres_words
from app.storage.database import CONNECTIONS, Alternatives, Claim, Columns, Database, Entry, FoundRow, Rows
from app.storage.postgres_append import append
from app.storage.postgres_connector import Connector, checked, disconnect, driver_of
from app.storage.postgres_errors import Raised, explained, is_locked_out, translated_errors
from app.storage.postgres_pool import WRITE, Pool, finish_transaction

log = logging.getLogger(__name__)

T = TypeVar("T")

NAME = {"application_name": "roost"}
SESSION = NAME | {
    # Both before the pool gives up: who waits for a row, or asks for too much, is no sign of a server that hangs.
    "lock_timeout": "4s",
    "statement_timeout": "4500ms",
    # A process that stalls, or is cut off, while it holds a room must not keep the others from writing there.
    "idle_in_transaction_session_timeout": "2s",
    # Every query looks up rows by an index. A plan made while a table was small would rather read all of it, until the
    # next ANALYZE, a minute and a million messages later: at 20,000 messages half the speed was gone.
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
    # So one plan will do for all values. To make the log's anew took longer than to carry it out.
    "plan_cache_mode": "force_generic_plan",
    # For statements that are transactions by themselves.
    "default_transaction_isolation": "read committed",
}
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
LOCK = int.from_bytes(b"roost")
MIGRATION_PATIENCE = 60.0
"""Seconds that a migration waits for another one, and for those who use its tables."""
MIGRATE = f"""
    {WRITE};
    SET LOCAL lock_timeout = '{MIGRATION_PATIENCE:.0f}s';
    SELECT pg_advisory_xact_lock({LOCK});
    SET LOCAL lock_timeout = '2s';
"""
"""Behind whoever waits for a table all others wait as well: a backup that reads for minutes would shut everybody out.
SESSION gives them four seconds; between two tries they get one."""


class PostgresDatabase(Database):
    """Reached over a few connections, whose transactions run beside each other and beside those of other processes."""

    def __init__(self, url: str, connections: int) -> None:
        self._url = checked(url)
        self._pool = Pool(Connector(url, SESSION, database=self), connections)

    @classmethod
    def at(cls, url: str, connections: int = CONNECTIONS) -> Self:
        return cls(url, connections)

    @classmethod
    def claim(cls, url: str) -> Claim:
        """A claim on nothing: several servers may run on one database."""
        checked(url)
        return SharedClaim()

    async def start(self) -> None:
        """Raises SettingsError, too, when the server would not keep what it acknowledges, or refuses the URL."""
        try:
            with _explained_errors():
                await self._pool.start()
                await self.read(_require_durable_commits)
        except BaseException:
            await self.close()
            raise

    def read(self, fn: Callable[[Connection], T]) -> "Future[T]":
        return self._pool.read(fn)

    def write(self, fn: Callable[[Connection], T]) -> "Future[T]":
        return self._pool.write(fn)

    def append(self, given: Sequence[NewMessage], now: int) -> "Future[list[Posted]]":
        def store(connection: Connection) -> list[Posted]:
            return batch.store(connection, given, now)

        # The one statement knows nothing of files.
        if any(new.files for new in given):
            return self._pool.write(store)
        return self._pool.write(store, lambda driver: append(driver, given, now))

    def migrate(self, fn: Callable[[Connection], T]) -> "Future[T]":
        return asyncio.get_running_loop().create_task(self._migrate(fn))

    async def close(self) -> None:
        await self._pool.close()

    def insert_missing(self, table: Table) -> Insert:
        return postgresql.insert(table).on_conflict_do_nothing()

    # The next take an array for each column, so that one statement serves any number of rows. They talk to the driver,
    # because every message passes here.

    def insert_rows(self, connection: Connection, table: Table, rows: Rows) -> None:
        _fetch(connection, _insert(table), rows)

    def find_rows(self, connection: Connection, columns: Columns, key: Columns, values: Rows) -> list[FoundRow]:
        locks = connection.get_execution_options()["locks"]
        return [tuple(row) for row in _fetch(connection, _find(columns, key, locks), values)]

    def update_rows(self, connection: Connection, columns: Columns, key: Columns, rows: Rows) -> None:
        _fetch(connection, _update(columns, key), rows)

    # PostgreSQL keeps its index of words by itself.

    def index_words(self, connection: Connection, rows: Sequence[Entry]) -> None: ...

    def drop_words(self, connection: Connection, rows: Sequence[Entry]) -> None: ...

    def with_words(
        self, connection: Connection, asked: Sequence[Alternatives], above: int, below: int, limit: int
    ) -> list[int]:
        return postgres_words.find(connection, asked, above, below, limit)

    async def _migrate(self, fn: Callable[[Connection], T]) -> T:
        give_up_at = monotonic() + MIGRATION_PATIENCE
        with _explained_errors():
            while True:
                try:
                    return await self._migrate_once(fn)
                except Raised as error:
                    if not is_locked_out(error) or monotonic() > give_up_at:
                        raise
                await asyncio.sleep(1)

    async def _migrate_once(self, fn: Callable[[Connection], T]) -> T:
        connection, driver = await Connector(self._url, NAME, database=self, locks=True).connect()
        try:
            await driver.execute(MIGRATE)
            return await connection.run_sync(finish_transaction, fn)
        finally:
            await disconnect(connection, driver)


class SharedClaim:
    def close(self) -> None:
        pass


@contextmanager
def _explained_errors() -> Iterator[None]:
    try:
        with translated_errors():
            yield
    except RoostError as error:
        log.warning("PostgreSQL cannot be used: %s", error.__cause__ or error)
        raise explained(error) from error.__cause__


def _require_durable_commits(connection: Connection) -> None:
    if connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "off":
        problem = (
            "The server acknowledges what it may still lose. Set synchronous_commit = on for this user and database."
        )
        raise SettingsError({"DATABASE_URL": problem})


def _fetch(connection: Connection, statement: str, rows: Rows) -> list[Any]:
    if not rows:
        return []
    columns = zip(*rows, strict=True)
    found: list[Any] = await_(driver_of(connection).fetch(statement, *columns))
    return found


@cache
def _insert(table: Table) -> str:
    columns = tuple(table.columns)
    return f"INSERT INTO {table.name} ({_names(columns)}) SELECT * FROM {_unnested(columns)}"  # noqa: S608


@cache
def _find(columns: Columns, key: Columns, locks: bool) -> str:  # noqa: FBT001
    """One look into the index after the other, by force (OFFSET 0): with little in the table PostgreSQL would plan to
    read all of it, and keep to that plan while it grows. That is the order of the locks, too."""
    table = key[0].table.name
    same = " AND ".join(f"{table}.{column.name} = wanted.{column.name}" for column in key)
    # The weakest that keeps others from changing the row: the foreign keys of other tables need not wait.
    lock = "FOR NO KEY UPDATE" if locks else ""
    one = f"SELECT {_names(columns)} FROM {table} WHERE {same} OFFSET 0 {lock}"  # noqa: S608
    return f"SELECT found.* FROM {_unnested(key)} AS wanted ({_names(key)}) CROSS JOIN LATERAL ({one}) AS found"  # noqa: S608


@cache
def _update(columns: Columns, key: Columns) -> str:
    table, every = key[0].table.name, columns + key
    new = ", ".join(f"{column.name} = new.{column.name}" for column in columns)
    same = " AND ".join(f"{table}.{column.name} = new.{column.name}" for column in key)
    return f"UPDATE {table} SET {new} FROM {_unnested(every)} AS new ({_names(every)}) WHERE {same}"  # noqa: S608


def _unnested(columns: Columns) -> str:
    # Without its collation, which no array has.
    types = (column.type.compile(DIALECT).partition(" COLLATE")[0] for column in columns)
    return f"unnest({', '.join(f'${place}::{name}[]' for place, name in enumerate(types, 1))})"


def _names(columns: Iterable[Column[Any]]) -> str:
    return ", ".join(column.name for column in columns)
