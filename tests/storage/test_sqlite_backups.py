import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import BadRequest
from app.storage.sqlite_backups import SqliteBackups
from tests.support.tables import give_tables

PATIENCE = 60.0
"""Seconds, for a busy machine: a wait ends as soon as what it waits for is there."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data of ours #1 &c" / "roost.db"  # as an address it needs quoting
    give_tables(f"sqlite:///{path}")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "copy"
    path.touch()
    return path


def asked(path: Path, query: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchone()[0]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def large(path: Path) -> Path:
    """So large that somebody commits while it is copied."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE ballast AS SELECT randomblob(8000000)")
        connection.commit()
    return path


@pytest.fixture
def writer(large: Path) -> Iterator[None]:
    """Commits without a pause, for the first time before the test begins."""
    begun, done = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(large, timeout=PATIENCE, isolation_level=None)) as connection:
            while not done.is_set():
                connection.execute("UPDATE rooms SET seq = seq + 1")
                begun.set()

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    assert begun.wait(PATIENCE)
    yield
    done.set()
    thread.join()


@pytest.mark.usefixtures("writer")
def test_a_writer_without_rest_does_not_keep_a_copy_from_its_end(large: Path, file: Path) -> None:
    """SQLite begins a copy anew after each commit of somebody else, unless it is made within a transaction."""
    copying = threading.Thread(target=SqliteBackups(large).save, args=(file,), daemon=True)
    copying.start()
    copying.join(PATIENCE)
    assert not copying.is_alive()
    assert asked(file, "PRAGMA integrity_check") == "ok"
    assert asked(file, "SELECT seq FROM rooms") > 0  # type: ignore[operator]


def test_a_copy_is_one_file_that_needs_no_other(path: Path, file: Path) -> None:
    before = names(file.parent)
    SqliteBackups(path).save(file)
    assert names(file.parent) == before
    assert asked(file, "PRAGMA journal_mode") == "delete"


def test_there_is_nothing_to_copy_of_a_database_that_is_not_there(tmp_path: Path, file: Path) -> None:
    with pytest.raises(BadRequest, match="There is no database yet"):
        SqliteBackups(tmp_path / "roost.db").save(file)
    assert names(tmp_path) == {"copy"}


def test_what_a_killed_server_left_beside_the_old_file_does_not_get_into_the_new_one(path: Path, file: Path) -> None:
    """The log of a killed server belongs to the old file; with the new one it would make a mixture."""
    SqliteBackups(path).save(file)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE rooms SET seq = 77")
        connection.commit()
        log = Path(f"{path}-wal").read_bytes()
    Path(f"{path}-wal").write_bytes(log)
    assert len(log) > 4096

    SqliteBackups(path).restore(file, "new")
    assert names(path.parent) == {"roost.db"}
    assert asked(path, "SELECT seq FROM rooms") == 0
    assert asked(path, "PRAGMA integrity_check") == "ok"


def test_a_copy_takes_the_place_of_a_file_that_is_damaged(path: Path, file: Path) -> None:
    SqliteBackups(path).save(file)
    path.write_bytes(b"no database at all " * 1_000)
    Path(f"{path}-wal").write_bytes(b"nor is this")
    with pytest.raises(BadRequest, match="--replace"):
        SqliteBackups(path).has_people()
    SqliteBackups(path).restore(file, "new")
    assert asked(path, "SELECT value FROM meta WHERE key = 'epoch'") == "new"
    assert names(path.parent) == {"roost.db"}


def test_a_copy_makes_the_folder_of_its_database(tmp_path: Path, path: Path, file: Path) -> None:
    SqliteBackups(path).save(file)
    elsewhere = tmp_path / "far" / "away" / "roost.db"
    SqliteBackups(elsewhere).restore(file, "new")
    assert asked(elsewhere, "SELECT slug FROM rooms") == "general"
