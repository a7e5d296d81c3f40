"""One server process, from its start to its end."""

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

from bench.machine import GENERATOR_CORE, SERVER_CORE, cpu_seconds, private_bytes, resident_bytes, use_core
from bench.servers import Peer

STARTS_WITHIN = 30.0
"""Seconds."""


class Running:
    """A server on a core of its own, with a fresh folder; `with` it, it runs and listens."""

    def __init__(self, peer: Peer, folder: Path) -> None:
        self.peer = peer
        self.folder = folder
        self.address = ("127.0.0.1", free_port())
        self.listening_after = 0.0
        """Seconds from the command to the first connection taken; `ready_after` to the first visitor served."""
        self.ready_after = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        port = self.address[1]
        command = self.peer.command(port, self.folder)
        environment = os.environ | self.peer.environment(port, self.folder)
        with (self.folder / "log").open("wb") as log:
            use_core(SERVER_CORE)  # inherited, so that not even its first thread begins elsewhere
            began = time.perf_counter()
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            use_core(GENERATOR_CORE)
        self.listening_after = self._wait_for(self._listens, began)
        self.ready_after = self._wait_for(self._is_ready, began) if self.peer.ready_path else self.listening_after
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Without farewell: its state is thrown away, and to part from 10,000 clients takes its time."""
        assert self._process is not None, "entered before"
        if error is not None:
            print(f"The server's last words: {self._last_words()}", file=sys.stderr)
        self._process.kill()
        self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None, "runs only inside of `with`"
        return self._process.pid

    @property
    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    @property
    def private_bytes(self) -> int:
        return private_bytes(self.pid)

    @property
    def resident_bytes(self) -> int:
        return resident_bytes(self.pid)

    def _wait_for(self, condition: Callable[[], bool], began: float) -> float:
        while time.perf_counter() < began + STARTS_WITHIN:
            if condition():
                return time.perf_counter() - began
            if self._process is not None and self._process.poll() is not None:
                break
            time.sleep(0.002)
        raise RuntimeError(f"{self.peer.title} did not start: {self._last_words()}")

    def _last_words(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(self.address) == 0

    def _is_ready(self) -> bool:
        with suppress(URLError), urlopen(f"http://127.0.0.1:{self.address[1]}{self.peer.ready_path}") as answer:
            return bool(answer.status == HTTPStatus.OK)
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
