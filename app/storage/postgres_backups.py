"""Backups of a PostgreSQL database, by this machine's pg_dump, pg_restore and psql."""

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL

from app.errors import BadRequest
from app.storage.tables import metadata

CONNECTING = "10"
"""Seconds that a connection may take."""
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""
"""Of our own user: what a host watches its databases with is somebody else."""
TIMEOUT_SINCE = 17
"""The version of PostgreSQL whose transactions have a timeout of their own."""
HEAD = 4_096
"""Bytes of a script, at most, before the first table."""
OURS = ", ".join(f"public.{name}" for name in ("alembic_version", *metadata.tables))


class PostgresBackups:
    """Fills in `Backups`. A file is in pg_dump's custom format: compressed, and without owners and rights."""

    def __init__(self, url: URL) -> None:
        # The list of processes shows what a program is called with to everybody on the machine, its environment not.
        shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
        self._address = f"--dbname={shown}"
        self._environment = {"PGCONNECT_TIMEOUT": CONNECTING}
        if url.password is not None:
            self._environment["PGPASSWORD"] = str(url.password)

    def save(self, file: Path) -> None:
        self._require("pg_dump")
        self._run("pg_dump", self._address, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
        self._read(file, Path("/dev/null"))

    def has_people(self) -> bool:
        return self._ask("SELECT to_regclass('users')") != "" and self._ask("SELECT EXISTS (SELECT FROM users)") == "t"

    def restore(self, file: Path, epoch: str) -> None:
        self._require("pg_restore")
        if self._ask(OTHERS) != "0":
            raise BadRequest("Others are connected to the database. Stop all servers and consoles first.")
        with TemporaryDirectory() as folder:
            script = Path(folder) / "script"
            self._read(file, script)
            if self._version() < TIMEOUT_SINCE:
                without_timeout(script)
            self._replace_all(script, epoch)

    def _read(self, file: Path, script: Path) -> None:
        """Write a backup as a script, which needs all of it to be readable. The script drops what the backup holds
        before it makes it; what a newer version of ours added since is dropped by `_replace_all`."""
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges")
        self._run("pg_restore", *options, f"--file={script}", str(file))

    def _replace_all(self, script: Path, epoch: str) -> None:
        drop = f"DROP TABLE IF EXISTS {OURS} CASCADE"
        rename = f"UPDATE public.meta SET value = '{epoch}' WHERE key = 'epoch'"  # noqa: S608  made by us, of letters
        self._psql("--single-transaction", f"--command={drop}", f"--file={script}", f"--command={rename}")

    def _require(self, program: str) -> None:
        """PostgreSQL's programs read what is as old as they are or older."""
        ours, theirs = version(self._run(program, "--version")), self._version()
        if ours < theirs:
            raise BadRequest(f"{program} here is of version {ours}, the server of {theirs}. Install {theirs} or later.")

    def _version(self) -> int:
        return version(self._ask("SHOW server_version"))

    def _ask(self, query: str) -> str:
        return self._psql("--no-align", "--tuples-only", f"--command={query}").strip()

    def _psql(self, *arguments: str) -> str:
        return self._run("psql", self._address, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *arguments)

    def _run(self, program: str, *arguments: str) -> str:
        """What the program writes. Raises BadRequest with its first complaint when it fails."""
        path = shutil.which(program)
        if path is None:
            raise BadRequest(f"{program} is not on this machine. Install PostgreSQL's client (postgresql-client).")
        command = [path, *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=self._environment)  # noqa: S603
        if done.returncode != 0:
            raise BadRequest(complaint(done.stderr) or f"{program} ended with {done.returncode}.")
        return done.stdout


def version(text: str) -> int:
    """The first whole number: `pg_dump (PostgreSQL) 15.20 (Debian …)` is of version 15."""
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0


def without_timeout(script: Path) -> None:
    """Makes a comment of what pg_restore of 17 or later begins with and an older server does not know."""
    with script.open("r+b") as file:
        head = file.read(HEAD)
        file.seek(0)
        file.write(head.replace(b"SET transaction_timeout", b"--- transaction_timeout"))


def complaint(written: str) -> str:
    lines = written.strip().splitlines()
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or [""])[0]
