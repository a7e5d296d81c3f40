"""Copies of a whole database in one file, made while it is used, and how one is brought back."""

from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url

from app.storage.postgres_backups import PostgresBackups
from app.storage.sqlite_backups import SqliteBackups


class Backups(Protocol):
    """What an engine does for `manage.py backup` and `restore`. Methods raise BadRequest with what a person can do."""

    def save(self, file: Path) -> None:
        """Write one snapshot of the database into an empty file, and check it. Writers go on meanwhile."""

    def has_people(self) -> bool:
        """Whether there is anybody in the database, if there is one."""

    def restore(self, file: Path, epoch: str) -> None:
        """Put a copy in the place of all there is, under this epoch: all or nothing. Refuses when another process has
        the database open."""


def backups_of(url: str) -> Backups:
    """For the database of a URL that `Settings` has taken."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteBackups(Path(parsed.database or ""))
    return PostgresBackups(parsed)
