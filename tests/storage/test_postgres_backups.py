"""What surrounds PostgreSQL's own programs; that a backup comes back is in tests/contract/test_backups.py."""

from pathlib import Path

import pytest

from app.errors import BadRequest
from app.storage.backups import Backups, backups_of

URL = "postgresql://ada:a%20secret@db.example.org:5433/chat?sslmode=require"


class Programs:
    """Programs that are found in place of PostgreSQL's, and write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._notes = folder / "notes"

    def add(self, name: str, *, says: str = "", complains: str = "", fails: bool = False) -> None:
        script = self._folder / name
        note = f'echo "{name} $*" >> {self._notes}; /usr/bin/env >> {self._notes}.env'
        answer = f"cat <<'END'\n{says}\nEND\ncat >&2 <<'END'\n{complains}\nEND"
        script.write_text(f"#!/bin/sh\nPATH=/bin:/usr/bin\n{note}\n{answer}\nexit {int(fails)}\n")
        script.chmod(0o755)

    @property
    def calls(self) -> str:
        return self._notes.read_text()

    @property
    def environment(self) -> str:
        return Path(f"{self._notes}.env").read_text()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return Programs(folder)


@pytest.fixture
def backups() -> Backups:
    return backups_of(URL)


def test_a_program_that_is_missing_is_named_with_the_cure(programs: Programs, backups: Backups, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"pg_dump is not on this machine. Install PostgreSQL's client"):
        backups.save(tmp_path / "copy")


def test_a_program_older_than_the_server_is_refused(programs: Programs, backups: Backups, tmp_path: Path) -> None:
    programs.add("pg_dump", says="pg_dump (PostgreSQL) 9.6.24")
    programs.add("psql", says="17.2 (Debian 17.2-1)")
    with pytest.raises(BadRequest, match=r"pg_dump here is of version 9, the server of 17. Install 17 or later"):
        backups.save(tmp_path / "copy")
    assert "--file" not in programs.calls


def test_the_password_is_in_no_list_of_processes(programs: Programs, backups: Backups, tmp_path: Path) -> None:
    programs.add("pg_dump", says="pg_dump (PostgreSQL) 17.2")
    programs.add("psql", says="17.2")
    programs.add("pg_restore")
    backups.save(tmp_path / "copy")
    assert "--dbname=postgresql://ada@db.example.org:5433/chat?sslmode=require" in programs.calls
    assert "secret" not in programs.calls
    assert "PGPASSWORD=a secret" in programs.environment.splitlines()


def test_what_a_program_complains_about_is_told_in_one_line(programs: Programs, backups: Backups) -> None:
    complaint = 'psql: warning: no\npsql: error: FATAL:  database "chat" does not exist\nDETAIL: none'
    programs.add("psql", complains=complaint, fails=True)
    with pytest.raises(BadRequest) as refused:
        backups.has_people()
    assert refused.value.message == 'psql: error: FATAL:  database "chat" does not exist'


def test_a_program_that_fails_in_silence_is_told_too(programs: Programs, backups: Backups) -> None:
    programs.add("psql", fails=True)
    with pytest.raises(BadRequest, match="psql ended with 1"):
        backups.has_people()


def test_somebody_who_is_connected_keeps_a_copy_away(programs: Programs, backups: Backups, tmp_path: Path) -> None:
    programs.add("pg_restore", says="pg_restore (PostgreSQL) 17.2")
    programs.add("psql", says="17")
    with pytest.raises(BadRequest, match="Others are connected to the database"):
        backups.restore(tmp_path / "copy", "new")
    assert "single-transaction" not in programs.calls
