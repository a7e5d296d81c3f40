"""Roost as it is measured: the command that everybody uses, SQLite on a real disk, all checks on; only the numbers of
LIMIT_* are raised, or twenty messages in ten seconds would be all that one sender may say."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from shutil import copytree

ROOT = Path(__file__).parents[1]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
LIMIT = "1000000"
SPARE = 40
"""People beyond the members of the big room: speakers who are in no books, rooms of two."""
DATABASE, TOKENS = "roost.db", "tokens"


def prepare(folder: Path, people: int, variables: Mapping[str, str]) -> None:
    """Make a database of so many people, each with a bearer token. One that is a file is made once for each number of
    people in the folder above, then copied into `folder`; one on a server, to which `variables` lead, each time."""
    if variables:
        make_people(folder, people, variables)
        return
    made = folder.parent / f"roost-{people}"
    if not made.exists():
        made.mkdir(parents=True)
        make_people(made, people, variables)
    copytree(made, folder, dirs_exist_ok=True)


def command(port: int, folder: Path) -> Sequence[str]:
    return [*MANAGE, "runserver"]


def environment(port: int, folder: Path) -> dict[str, str]:
    """Every variable that an `.env` of this machine could turn against the measurement, too."""
    limits = (
        "LOGIN_PER_MINUTE",
        "CONNECT_PER_MINUTE",
        "CONNECTIONS_PER_10_SECONDS",
        "SOCKETS_PER_USER",
        "SENDS_PER_10_SECONDS",
        "COMMANDS_PER_10_SECONDS",
        "HISTORY_PER_MINUTE",
        "REPEATS_PER_12_HOURS",
    )
    return {
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "SECRET_KEY": "made-for-a-measurement-" * 3,
        "TWITTER_STANDIN": "off",
        "TRUST_PROXY": "off",
        "DEBUG": "off",
        "LOG_LEVEL": "info",
        **{f"LIMIT_{name}": LIMIT for name in limits},
    }


def tokens(folder: Path) -> list[str]:
    return (folder / TOKENS).read_text().split()


def make_people(folder: Path, people: int, variables: Mapping[str, str]) -> None:
    handles = folder / "handles"
    handles.write_text("".join(f"member{number:05d}\n" for number in range(people)))
    _manage(folder, variables, "migrate")
    (folder / TOKENS).write_text(_manage(folder, variables, "token", "add", "--from", str(handles), "--name", "bench"))


def make_pairs(folder: Path, people: int, pairs: int) -> None:
    """People `people - 2 * pairs` and up also share rooms of two, `pair-1` and so on. Those are private, and no command
    makes them: their rows are written here, after that of `general`."""
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        database.row_factory = sqlite3.Row
        general = dict(database.execute("SELECT * FROM rooms WHERE slug = 'general'").fetchone())
        for pair in range(pairs):
            first = people - 2 * pairs + 2 * pair
            room = {"id": None, "slug": f"pair-{pair}", "kind": "private", "last_number": 0, "seq": 2, "members": 2}
            room_id = insert(database, "rooms", general | room)
            for seq, member in enumerate((first, first + 1), start=1):
                query = "SELECT id FROM users WHERE handle = ?"
                user_id = database.execute(query, (f"member{member:05d}",)).fetchone()["id"]
                membership = {"room_id": room_id, "user_id": user_id, "read_number": 0, "seq": seq, "joined_at": 0}
                insert(database, "memberships", membership)


def insert(database: sqlite3.Connection, table: str, row: dict[str, object]) -> int | None:
    names, values = ", ".join(row), ", ".join("?" * len(row))
    return database.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", list(row.values())).lastrowid  # noqa: S608  names of ours


def _manage(folder: Path, variables: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [*MANAGE, *arguments],
        env={**os.environ, **environment(5000, folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]}: {done.stderr}")
    return done.stdout
