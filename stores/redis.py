"""A Redis server of one's own, to use, stall and kill."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from stores import NotInstalled, free_port

PATIENCE = 10.0
"""Seconds for a start."""


class RedisServer:
    """Not yet started, on a port of 127.0.0.1 that stays the same. It keeps nothing on disk: each start begins empty.
    All methods block for some milliseconds."""

    def __init__(self, folder: Path, *options: str) -> None:
        """`options` are those of the command, such as `--maxmemory 1mb`."""
        self.port = free_port()
        self._folder = folder
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pids(self) -> list[int]:
        assert self._process is not None
        return [self._process.pid]

    def start(self) -> None:
        """Returns when it takes connections. Raises NotInstalled."""
        command = [program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command += ["--dir", str(self._folder), *self._options]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        give_up = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, "the Redis server has ended"
            assert time.monotonic() < give_up, "the Redis server does not answer"
            time.sleep(0.01)

    def kill(self) -> None:
        """SIGKILL. Does nothing when it is not running."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None

    def restart(self) -> None:
        """As after a crash: empty."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """SIGSTOP: connections stay open, the kernel goes on accepting new ones, nobody answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def ask(self, *words: str) -> bytes:
        """A command; its answer as it comes, up to 64 KiB."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            connection.sendall((" ".join(words) + "\r\n").encode())
            return connection.recv(1 << 16)

    def cut_clients(self) -> None:
        """End all connections at the server's side."""
        self.ask("CLIENT", "KILL", "TYPE", "pubsub")
        self.ask("CLIENT", "KILL", "TYPE", "normal")

    def _answers(self) -> bool:
        try:
            return self.ask("PING").startswith(b"+PONG")
        except OSError:
            return False

    def _signal(self, wanted: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(wanted)


def program() -> str:
    """Its path. Raises NotInstalled."""
    found = shutil.which("redis-server")
    if found is None:
        raise NotInstalled("no redis-server on this machine: apt install redis-server")
    return found
