"""A project with a database, and a copy of it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.management.command_line import make_parser
from app.settings import Settings, load_settings
from tests.support.tables import give_tables


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({}, tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "monday"


def run(settings: Settings, *words: str | Path) -> None:
    chosen = make_parser().parse_args([str(word) for word in words])
    chosen.run(settings, chosen)


def people(settings: Settings) -> list[str]:
    with closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as connection:
        return [handle for (handle,) in connection.execute("SELECT handle FROM users ORDER BY id")]


def add_person(settings: Settings, handle: str) -> None:
    run(settings, "token", "add", handle, "--name", "a bot")


@pytest.fixture
def copied(settings: Settings, file: Path) -> Path:
    """A copy of a database with ada in it."""
    file.parent.mkdir()
    give_tables(settings.database_url)
    add_person(settings, "ada")
    run(settings, "backup", file)
    return file
