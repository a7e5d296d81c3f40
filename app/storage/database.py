"""Database: what an engine has to offer. Query modules are plain functions of a Connection and know no engine."""

from abc import ABC, abstractmethod
from asyncio import Future
from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy import Column, Connection, Insert, Table

from app.models import NewMessage, Posted

__all__ = ["Claim", "Connection", "Database", "of"]
# `Connection` is for the annotations of those who may not import SQLAlchemy.

T = TypeVar("T")
CONNECTIONS = 5
"""To a server of databases that has none too many: on a small plan 20 in all (HOSTING H21)."""
Rows = Sequence[tuple[Any, ...]]
Columns = tuple[Column[Any], ...]
FoundRow = tuple[Any, ...]
Entry = tuple[int, str]
"""The id and the words of a message that can be found."""
Alternatives = Sequence[tuple[str, bool]]
"""Words, each of which may be the beginning of a longer one or not. They hold no character of ASCII but letters and
digits."""


class Claim(Protocol):
    """Holds a database for one process until closed, or until the process ends in whatever way."""

    def close(self) -> None: ...


class Database(ABC):
    """One database, reached from one event loop.

    A function handed to `read`, `write` or `migrate` is run in another thread or greenlet, inside one transaction that
    is not its own to end. Its result or exception comes back through the future. Besides its own exceptions that is
    StorageFull when the disk is full or failing, and Unavailable when the database is locked, closed or cannot be
    reached. In both cases nothing was stored, unless the connection was lost during the commit: whoever repeats a write
    has to find what it has stored before.

    Other writes may be under way at the same time, here and in other processes, and become visible between two
    statements. What a function has read and relies on, it has to lock (`find_rows`, `with_for_update`); or a unique
    constraint is in the way of what must not be twice. A function that loses such a race, or meets another in a
    deadlock, is run again from its beginning, so it changes nothing but the database.
    """

    @classmethod
    @abstractmethod
    def at(cls, url: str, connections: int = CONNECTIONS) -> Self:
        """The database at `url`, not yet connected, and then by so many connections at most where that can be chosen.
        Raises SettingsError when the URL makes no sense."""

    @classmethod
    @abstractmethod
    def claim(cls, url: str) -> Claim:
        """Raises SettingsError when the engine serves one process and another one holds the database."""

    @abstractmethod
    async def start(self) -> None:
        """Connect. Raises SettingsError when the engine refuses to serve, StorageFull or Unavailable."""

    @abstractmethod
    def read(self, fn: Callable[[Connection], T]) -> "Future[T]":
        """Run `fn` on one snapshot, which holds all that was written before the call."""

    @abstractmethod
    def write(self, fn: Callable[[Connection], T]) -> "Future[T]":
        """Run `fn`; the future resolves after the durable commit. Cancelling the future does not take the write
        back."""

    @abstractmethod
    def append(self, given: Sequence[NewMessage], now: int) -> "Future[list[Posted]]":
        """What `batch.store` does, in a write of its own; raises as that does."""

    @abstractmethod
    def migrate(self, fn: Callable[[Connection], T]) -> "Future[T]":
        """Run `fn`, which may change tables, while no other process does; waits a minute for such a one. Needs no
        `start`."""

    @abstractmethod
    async def close(self) -> None:
        """Finish what is queued and disconnect."""

    # What each engine spells in its own way; a function of a Connection reaches it by `database.of(connection)`.

    @abstractmethod
    def insert_missing(self, table: Table) -> Insert:
        """`INSERT … ON CONFLICT DO NOTHING`."""

    @abstractmethod
    def insert_rows(self, connection: Connection, table: Table, rows: Rows) -> None:
        """Insert rows that hold a value for every column, in the table's order, the fastest way there is."""

    @abstractmethod
    def find_rows(self, connection: Connection, columns: Columns, key: Columns, values: Rows) -> list[FoundRow]:
        """`columns` of the rows of one table whose `key`, the columns of an index, is one of `values`. In a write the
        rows stay locked until its end, in the order of `values`."""

    @abstractmethod
    def update_rows(self, connection: Connection, columns: Columns, key: Columns, rows: Rows) -> None:
        """Set `columns` of the rows with those keys; each of `rows` holds the new values, then the key's."""

    # An index of the words of `search_entries`: what stands between the spaces there.

    @abstractmethod
    def index_words(self, connection: Connection, rows: Sequence[Entry]) -> None:
        """These entries have just been added."""

    @abstractmethod
    def drop_words(self, connection: Connection, rows: Sequence[Entry]) -> None:
        """These have been removed; `words` are what was indexed."""

    @abstractmethod
    def with_words(
        self, connection: Connection, asked: Sequence[Alternatives], above: int, below: int, limit: int
    ) -> list[int]:
        """The ids between these two of the last `limit` entries that hold one of each of the alternatives, the newest
        first."""


def of(connection: Connection) -> Database:
    """The database that this connection was opened by, which its engine keeps in the execution option `database`."""
    database: Database = connection.get_execution_options()["database"]
    return database
