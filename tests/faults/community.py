"""A database with people, tokens and rooms, made once and copied for each test; and how it is read without the server's
code."""

import dataclasses
import hashlib
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.chat import accounts, rooms
from app.management.commands import with_services
from app.services import Services
from app.settings import load_settings
from tests.faults.board import Person
from tests.faults.history import Row, Truth

ROOT = Path(__file__).parents[2]
PEOPLE = 260
ROOMS = 10
SETTINGS = {
    "PUBLIC_URL": "http://127.0.0.1:5000",
    "SECRET_KEY": "one-that-only-the-fault-tests-use-0123456789",
    "TWITTER_STANDIN": "0",
}


@dataclass(frozen=True, slots=True)
class Community:
    """`people` have a bearer token each and are in all `rooms`."""

    database: Path
    people: list[Person]
    rooms: list[int]

    def copy(self, folder: Path) -> "Community":
        path = folder / self.database.name
        shutil.copy(self.database, path)
        return Community(path, self.people, self.rooms)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    def truth(self) -> Truth:
        rows = self.rows("SELECT room_id, number, seq, author_id, nonce, at, text FROM messages")
        heads = self.rows("SELECT id, last_number, seq FROM rooms")
        return Truth([Row(*row) for row in rows], {room: (number, seq) for room, number, seq in heads})

    def epoch(self) -> str:
        ((epoch,),) = self.rows("SELECT value FROM meta WHERE key = 'epoch'")
        return str(epoch)

    def rows(self, query: str) -> list[Any]:
        with closing(self.connect()) as connection:
            return connection.execute(query).fetchall()

    def is_intact(self) -> bool:
        with closing(self.connect()) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    def connect(self) -> sqlite3.Connection:
        """Not read-only: after a kill the first reader has to recover the log."""
        return sqlite3.connect(self.database, timeout=10)


def found_community(folder: Path) -> Community:
    """Make the first one."""
    path = folder / "roost.db"
    community = inhabited(Community(path, [], []))
    with closing(community.connect()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return community


def inhabited(empty: Community) -> Community:
    """With rooms and people. Set-up, not what is tested: so it uses the server's own code."""
    settings = load_settings({**SETTINGS, "DATABASE_URL": empty.url}, ROOT)

    async def fill(services: Services) -> list[str]:
        for number in range(1, ROOMS):
            await rooms.add(services, f"room-{number}")
        return [await accounts.add_token(services, f"person{number}", "load") for number in range(PEOPLE)]

    tokens = with_services(settings, fill)
    found = empty.rows("SELECT id FROM rooms WHERE slug = 'general' OR slug LIKE 'room-%' ORDER BY id")
    owners = dict(empty.rows("SELECT token_hash, user_id FROM tokens"))
    people = [Person(owners[hashlib.sha256(token.encode()).hexdigest()], token) for token in tokens]
    assert len(found) == ROOMS, found
    return dataclasses.replace(empty, people=people, rooms=[room for (room,) in found])


def figure(text: str, name: str) -> float:
    """A metric out of Prometheus' text form."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"no metric {name}"
    return float(found[1])
