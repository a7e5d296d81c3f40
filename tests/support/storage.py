"""Databases, people and messages for tests of what is kept."""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import event

from app.clock import Clock
from app.models import NewMessage, Posted, TwitterProfile, User
from app.storage import users
from app.storage.database import Database
from app.storage.log import MessageLog
from app.storage.migrate import migrate
from app.storage.sqlite import SqliteDatabase
from app.storage.store import Store, engine_of, open_store
from tests.support.tables import give_tables

NOT_TEXT = "\ud800"
"""Half a character: no database takes it."""


async def open_fresh(url: str, now: Callable[[], int] | None = None) -> Store:
    """A store on a database that has just been made."""
    give_tables(url)
    await asyncio.to_thread(migrate, url)
    return await open_store(url, now)


async def open_database(url: str) -> Database:
    database = engine_of(url).at(url)
    await database.start()
    return database


async def person(store: Store, handle: str) -> User:
    """Somebody who signed in with X for the first time."""
    profile = TwitterProfile(user_id=secrets.token_hex(8), handle=handle)
    return await store.write(users.upsert_by_twitter_id, profile, Clock().now(), frozenset())


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What is asked of the database within, in SQL; transactions are not counted."""
    made: list[str] = []
    find = SqliteDatabase.find_rows

    def note_find(*lookup: Any) -> list[tuple[Any, ...]]:
        """Goes to the driver directly."""
        made.append(f"{lookup[2]} by {lookup[3]}")
        return find(*lookup)

    def note(*execution: Any) -> None:
        if not execution[2].startswith("BEGIN"):
            made.append(execution[2])

    engine = cast(SqliteDatabase, store.database)._engine
    event.listen(engine, "before_cursor_execute", note)
    SqliteDatabase.find_rows = note_find  # type: ignore[assignment, method-assign]
    try:
        yield made
    finally:
        SqliteDatabase.find_rows = find  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", note)


def new_message(
    author: User, text: str = "hello", *, room_id: int = 1, nonce: str = "", at: int | None = None
) -> NewMessage:
    """Room 1 is `general`. The nonce is a new one unless given."""
    return NewMessage(room_id, author.id, nonce or secrets.token_urlsafe(16), "msg", text, text, at)


async def post(store: Store, given: Iterable[NewMessage]) -> list[Posted]:
    """Append all at once; the first failure is raised."""
    return await asyncio.gather(*[store.log.append(one) for one in given])


async def outcomes(log: MessageLog, given: Iterable[NewMessage]) -> list[Any]:
    """Append all at once; each ends as Posted or as an exception."""
    return await asyncio.gather(*[log.append(one) for one in given], return_exceptions=True)
