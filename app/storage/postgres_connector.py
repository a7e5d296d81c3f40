"""Connector: makes connections to one PostgreSQL server."""

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
from sqlalchemy import Connection, NullPool
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.errors import SettingsError
from app.storage.postgres_errors import Raised

CONNECT_SECONDS = 3.0
CLOSE_SECONDS = 1.0

TLS_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
PARAMETERS = ("host", "sslmode", "sslrootcert")

Driver = Any
"""A connection of asyncpg, which comes without types."""
Connected = tuple[AsyncConnection, Driver]
"""The same connection twice, as SQLAlchemy and as asyncpg know it."""


def checked(url: str) -> str:
    """The URL, once it is one that the driver understands. Raises SettingsError."""
    try:
        parts = urlsplit(url)
        given = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        is_sound = parts.port != 0
    except ValueError:
        given, is_sound = {}, False
    # Values are not repeated: they may hold the password.
    if not is_sound:
        raise _problem("This is not the address of a PostgreSQL server: postgres://user:password@host:port/name")
    if unknown := sorted(given.keys() - set(PARAMETERS)):
        raise _problem(f"Roost does not know {', '.join(unknown)}. Behind the ? it takes: {', '.join(PARAMETERS)}")
    if not set(given.get("sslmode", ())) <= set(TLS_MODES):
        raise _problem(f"sslmode is one of: {', '.join(TLS_MODES)}")
    return url


def driver_of(connection: Connection) -> Driver:
    return connection.connection.driver_connection


class Connector:
    """`settings` are the server's, for each session; `options` are SQLAlchemy's, for each execution."""

    def __init__(self, url: str, settings: dict[str, str], **options: object) -> None:
        self._url = url
        self._settings = settings
        self._unready: set[Driver] = set()
        # AUTOCOMMIT: SQLAlchemy leaves transactions to us. It would begin none before a statement that goes to the
        # driver directly.
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._open,
            poolclass=NullPool,
            hide_parameters=True,  # an error may be logged
            isolation_level="AUTOCOMMIT",
            execution_options=options,
        )

    async def connect(self) -> Connected:
        """Raises what the driver raises, after twice CONNECT_SECONDS at the latest."""
        connection = await self._engine.connect()
        driver: Driver = (await connection.get_raw_connection()).driver_connection
        self._unready.discard(driver)
        return connection, driver

    async def _open(self) -> Driver:
        driver = await asyncpg.connect(self._url, timeout=CONNECT_SECONDS, server_settings=self._settings)
        # SQLAlchemy goes on to ask a few things of the server, with no limit of time.
        self._unready.add(driver)
        asyncio.get_running_loop().call_later(CONNECT_SECONDS, self._give_up, driver)
        return driver

    def _give_up(self, driver: Driver) -> None:
        if driver in self._unready:
            self._unready.discard(driver)
            driver.terminate()


async def disconnect(connection: AsyncConnection, driver: Driver) -> None:
    """Within CLOSE_SECONDS: a server that hangs does not say goodbye."""
    with suppress(*Raised):
        await driver.close(timeout=CLOSE_SECONDS)
    await connection.close()


def _problem(sentence: str) -> SettingsError:
    return SettingsError({"DATABASE_URL": sentence})
