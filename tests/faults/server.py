"""A server process under test: started as people start it, watched from outside, and harmed by signals."""

import asyncio
import os
import re
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from stores import free_port
from tests.faults.community import ROOT, SETTINGS, Community, figure

STARTING = 30.0
METRICS_TOKEN = "for-the-fault-tests"
LIMITS = {
    "LIMIT_SENDS_PER_10_SECONDS": "1000000",
    "LIMIT_REPEATS_PER_12_HOURS": "1000000",
    "LIMIT_HISTORY_PER_MINUTE": "1000000",
    "LIMIT_CONNECT_PER_MINUTE": "1000000",
    "LIMIT_CONNECTIONS_PER_10_SECONDS": "1000000",
}
MANAGE = (str(ROOT / "manage.py"), "runserver")


class ServerProcess:
    """One of the community's. `command` is what Python runs; `wrapper` goes in front of Python (strace); `environment`
    adds to settings."""

    def __init__(
        self,
        community: Community,
        *,
        command: Sequence[str] = MANAGE,
        wrapper: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        port: int | None = None,
    ) -> None:
        self.community = community
        self.port = port or free_port()
        self.gateway_port = free_port()
        self.log = community.folder / f"server-{self.port}.log"
        self.launched_at = self.ready_at = 0.0
        self._command = (*wrapper, sys.executable, *command)
        self._spoken = command
        self._added = environment
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in {"DYNO", "HONCHO_PROCESS_NAME"}},
            **SETTINGS,
            **LIMITS,
            "PORT": str(self.port),
            "GATEWAY_PORT": str(self.gateway_port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            **community.environment,
            "METRICS_TOKEN": METRICS_TOKEN,
            "LOG_LEVEL": "warning",
            **(environment or {}),
        }
        self._process: asyncio.subprocess.Process | None = None
        self._kept: list[asyncio.StreamWriter] = []

    def again(self) -> "ServerProcess":
        """Another on the same database and port, without the wrapper."""
        return ServerProcess(self.community, port=self.port, command=self._spoken, environment=self._added)

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def gateway(self) -> tuple[str, int]:
        """Where it takes programs over TCP."""
        return "127.0.0.1", self.gateway_port

    async def start(self) -> None:
        """Returns when the server takes visitors."""
        await self.launch()
        await self.until_ready()

    async def until_ready(self) -> None:
        async with asyncio.timeout(STARTING):
            while await self.status("/readyz") != 200:
                assert self.is_running, self.log.read_text()
                await asyncio.sleep(0.02)
        self.ready_at = asyncio.get_running_loop().time()

    async def until_unready(self) -> None:
        async with asyncio.timeout(STARTING):
            while await self.status("/readyz") == 200:  # noqa: ASYNC110  it is another process
                await asyncio.sleep(0.02)

    async def launch(self) -> None:
        """Start it, and do not wait."""
        self.launched_at = asyncio.get_running_loop().time()
        assert not self.is_running
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def terminate(self) -> None:
        self.send(signal.SIGTERM)

    async def kill(self) -> None:
        if self.is_running:
            self.send(signal.SIGKILL)
            await self.ended()
        while self._kept:
            self._kept.pop().close()

    async def ended(self, seconds: float = 30.0) -> int:
        """The exit status, once the process is gone."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), seconds)

    # From outside

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def rss(self) -> int:
        """Bytes of memory that no other process shares."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        kib = (int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_"))
        return 1024 * sum(kib)

    @property
    def cpu(self) -> float:
        """Seconds of processor time since its start."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def descriptors(self) -> int:
        return sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir())

    async def status(self, path: str) -> int:
        """The status of an answer, 0 while nobody answers."""
        try:
            return (await self.get(path))[0]
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return 0

    async def metric(self, name: str) -> float:
        return figure((await self.get("/metrics"))[1], name)

    async def until_metric(self, name: str, holds: Callable[[float], bool], seconds: float = 120.0) -> None:
        async with asyncio.timeout(seconds):
            while not holds(await self.metric(name)):  # noqa: ASYNC110  it is another process
                await asyncio.sleep(0.2)

    async def kept_connection(self) -> Callable[[str], Awaitable[int]]:
        """One that stays open between requests, as a platform's router keeps them: gives the status of each answer."""
        reader, writer = await asyncio.open_connection(*self.address)

        async def ask(path: str) -> int:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            found = re.search(rb"(?i)content-length: (\d+)", head)
            await reader.readexactly(int(found[1]) if found else 0)
            return int(head.split(b" ", 2)[1])

        self._kept.append(writer)
        return ask

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Status and body."""
        return await self._answer("GET", path, {"Authorization": f"Bearer {METRICS_TOKEN}", **(headers or {})})

    async def post(self, path: str, headers: Mapping[str, str], body: str | bytes) -> tuple[int, str]:
        """Status and body of the answer. A picture is drawn in a process of its own before it is there."""
        sent = body.encode() if isinstance(body, str) else body
        return await self._answer("POST", path, {"Content-Length": str(len(sent)), **headers}, sent, 60.0)

    async def _answer(
        self, method: str, path: str, headers: Mapping[str, str], sent: bytes = b"", seconds: float = 5.0
    ) -> tuple[int, str]:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(*self.address)
            try:
                given = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", **headers}
                lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items()), "", ""]
                writer.write("\r\n".join(lines).encode() + sent)
                head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            finally:
                writer.close()
        if not head:
            raise asyncio.IncompleteReadError(head, None)
        return int(head.split(b" ", 2)[1]), body.decode(errors="replace")


class Peak:
    """The largest value of something that is looked at ten times a second while the context is open."""

    def __init__(self, look: Callable[[], int]) -> None:
        self.value = 0
        self._look = look
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            self.value = max(self.value, self._look())
            await asyncio.sleep(0.1)


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None
