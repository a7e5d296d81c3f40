"""Store: the bundle of what is kept. `open_store` picks the engine by the scheme of the URL."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, inspect

from app.clock import Clock
from app.errors import SettingsError
from app.metrics import Waits
from app.storage import epoch
from app.storage.database import CONNECTIONS, Claim, Database
from app.storage.log import MessageLog
from app.storage.sqlite import SqliteDatabase
from app.storage.tables import meta

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Store:
    """One open database, its log, and `epoch`, the random name of what it holds (DELIVERY D7). `waits` is how long its
    users wait for it, the log apart."""

    database: Database
    log: MessageLog
    epoch: str
    waits: Waits = field(default_factory=Waits)

    async def read(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query function on one snapshot. Raises as `Database` says."""
        with self.waits.timed():
            return await self.database.read(lambda connection: fn(connection, *args, **kwargs))

    async def write(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query function in one transaction; returns after the durable commit. Raises as `Database` says."""
        with self.waits.timed():
            return await self.database.write(lambda connection: fn(connection, *args, **kwargs))

    async def close(self) -> None:
        """Store what the log was given, then disconnect."""
        await self.log.settle()
        await self.database.close()


async def open_store(url: str, now: Callable[[], int] | None = None, connections: int = CONNECTIONS) -> Store:
    """Open a migrated database. `now` gives the time of messages in milliseconds; `connections` as `Database.at` says.

    Raises SettingsError, StorageFull or Unavailable. `migrate` makes the tables.
    """
    database = engine_of(url).at(url, connections)
    await database.start()
    try:
        name = await database.read(_epoch)
    except BaseException:
        await database.close()
        raise
    return Store(database, MessageLog(database, now or Clock().now), name)


def claim_database(url: str) -> Claim:
    """Hold the database for this server. Raises SettingsError when its engine serves one process and another one runs.

    Commands of `manage.py` work beside a server and do not claim.
    """
    return engine_of(url).claim(url)


def engine_of(url: str) -> type[Database]:
    """The class that opens this URL. Raises SettingsError when there is none."""
    match url.partition("://")[0]:
        case "sqlite":
            return SqliteDatabase
        case "postgresql" | "postgres":
            from app.storage.postgres import PostgresDatabase  # noqa: PLC0415  10 MB that who has none need not hold

            return PostgresDatabase
    problem = "This is not the URL of a database that can be opened. It starts with sqlite:// or postgresql://."
    raise SettingsError({"DATABASE_URL": problem})


def _epoch(connection: Connection) -> str:
    if not inspect(connection).has_table(meta.name):
        raise SettingsError({"DATABASE_URL": "The database has no tables yet. Run: python manage.py migrate"})
    return epoch.of(connection)
