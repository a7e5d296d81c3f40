"""A PostgreSQL server of one's own, to use, stop, stall and kill."""

import asyncio
import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import asyncpg

from stores import NotInstalled, free_port

USER = "postgres"
"""Of the system, when root starts it, which PostgreSQL refuses. And of the database."""
INITDB = ("--username", USER, "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync")
PATIENCE = 30.0
"""Seconds for a start, recovery after a crash included, or a stop."""

StopMode = Literal["smart", "fast", "immediate"]
STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class Cluster:
    """Made in `folder` and not yet started. It listens on a port of 127.0.0.1 that stays the same over all restarts,
    lets in everybody as superuser, and keeps fsync on.

    All methods block: where an event loop has to go on meanwhile, call them by `asyncio.to_thread`. `folder` has to be
    reachable for the user `postgres` when root starts it, which pytest's `tmp_path` is not.
    """

    def __init__(self, folder: Path, *initdb: str) -> None:
        """`initdb` are options of that command, such as `--wal-segsize=1` for a small disk. Raises NotInstalled."""
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"
        """What the server says."""
        self.port = free_port()
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
            command = [program("postgres"), "-D", str(self.data), *options]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **_as_user())
        self._wait_until_ready(self._process)

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def pids(self) -> list[int]:
        """Of the processes of the server, the first one first."""
        assert self._process is not None
        first = self._process.pid
        return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]

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

    def end(self) -> None:
        """Whatever its state. It is not killed: that would leave its shared memory to the machine."""
        if self._process is not None and self._process.poll() is None:
            self.resume()
            self.stop("immediate")

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

    def _signal(self, wanted: signal.Signals) -> None:
        """The first process goes first: what it would do about the ends of the others, it does no more."""
        assert self._process is not None
        first, *children = self.pids
        if wanted is not signal.SIGCONT:
            os.kill(first, wanted)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, wanted)
        os.kill(first, wanted)


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
    return subprocess.run([program(name), *arguments], check=False, capture_output=True, timeout=PATIENCE, **_as_user())


def _as_user() -> dict[str, Any]:
    """For subprocess; the working directory is one that every user may be in."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    return {"cwd": "/", "user": USER, "group": USER, "extra_groups": []}


def program(name: str) -> str:
    """Its path: Debian keeps the server's programs out of PATH, in a folder for each version. Raises NotInstalled."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    for folder in reversed(folders):
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise NotInstalled(f"no {name} of PostgreSQL on this machine: apt install postgresql")
    return found
