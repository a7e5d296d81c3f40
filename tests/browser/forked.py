"""`manage.py` in processes of their own, forked from one that has imported it: a second of imports each is saved."""

import asyncio
import multiprocessing
import os
import signal
import sys
from pathlib import Path

from app.management.command_line import main

ROOT = Path(__file__).resolve().parents[2]
FORKS = multiprocessing.get_context("forkserver")
# The last two are imported when they are first used.
PRELOADED = [__name__, "uvloop", "sqlalchemy.dialects.sqlite"]
FORKS.set_forkserver_preload(PRELOADED)


class Forked:
    """One of them. It has of asyncio's Process what the tests need."""

    def __init__(self, arguments: tuple[str, ...], environment: dict[str, str], said: Path | None) -> None:
        # Of a daemon nobody waits for the end when a test has left it behind.
        self._process = FORKS.Process(target=run, args=(arguments, environment, said), daemon=True)

    async def start(self) -> None:
        await asyncio.to_thread(self._process.start)

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    async def wait(self) -> int:
        await asyncio.to_thread(self._process.join)
        assert self._process.exitcode is not None
        return self._process.exitcode


def run(arguments: tuple[str, ...], environment: dict[str, str], said: Path | None) -> None:
    """As a shell would start it, with nothing of our own environment."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    if said is not None:
        with said.open("wb") as file:
            os.dup2(file.fileno(), sys.stdout.fileno())
    sys.exit(main(list(arguments)))
