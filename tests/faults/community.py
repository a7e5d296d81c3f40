"""A database with people, tokens and rooms, made once and copied for each test; and how it is read without the server's
code."""

import asyncio
import dataclasses
import hashlib
import re
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import make_url

from app.chat import accounts, rooms
from app.management.commands import with_services
from app.services import Services
from app.settings import load_settings
from tests.faults.board import Person
from tests.faults.history import Row, Truth

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
PEOPLE = 260
ROOMS = 10
SETTINGS = {
    "PUBLIC_URL": "http://127.0.0.1:5000",
    "SECRET_KEY": "one-that-only-the-fault-tests-use-0123456789",
    "TWITTER_STANDIN": "0",
    "LINK_CARDS": "0",
}


@dataclass(frozen=True, slots=True)
class Community:
    """`people` have a bearer token each and are in all `rooms`. `url` and `redis` lead its servers to what they share;
    what they say goes to `folder`."""

    url: str
    folder: Path
    people: list[Person] = dataclasses.field(default_factory=list)
    rooms: list[int] = dataclasses.field(default_factory=list)
    redis: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What its servers are told."""
        return {"DATABASE_URL": self.url, "REDIS_URL": self.redis}

    @property
    def is_shared(self) -> bool:
        """Whether several servers may run on it."""
        return not self.url.startswith("sqlite:")

    def truth(self) -> Truth:
        rows = self.ask("SELECT room_id, number, seq, author_id, nonce, at, text FROM messages")
        heads = self.ask("SELECT id, last_number, seq FROM rooms")
        return Truth([Row(*row) for row in rows], {room: (number, seq) for room, number, seq in heads})

    def epoch(self) -> str:
        ((epoch,),) = self.ask("SELECT value FROM meta WHERE key = 'epoch'")
        return str(epoch)

    def ask(self, statement: str) -> list[Any]:
        """The rows that come of it, as tuples."""
        if self.is_shared:
            with ThreadPoolExecutor(1) as thread:  # the caller may run a loop of its own
                return thread.submit(asyncio.run, ask_postgres(self.url, statement)).result()
        with closing(self.connect()) as connection, connection:
            return connection.execute(statement).fetchall()

    @property
    def name(self) -> str:
        """Of the database."""
        name = make_url(self.url).database
        assert name is not None
        return name

    # Of one in SQLite

    @property
    def file(self) -> Path:
        return Path(self.name)

    def copy(self, folder: Path) -> "Community":
        path = folder / self.file.name
        shutil.copy(self.file, path)
        return dataclasses.replace(self, url=f"sqlite:///{path}", folder=folder)

    def is_intact(self) -> bool:
        return self.ask("PRAGMA integrity_check") == [("ok",)]

    def connect(self) -> sqlite3.Connection:
        """Not read-only: after a kill the first reader has to recover the log."""
        return sqlite3.connect(self.file, timeout=10)


def found_community(folder: Path) -> Community:
    """Make the first one in SQLite."""
    community = inhabited(Community(f"sqlite:///{folder}/roost.db", folder))
    with closing(community.connect()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return community


def inhabited(empty: Community) -> Community:
    """With tables, rooms and people."""

    async def add_rooms(services: Services) -> None:
        for number in range(1, ROOMS):
            await rooms.add(services, f"room-{number}")

    by_server(empty, add_rooms)
    found = empty.ask("SELECT id FROM rooms WHERE slug = 'general' OR slug LIKE 'room-%' ORDER BY id")
    assert len(found) == ROOMS, found
    return peopled(dataclasses.replace(empty, rooms=[room for (room,) in found]), PEOPLE)


def peopled(community: Community, count: int) -> Community:
    """With so many people."""
    here = community.people

    async def add_people(services: Services) -> list[str]:
        return [
            await accounts.add_token(services, f"person{number}", "load", "manage")
            for number in range(len(here), count)
        ]

    tokens = by_server(community, add_people)
    owners = dict(community.ask("SELECT token_hash, user_id FROM tokens"))
    added = [Person(owners[hashlib.sha256(token.encode()).hexdigest()], token) for token in tokens]
    return dataclasses.replace(community, people=here + added)


def by_server(community: Community, act: Callable[[Services], Awaitable[T]]) -> T:
    """Set-up, not what is tested: so it uses the server's own code."""
    return with_services(load_settings({**SETTINGS, **community.environment}, ROOT), act)


async def ask_postgres(url: str, statement: str) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


def figure(text: str, name: str) -> float:
    """A metric out of Prometheus' text form."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"no metric {name}"
    return float(found[1])
