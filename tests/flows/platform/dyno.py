"""One process as a platform runs it: its own copy of the code on a disk it may not write to, settings from the
environment alone, a port to bind in time, a SIGTERM to follow in time."""

import asyncio
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from stores import free_port
from tests.flows.platform.slug import Slug

BOOT = 60.0
GRACE = 30.0
"""Seconds."""
LISTEN = "0A"
UNLIMITED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")
"""Without these capabilities the modes of files hold for root too."""


class Dyno:
    """`name` is web.1, release.7 or run.3. `faults` says what it was killed for."""

    def __init__(self, name: str, slug: Slug, command: str, config: Mapping[str, str]) -> None:
        self.name = name
        self.port = free_port()
        self.faults: list[str] = []
        self.exit_status: int | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._folder = Path(tempfile.mkdtemp(prefix=f"roost-{name}-"))
        self._home = self._folder / "app"
        self._command = command
        self._environment = environment(slug, self._home) | {**config, "DYNO": name, "PORT": str(self.port)}
        shutil.copytree(slug.code, self._home)

    async def start(self) -> None:
        forbid_writing(self._home)
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *unprivileged(), "/bin/sh", "-c", self._command,
                cwd=self._home, env=self._environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    async def bound(self) -> bool:
        """Whether it has bound its port in time; one that has not is killed."""
        try:
            async with asyncio.timeout(BOOT):
                while not await listens(self.port):
                    assert self.is_running, self.said
                    await asyncio.sleep(0.02)
        except TimeoutError:
            self.faults.append("port not bound")
            self._signal(signal.SIGKILL)
            return False
        return True

    async def ended(self, seconds: float = BOOT) -> int:
        """Its exit status, once it has ended by itself. Nothing of its disk is left."""
        assert self._process is not None
        status = await asyncio.wait_for(self._process.wait(), seconds)
        self._last_words = self._log.read_text()
        self.exit_status = status
        shutil.rmtree(self._folder)
        return status

    async def stop(self) -> float:
        """SIGTERM to all its processes, and again, as it happens; SIGKILL when it is still there after GRACE. The
        seconds that took."""
        begun = asyncio.get_running_loop().time()
        self._signal(signal.SIGTERM)
        await asyncio.sleep(0.2)
        self._signal(signal.SIGTERM)
        try:
            await self.ended(GRACE)
        except TimeoutError:
            self.faults.append("not ended")
            self._signal(signal.SIGKILL)
            await self.ended()
        return asyncio.get_running_loop().time() - begun

    async def remove(self) -> None:
        """Whatever its state."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            await self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def said(self) -> str:
        """Its log so far."""
        return self._last_words if self.exit_status is not None else self._log.read_text()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def memory(self) -> int:
        """Resident, in KiB."""
        (resident,) = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        return int(resident)

    @property
    def listening(self) -> list[int]:
        """The TCP ports that it listens on."""
        held = {path.readlink().name for path in Path(f"/proc/{self.pid}/fd").iterdir()}
        tables = (Path(f"/proc/{self.pid}/net/{name}").read_text() for name in ("tcp", "tcp6"))
        rows = [line.split() for table in tables for line in table.splitlines()[1:]]
        return [int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == LISTEN and f"socket:[{row[9]}]" in held]

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):  # it has ended, and we have not been told yet
            if self.is_running:
                os.killpg(self.pid, number)


def environment(slug: Slug, home: Path) -> dict[str, str]:
    """What every process of a platform gets, settings apart; some of it is meant for other servers than ours."""
    return {
        "HOME": str(home),
        "PATH": f"{slug.python / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(home),
        "PYTHONUNBUFFERED": "true",
        "FORWARDED_ALLOW_IPS": "*",
        "GUNICORN_CMD_ARGS": "--access-logfile -",
        "WEB_CONCURRENCY": "2",
        "WEB_CONCURRENCY_SET_BY": "heroku/python",
    }


def forbid_writing(folder: Path) -> None:
    """Nothing that matters may be written there: it would be gone with the dyno."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)


@cache
def unprivileged() -> tuple[str, ...]:
    return UNLIMITED if os.geteuid() == 0 and shutil.which("setpriv") else ()


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
