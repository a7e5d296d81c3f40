"""Bringing a database to the newest schema, and writing the next migration. Alembic does the work, in this process."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from app.storage.store import engine_of

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def migrate(url: str) -> list[str]:
    """Apply the missing migrations, all or none, and return their names (`0001_first_light`), oldest first.

    Changes nothing when the database is up to date, or newer than this code: after a roll-back old code meets a new
    schema. Two at once are safe: the second waits and then finds nothing to do. Not for a thread whose event loop runs.
    Raises SettingsError, StorageFull or Unavailable.
    """
    return asyncio.run(_migrate(url))


def make_migration(message: str) -> Path | None:
    """Write the next migration for a person to review: what `tables.py` has and the migrations do not make. None when
    they agree."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/draft.db"
        migrate(url)
        return asyncio.run(_compare(url, message))


async def _migrate(url: str) -> list[str]:
    database = engine_of(url).at(url)
    return await database.migrate(_upgrade)


async def _compare(url: str, message: str) -> Path | None:
    database = engine_of(url).at(url)
    return await database.migrate(lambda connection: _revision(connection, message))


def _upgrade(connection: Connection) -> list[str]:
    config = _config(connection)
    missing = _missing(connection, ScriptDirectory.from_config(config))
    if missing:
        command.upgrade(config, "head")
    return missing


def _missing(connection: Connection, scripts: ScriptDirectory) -> list[str]:
    present = set(MigrationContext.configure(connection).get_current_heads())
    known = {script.revision: script for script in scripts.walk_revisions()}
    if not present <= known.keys():
        return []
    missing = scripts.iterate_revisions(tuple(scripts.get_heads()), tuple(present))
    return [Path(script.path).stem for script in missing][::-1]


def _revision(connection: Connection, message: str) -> Path | None:
    config = _config(connection)
    number = 1 + sum(1 for _ in ScriptDirectory.from_config(config).walk_revisions())
    made = command.revision(
        config, message, autogenerate=True, rev_id=f"{number:04}", process_revision_directives=_drop_if_empty
    )
    return Path(made.path) if isinstance(made, Script) else None


def _drop_if_empty(_context: Any, _revision: Any, directives: list[MigrationScript]) -> None:
    operations = directives[0].upgrade_ops
    if operations is None or operations.is_empty():
        directives.clear()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
