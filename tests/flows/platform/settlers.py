"""People with tokens on a deployed app, as clients of a load know their community, and the truth in its database."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.board import Person
from tests.faults.history import Row, Truth
from tests.flows.platform.platform import Platform
from tests.support.postgres import ask


@dataclass(frozen=True)
class Settlers:
    """They are in all `rooms`."""

    database_url: str
    people: list[Person]
    rooms: list[int]

    def truth(self) -> Truth:
        rows = select(self.database_url, "room_id, number, seq, author_id, nonce, at, text", "messages")
        heads = select(self.database_url, "id, last_number, seq", "rooms")
        return Truth([Row(*row) for row in rows], {room: (number, seq) for room, number, seq in heads})


async def settle(platform: Platform, folder: Path, people: int) -> Settlers:
    """By the commands that an operator types."""
    handles = folder / "handles.txt"
    handles.write_text("".join(f"person{number}\n" for number in range(people)))
    await platform.run("room add harbour")
    tokens = (await platform.run(f"token add --from {handles} --name load")).split()
    url = platform.config["DATABASE_URL"]
    owners = dict(select(url, "token_hash, user_id", "tokens"))
    found = [Person(owners[hashlib.sha256(token.encode()).hexdigest()], token) for token in tokens]
    assert len(found) == people
    return Settlers(url, found, [room for (room,) in select(url, "id", "rooms")])


def select(url: str, columns: str, table: str) -> list[list[Any]]:
    return [json.loads(row) for row in ask(url, f"SELECT json_build_array({columns}) FROM {table}")]  # noqa: S608
