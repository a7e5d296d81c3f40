"""What migrating promises on every engine."""

import asyncio
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Text, column, delete, inspect, select, table, text, update

from app.storage import epoch, rooms
from app.storage import migrate as migrate_module
from app.storage.migrate import MIGRATIONS, migrate
from app.storage.store import engine_of
from app.storage.tables import is_ours, metadata

T = TypeVar("T")

NAMES = sorted(path.stem for path in (MIGRATIONS / "versions").glob("*.py"))
NEWEST = NAMES[-1].partition("_")[0]
VERSION = table("alembic_version", column("version_num"))


async def ask(url: str, fn: Callable[[Connection], T]) -> T:
    return await engine_of(url).at(url).migrate(fn)


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


@pytest.fixture
async def empty_url(url: str) -> str:
    """Of a database that was never migrated."""

    def empty(connection: Connection) -> None:
        metadata.drop_all(connection)
        for name in ("search_words_terms", "search_words"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
        connection.execute(delete(VERSION))

    await ask(url, empty)
    return url


@pytest.fixture
def own_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations that a test may spoil; returns its folder of versions."""
    copy = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate_module, "MIGRATIONS", copy)
    return copy / "versions"


def add_version(versions: Path, body: str) -> None:
    head = f'from alembic import op\n\nrevision = "next"\ndown_revision = "{NEWEST}"\n\n\ndef upgrade() -> None:\n'
    (versions / "next_step.py").write_text(head + body)


async def test_a_fresh_database_gets_all_there_is(empty_url: str) -> None:
    assert await asyncio.to_thread(migrate, empty_url) == NAMES
    general = await ask(empty_url, lambda connection: rooms.by_slug(connection, "general"))
    assert general is not None
    assert len(await ask(empty_url, epoch.of)) >= 16


async def test_the_migrations_make_what_the_tables_say(url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"include_name": is_ours}), metadata))

    assert await ask(url, differences) == []


async def test_migrating_again_changes_nothing(url: str) -> None:
    before = await ask(url, epoch.of)
    assert await asyncio.to_thread(migrate, url) == []
    assert await ask(url, epoch.of) == before


async def test_a_database_newer_than_the_code_is_left_alone(url: str) -> None:
    def renew(connection: Connection) -> None:
        connection.execute(update(VERSION).values(version_num="0999"))
        metadata.tables["tokens"].drop(connection)

    await ask(url, renew)
    before = await ask(url, tables)
    assert await asyncio.to_thread(migrate, url) == []
    assert await ask(url, tables) == before
    assert await ask(url, lambda connection: connection.scalar(select(VERSION))) == "0999"


async def test_the_next_version_is_applied_to_an_older_database(url: str, own_migrations: Path) -> None:
    add_version(own_migrations, '    op.execute("CREATE TABLE extra (id INTEGER)")\n')
    assert await asyncio.to_thread(migrate, url) == ["next_step"]
    assert "extra" in await ask(url, tables)


async def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str, own_migrations: Path) -> None:
    body = '    op.execute("CREATE TABLE extra (id INTEGER)")\n    raise LookupError("half way")\n'
    add_version(own_migrations, body)
    with pytest.raises(LookupError, match="half"):
        await asyncio.to_thread(migrate, empty_url)
    assert await ask(empty_url, tables) == {"alembic_version"}


async def test_of_several_processes_that_migrate_at_once_one_does_it(empty_url: str) -> None:
    script = f"from app.storage.migrate import migrate; print(migrate({empty_url!r}))"
    children = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
        for _ in range(4)
    ]
    said = [(await child.communicate())[0].decode().strip() for child in children]
    assert [child.returncode for child in children] == [0] * 4
    assert sorted(said) == [str(NAMES), "[]", "[]", "[]"]
    general = await ask(empty_url, lambda connection: rooms.by_slug(connection, "general"))
    assert general is not None


def move(source: Path, target: Path, first: str) -> None:
    """The migrations from one on."""
    for path in source.glob("*.py"):
        if path.name >= first:
            path.rename(target / path.name)


async def test_tokens_from_before_there_were_scopes_keep_all_that_they_could(
    empty_url: str, own_migrations: Path, tmp_path: Path
) -> None:
    move(own_migrations, tmp_path, "0028")
    await asyncio.to_thread(migrate, empty_url)

    def add_token(connection: Connection, its_hash: str) -> None:
        """As the version before does it, whose process may still run."""
        insert = "INSERT INTO tokens (user_id, name, created_at, token_hash) VALUES (1, 'robot', 5, :hash)"
        connection.execute(text(insert).bindparams(hash=its_hash))

    def add_ada(connection: Connection) -> None:
        connection.exec_driver_sql(
            "INSERT INTO users (handle, handle_key, handle_at, name, kind, role, created_at)"
            " VALUES ('ada', 'ada', 1, 'Ada', 'person', 'member', 1)"
        )
        add_token(connection, "before")

    await ask(empty_url, add_ada)
    move(tmp_path, own_migrations, "0028")
    await asyncio.to_thread(migrate, empty_url)
    await ask(empty_url, lambda connection: add_token(connection, "after"))
    scopes = select(table("tokens", column("scope", Text)))
    assert await ask(empty_url, lambda connection: connection.scalars(scopes).all()) == ["manage", "manage"]
