"""PostgreSQL for tests: fresh databases for those that want one, and a server of its own for who stops or stalls it.

`Databases` are made on the server that TEST_POSTGRES names, a URL whose user may create databases, else on a `Cluster`
that is started for them and ends with them. On a machine without PostgreSQL those tests are skipped.
"""

import asyncio
import contextlib
import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import asyncpg
import pytest
from sqlalchemy import make_url

from app.storage.migrate import migrate

USER = "postgres"
"""Of the system, when root runs the tests: PostgreSQL refuses to be started by root. And of the database."""
INITDB = ("--username", USER, "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync")
ROOM = 2**30
"""Bytes."""
PATIENCE = 30.0
"""Seconds for a start, recovery after a crash included, or a stop."""

StopMode = Literal["smart", "fast", "immediate"]
STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class Cluster:
    """A PostgreSQL server of a test's own, made in `folder` and not yet started. It listens on a port of 127.0.0.1 that
    stays the same over all restarts, lets in everybody as superuser, and keeps fsync on.

    All methods block: where an event loop has to go on meanwhile, call them by `asyncio.to_thread`. `folder` has to be
    reachable for the user `postgres` when root runs the tests, which `tmp_path` is not; `own_cluster` makes one.
    """

    def __init__(self, folder: Path, *initdb: str) -> None:
        """`initdb` are options of that command, such as `--wal-segsize=1` for a small disk."""
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"
        """What the server says."""
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
        made = _run("initdb", "--pgdata", str(self.data), *INITDB, *initdb)
        assert made.returncode == 0, made.stderr.decode()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def start(self, **settings: str) -> None:
        """Start, with these settings on top, and return when it takes connections: after a crash that is when it has
        recovered."""
        settings |= {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        options = itertools.chain.from_iterable(("-c", f"{name}={value}") for name, value in settings.items())
        with self.log.open("ab") as log:
            command = [_binary("postgres"), "-D", str(self.data), *options]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **_as_user())
        self._wait_until_ready(self._process)

    def stop(self, mode: StopMode = "fast") -> None:
        """As `pg_ctl stop -m`: `smart` waits for clients to leave, `fast` throws them out, `immediate` breaks off
        everything, so that the next start has to recover. Does nothing when it is not running."""
        if self._process is not None:
            self._process.send_signal(STOP_SIGNALS[mode])
            self._process.wait(PATIENCE)
            self._process = None

    def restart(self, mode: StopMode = "fast") -> None:
        self.stop(mode)
        self.start()

    def kill(self) -> None:
        """SIGKILL to every process of the server at once, as by a machine that is switched off (the page cache
        stays)."""
        assert self._process is not None
        self._signal(signal.SIGKILL)
        self._process.wait(PATIENCE)
        self._process = None

    def pause(self) -> None:
        """SIGSTOP to every process: connections stay open, the kernel goes on accepting new ones, nobody answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def put(self, name: str, content: bytes) -> None:
        """A file of the data folder, such as a certificate."""
        path = self.data / name
        path.write_bytes(content)
        path.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(path, USER, USER)

    def ask(self, query: str, database: str = "postgres") -> list[Any]:
        """The first column of what the query gives."""
        return ask(self.url(database), query)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + PATIENCE
        while not self._is_ready(process):
            assert process.poll() is None, self.log.read_text()
            assert time.monotonic() < give_up, self.log.read_text()
            time.sleep(0.01)

    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """The server's own file says so in its last line, which `pg_ctl` goes by too."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split()
        except FileNotFoundError:
            return False
        return len(lines) > 1 and lines[0] == str(process.pid) and lines[-1] == "ready"

    def _signal(self, signal: signal.Signals) -> None:
        """The first process goes first: what it would do about the ends of the others, it does no more."""
        assert self._process is not None
        first = self._process.pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        if signal is not signal.SIGCONT:
            os.kill(first, signal)
        for child in map(int, children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal)
        os.kill(first, signal)


@contextlib.contextmanager
def own_cluster(*initdb: str) -> Iterator[Cluster]:
    """A server that is running, in a folder of its own; at the end it is stopped and removed, whatever its state."""
    folder = Path(tempfile.mkdtemp(prefix="roost-postgres-", dir=_quick_disk()))
    try:
        cluster = Cluster(folder, *initdb)
        cluster.start()
        try:
            yield cluster
        finally:
            if cluster._process is not None:
                cluster.kill()
    finally:
        shutil.rmtree(folder)


class Databases:
    """Makes databases on one server, which `server`, the URL of any database there, leads to."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._template: str | None = None

    @contextlib.contextmanager
    def empty(self, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, which is dropped at the end, whoever uses it still."""
        name = f"roost_test_{secrets.token_hex(6)}"
        ask(self._server, f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        try:
            yield make_url(self._server).set(database=name).render_as_string(hide_password=False)
        finally:
            ask(self._server, f"DROP DATABASE {name} WITH (FORCE)")

    @contextlib.contextmanager
    def fresh(self) -> Iterator[str]:
        """One with all tables and the room `general`: a copy, which takes a twentieth of a second."""
        assert self._template is not None, "databases() makes it"
        with self.empty(self._template) as url:
            yield url

    @contextlib.contextmanager
    def with_template(self) -> Iterator["Databases"]:
        with self.empty() as url, ThreadPoolExecutor(1) as thread:
            thread.submit(migrate, url).result()
            self._template = make_url(url).database
            yield self


@contextlib.contextmanager
def databases() -> Iterator[Databases]:
    with contextlib.ExitStack() as stack:
        server = os.environ.get("TEST_POSTGRES") or stack.enter_context(own_cluster()).url()
        yield stack.enter_context(Databases(server).with_template())


def ask(url: str, query: str) -> list[Any]:
    """The first column of what the query gives."""

    async def fetch() -> list[Any]:
        connection = await asyncpg.connect(url, timeout=PATIENCE)
        try:
            return [row[0] for row in await connection.fetch(query)]
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:  # the caller's own may run a loop
        return thread.submit(asyncio.run, fetch()).result()


def _run(name: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([_binary(name), *arguments], check=False, capture_output=True, timeout=PATIENCE, **_as_user())


def _as_user() -> dict[str, Any]:
    """For subprocess; the working directory is one that every user may be in."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    return {"cwd": "/", "user": USER, "group": USER, "extra_groups": []}


def _binary(name: str) -> str:
    """Debian keeps the server's programs out of PATH, in a folder for each version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    for folder in reversed(folders):
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} of PostgreSQL on this machine: apt install postgresql")
    return found


def _quick_disk() -> str | None:
    """Memory, where there is enough: each database is 300 files. What is killed here are processes, not machines."""
    memory = Path("/dev/shm")  # noqa: S108
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
