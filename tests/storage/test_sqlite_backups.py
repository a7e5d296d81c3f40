import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import BadRequest
from app.storage.migrate import migrate
from app.storage.sqlite_backups import SqliteBackups


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data of ours #1 &c" / "roost.db"  # as an address it needs quoting
    path.parent.mkdir()
    migrate(f"sqlite:///{path}")
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
def writer(path: Path) -> Iterator[None]:
    """Commits without a pause."""
    done = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            while not done.is_set():
                connection.execute("UPDATE rooms SET seq = seq + 1")

    thread = threading.Thread(target=write)
    thread.start()
    yield
    done.set()
    thread.join()


@pytest.mark.usefixtures("writer")
def test_a_writer_without_rest_does_not_keep_a_copy_from_its_end(path: Path, file: Path) -> None:
    """SQLite begins a copy anew after each commit of somebody else, unless it is made within a transaction."""
    with closing(sqlite3.connect(path, timeout=60.0)) as connection:  # the writer leaves little room
        connection.execute("CREATE TABLE ballast AS SELECT randomblob(8000000)")
        connection.commit()
    copying = threading.Thread(target=SqliteBackups(path).save, args=(file,), daemon=True)
    copying.start()
    copying.join(20.0)
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
