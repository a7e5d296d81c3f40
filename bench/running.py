"""One server, from its start to its end."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from bench.beside import Beside
from bench.machine import GENERATOR_CORE, SERVER_CORE, cpu_seconds, private_bytes, resident_bytes, use_core
from bench.servers import Peer
from stores import free_port

STARTS_WITHIN = 30.0
"""Seconds."""


class Running:
    """A server on a core of its own, of one process or several; `with` it, it runs and listens."""

    def __init__(self, peer: Peer, folder: Path, beside: Beside | None = None) -> None:
        self.peer = peer
        self.folder = folder
        self.beside = beside or Beside()
        self._ports = [free_port() for _ in range(peer.processes)]
        self.addresses = [("127.0.0.1", free_port() if peer.apart else port) for port in self._ports]
        """Where it is spoken to."""
        self.listening_after = 0.0
        """Seconds from the command to the first connection taken; `ready_after` to the first visitor served."""
        self.ready_after = 0.0
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        use_core(SERVER_CORE)  # inherited, so that not even its first thread begins elsewhere
        began = time.perf_counter()
        for port, (_, spoken_at) in zip(self._ports, self.addresses, strict=True):
            self._processes.append(self._started(port, spoken_at))
        use_core(GENERATOR_CORE)
        try:
            self.listening_after = self.ready_after = self._wait_for(self._listens, began)
            if self.peer.ready_path:
                self.ready_after = self._wait_for(self._is_ready, began)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Without farewell: its state is thrown away, and to part from 10,000 clients takes its time."""
        if error is not None:
            print(f"The server's last words: {self._last_words()}", file=sys.stderr)
        self._end()

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._processes]

    @property
    def cpu_seconds(self) -> list[float]:
        """Of each process."""
        return list(map(cpu_seconds, self.pids))

    @property
    def private_bytes(self) -> int:
        return sum(map(private_bytes, self.pids))

    @property
    def resident_bytes(self) -> int:
        return sum(map(resident_bytes, self.pids))

    def _started(self, port: int, spoken_at: int) -> subprocess.Popen[bytes]:
        command = self.peer.command(port, self.folder)
        environment = {**os.environ, **self.peer.environment(port, self.folder), **self.beside.variables}
        if self.peer.apart:
            environment[self.peer.apart] = str(spoken_at)
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def _end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def _wait_for(self, condition: Callable[[int], bool], began: float) -> float:
        while time.perf_counter() < began + STARTS_WITHIN:
            if all(map(condition, self._ports)):
                return time.perf_counter() - began
            if any(process.poll() is not None for process in self._processes):
                break
            time.sleep(0.002)
        raise RuntimeError(f"{self.peer.title} did not start: {self._last_words()}")

    def _last_words(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def _listens(self, port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def _is_ready(self, port: int) -> bool:
        with suppress(URLError), urlopen(f"http://127.0.0.1:{port}{self.peer.ready_path}") as answer:
            return bool(answer.status == HTTPStatus.OK)
        return False
