"""The command `roost`, run as people run it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0


class Terminal:
    """`home` is where it keeps its tokens."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.home = home
        kept = {name: os.environ[name] for name in ("PATH", "COVERAGE_PROCESS_START") if name in os.environ}
        self.environ = {**kept, "XDG_CONFIG_HOME": str(home), "PYTHONUTF8": "1", "TZ": "UTC", **environ}

    async def run(self, *words: str, given: bytes = b"") -> tuple[int, str, str]:
        """Status, and what it said and complained."""
        command = await self.start(*words)
        said, complained = await asyncio.wait_for(command.process.communicate(given), PATIENCE)
        return command.process.returncode or 0, said.decode(), complained.decode()

    async def start(self, *words: str) -> "Command":
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "clients.command_line", *words),
            cwd=ROOT,
            env=self.environ,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
        )
        return Command(process)


class Command:
    """One that goes on."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def line(self) -> str:
        """The next that it says."""
        assert self.process.stdout is not None
        line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)
        if not line:
            assert self.process.stderr is not None
            raise AssertionError((await self.process.stderr.read()).decode())
        return line.decode().rstrip("\n")

    async def write(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode())
        await self.process.stdin.drain()

    async def interrupt(self) -> tuple[int, str, str]:
        """Ctrl-C; status, and the rest of what it said and complained."""
        self.process.send_signal(signal.SIGINT)
        said, complained = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        return self.process.returncode or 0, said.decode(), complained.decode()

    async def deaf(self) -> None:
        """Nobody reads what it says any more."""
        assert self.process.stdout is not None
        transport = self.process._transport.get_pipe_transport(1)  # type: ignore[attr-defined]
        transport.close()
