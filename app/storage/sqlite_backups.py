"""Backups of a SQLite file: a database file of its own, by SQLite's online backup."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from app.errors import BadRequest
from app.storage.new_file import flush, new_file

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
STEP = 256
"""Pages: a mebibyte."""
PAUSE = 0.01
"""Seconds between two steps, so that the server's commits get to the disk."""


class SqliteBackups:
    """Fills in `Backups`."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def save(self, file: Path) -> None:
        if not self._database.exists():
            raise BadRequest("There is no database yet, so there is nothing to copy.")
        with told(f"The database cannot be copied to {file.parent}"):
            copy_slowly(self._database, file)
            check(file)

    def has_people(self) -> bool:
        if not self._database.exists():
            return False
        with (
            told("The database that is there cannot be read (--replace puts the copy in its place)"),
            closing(sqlite3.connect(self._database)) as there,
        ):
            made = there.execute("SELECT 1 FROM sqlite_schema WHERE name = 'users'").fetchone()
            return bool(made and there.execute("SELECT 1 FROM users").fetchone())

    def restore(self, file: Path, epoch: str) -> None:
        self._database.parent.mkdir(parents=True, exist_ok=True)
        with new_file(self._database) as written:
            with told(f"{file} cannot be restored"):
                shutil.copyfile(file, written)
                check(written)
                rename(written, epoch)
            fold(self._database)


def copy_slowly(source: Path, target: Path) -> None:
    """Copies one snapshot in small steps; `target` is then a database in one file."""
    with (
        closing(sqlite3.connect(f"file:{quote(str(source))}?mode=rw", uri=True, isolation_level=None)) as read,
        closing(sqlite3.connect(target, isolation_level=None)) as written,
    ):
        # Flushed step by step, as `pause` does: left to the end, a commit of the server that comes just then waits for
        # all of it (40 ms for 100 MB in place of 3).
        written.execute("PRAGMA journal_mode = OFF")
        written.execute("PRAGMA synchronous = OFF")
        # Without a transaction of its own the copy would begin anew after each commit of the server, and never end.
        read.execute("BEGIN")
        read.execute("SELECT 1 FROM sqlite_schema").fetchone()
        read.backup(written, pages=STEP, progress=lambda *_: pause(target))
        written.execute("PRAGMA journal_mode = DELETE")


def pause(target: Path) -> None:
    flush(target)
    time.sleep(PAUSE)


def check(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"it is damaged ({verdict})")


def rename(file: Path, epoch: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        renamed = connection.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (epoch,)).rowcount
        if renamed != 1:
            raise sqlite3.DatabaseError("it is no database of Roost")
        connection.commit()


def fold(database: Path) -> None:
    """Takes the companions `-wal` and `-shm` into the file and away: they would be taken for those of the new one, and
    destroy it. Only who is alone with a file may do that, so this is how others are noticed whom no claim tells of."""
    try:
        with closing(sqlite3.connect(database, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in BUSY:
            raise BadRequest("Another program has the database open. End it first.") from error
        raise
    except sqlite3.DatabaseError:  # it is damaged, which may be why a copy is restored
        for suffix in ("-wal", "-shm"):
            Path(f"{database}{suffix}").unlink(missing_ok=True)


@contextmanager
def told(sentence: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise BadRequest(f"{sentence}: {error}.") from error
