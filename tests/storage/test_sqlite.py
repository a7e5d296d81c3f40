import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert, select
from sqlalchemy.exc import IntegrityError

from app.errors import SettingsError, StorageFull, Unavailable
from app.models import User
from app.storage import messages, rooms, sqlite
from app.storage.migrate import migrate
from app.storage.sqlite import SqliteDatabase
from app.storage.store import Store, claim_database
from app.storage.tables import tokens
from tests.support.storage import new_message, open_fresh, outcomes, person, post

Statement = tuple[str, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "roost.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await open_fresh(url)
    yield store
    await store.close()


@pytest.fixture
async def ada(store: Store) -> User:
    return await person(store, "ada")


def pragma(name: str) -> Callable[[Connection], object]:
    return lambda connection: connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5_000)]
)
async def test_a_commit_is_on_disk_before_it_counts(store: Store, name: str, value: object) -> None:
    assert await store.database.write(pragma(name)) == value


async def test_a_full_disk_refuses_writes_and_leaves_reading_and_comes_back(
    store: Store, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    acked = await fill_up(store, ada)
    assert [line for line in caplog.messages if "disk is full" in line] == caplog.messages
    page = await store.read(messages.newest, 1, 10)
    assert [one.number for one in page] == list(range(acked - 9, acked + 1))
    await set_room_for_pages(store, 1_000)
    (posted,) = await post(store, [new_message(ada, "room again")])
    assert posted.message.number == acked + 1
    assert len(caplog.messages) == 1, "the operator is told once"
    assert await store.database.write(pragma("integrity_check")) == "ok"


async def fill_up(store: Store, author: User) -> int:
    """Append in batches until the disk is full; returns how many were stored, which are exactly those acknowledged."""
    await set_room_for_pages(store, 20)
    acked = 0
    while True:
        results = await outcomes(store.log, [new_message(author, "x" * 1_000) for _ in range(10)])
        if isinstance(results[0], StorageFull):
            break
        acked += len(results)
    assert {type(one) for one in results} == {StorageFull}
    assert acked >= 10
    room = await store.read(rooms.by_id, 1)
    assert room is not None
    assert room.last_number == acked
    return acked


async def set_room_for_pages(store: Store, pages: int) -> None:
    """SQLite answers SQLITE_FULL at its own limit just as on a full disk."""

    def limit(connection: Connection) -> None:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {used + pages}").close()

    await store.database.write(limit)


async def test_a_commit_that_fails_stores_nothing_and_the_next_one_works(store: Store, ada: User) -> None:
    """A key that is checked at the commit is the nearest to a disk that fails there: the transaction stays open."""

    def write(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON").close()
        connection.execute(insert(tokens).values(user_id=999, name="", created_at=0, token_hash="hash"))

    with pytest.raises(IntegrityError):
        await store.database.write(write)
    await post(store, [new_message(ada)])
    assert await store.read(lambda connection: connection.execute(select(tokens)).all()) == []


async def test_a_database_locked_by_somebody_else_is_unavailable_and_comes_back(
    store: Store, path: Path, ada: User
) -> None:
    await store.database.write(pragma("busy_timeout = 20"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        (refused,) = await outcomes(store.log, [new_message(ada)])
        assert isinstance(refused, Unavailable)
        assert await store.read(messages.newest, 1, 10) == []
    (posted,) = await post(store, [new_message(ada)])
    assert posted.message.number == 1


async def test_all_who_wait_for_a_locked_database_wait_at_once(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by itself, ten would wait for three seconds."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 300)
    await store.database.write(pragma("busy_timeout = 300"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = monotonic()
        waiting = [store.database.write(lambda _: None) for _ in range(10)]
        refused = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(each) for each in refused} == {Unavailable}
        assert 0.3 <= monotonic() - begun < 1.5
        other.execute("ROLLBACK")
    monkeypatch.setattr(sqlite.Job, "patience", 7)  # what is left of it to one that has waited
    with pytest.raises(ZeroDivisionError):
        await store.database.write(lambda _: 1 // 0)
    assert await store.database.write(pragma("busy_timeout")) == 300


def test_a_file_that_is_no_database_is_said_to_be_a_failing_disk(path: Path, url: str) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database " * 1_000)
    with pytest.raises(StorageFull):
        asyncio.run(SqliteDatabase.at(url).start())
    with pytest.raises(StorageFull):
        migrate(url)


def test_a_folder_in_place_of_the_file_is_unavailable(path: Path, url: str) -> None:
    path.mkdir(parents=True)
    with pytest.raises(Unavailable):
        asyncio.run(SqliteDatabase.at(url).start())


def test_a_file_in_place_of_the_folder_is_unavailable_and_cannot_be_claimed(path: Path, url: str) -> None:
    path.parent.write_text("in the way")
    with pytest.raises(Unavailable):
        asyncio.run(SqliteDatabase.at(url).start())
    with pytest.raises(SettingsError, match="cannot be made or written to"):
        claim_database(url)


async def test_a_second_server_on_one_file_is_refused_in_a_sentence(url: str) -> None:
    with closing(claim_database(url)), pytest.raises(SettingsError, match="Another server runs on this SQLite file"):
        claim_database(url)
    claim_database(url).close()


async def test_a_second_server_in_another_process_is_refused_until_the_first_ends(url: str) -> None:
    script = f"from app.storage.store import claim_database as c; held = c({url!r}); print('held', flush=True); input()"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"held\n"
    with pytest.raises(SettingsError):
        claim_database(url)
    child.kill()
    await child.wait()
    claim_database(url).close()


async def test_commands_work_beside_a_server(url: str, store: Store, ada: User) -> None:
    with closing(claim_database(url)):
        command = await open_fresh(url)
        await command.write(rooms.add, "garden", "Garden", "", "public", 5)
        await command.close()
        room = await store.read(rooms.by_slug, "garden")
        assert room is not None
        (posted,) = await post(store, [new_message(ada, room_id=room.id)])
        assert posted.message.number == 1


@pytest.mark.parametrize("acks", [1, 50, 400])
async def test_what_was_acknowledged_survives_a_kill(path: Path, url: str, acks: int) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.appender", url, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    lines = [await child.stdout.readline() for _ in range(acks)]
    child.kill()
    lines += (await child.stdout.read()).splitlines(keepends=True)
    await child.wait()
    acked = dict(line.decode().split() for line in lines if line.endswith(b"\n"))
    check_what_survived(path, acked)


def check_what_survived(path: Path, acked: dict[str, str]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        kept = dict(connection.execute("SELECT nonce, number FROM messages ORDER BY number"))
        head = connection.execute("SELECT last_number FROM rooms WHERE id = 1").fetchone()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert list(kept.values()) == list(range(1, len(kept) + 1))
    assert head == (len(kept),)
    assert {nonce: kept.get(nonce) for nonce in acked} == {nonce: int(number) for nonce, number in acked.items()}


@pytest.fixture
async def statements(store: Store) -> AsyncIterator[list[Statement]]:
    """What goes to the driver, with its parameters: by way of SQLAlchemy, and whatever the writer does."""
    assert isinstance(store.database, SqliteDatabase)
    engine: Engine = store.database._engine
    sent: list[Statement] = []
    await store.write(lambda connection: driver(connection).set_trace_callback(lambda text: sent.append((text, ()))))

    def note(_conn: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def driver(connection: Connection) -> sqlite3.Connection:
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


async def test_the_hot_statements_never_read_a_whole_table(
    store: Store, ada: User, path: Path, statements: list[Statement]
) -> None:
    """`(nonce, author_id) IN (VALUES …)` once did, index or not."""
    await post(store, [new_message(ada) for _ in range(100)])
    for page in (messages.before, messages.after, messages.around, messages.changed_since):
        await store.read(page, 1, 50, 20)
    await store.read(messages.newest, 1, 20)
    explained = [one for one in statements if one[0].startswith(("SELECT", "UPDATE", "WITH"))]
    assert len(explained) >= 8
    with closing(sqlite3.connect(path)) as connection:
        for statement, parameters in explained:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [step for *_, step in plan]
            assert not [step for step in steps if step.startswith(("SCAN messages", "SCAN rooms", "USE TEMP"))], (
                statement,
                steps,
            )


async def test_a_batch_takes_a_few_statements_however_large_it_is(
    store: Store, ada: User, statements: list[Statement]
) -> None:
    await post(store, [new_message(ada) for _ in range(1_000)])
    assert store.log.commits == 1
    assert len(statements) <= 25
