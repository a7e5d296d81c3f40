"""tmux in an xterm: what is typed there, and what stands there."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from page.programs import answer_of, running
from tests.browser.site import until

SETTINGS = """
set -g destroy-unattached on
set -g default-command "env PS1='$ ' sh"
set -g status-left ""
set -g status-right ""
set -g status-style "bg=#1e282c,fg=#b2bdbe"
set -g pane-border-style "fg=#283235"
set -g pane-active-border-style "fg=#283235"
set -as terminal-features ",xterm*:RGB"
set-environment -g COLORTERM truecolor
"""
LOOK = ("-geometry", "132x46", "-fa", "DejaVu Sans Mono", "-fs", "10", "-bg", "#141d20", "-fg", "#e8eeef", "-b", "6")


class Tmux:
    """What is typed goes to the pane that was made last, which is also the one that is read. A new one has the PATH of
    whoever asks for it, hence the environment."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.command = ("tmux", "-S", str(folder / "tmux"))
        self._environment = environment

    async def split(self, lines: int) -> None:
        """A pane of so many lines below what is there."""
        await self._run("split-window", "-v", "-l", str(lines))

    async def type(self, text: str) -> None:
        """And Enter."""
        await self._run("send-keys", "-l", text)
        await self._run("send-keys", "Enter")

    async def shows(self, pattern: str) -> re.Match[str]:
        """Once it does; TimeoutError, with what stands there, when it does not in time."""
        found = None

        async def is_there() -> bool:
            nonlocal found
            found = re.search(pattern, await self._screen())
            return found is not None

        try:
            await until(is_there)
        except TimeoutError as late:
            late.add_note(f"no {pattern!r} in\n{await self._screen()}")
            raise
        assert found is not None
        return found

    async def is_up(self) -> bool:
        process = await asyncio.create_subprocess_exec(*self.command, "has-session", stderr=asyncio.subprocess.DEVNULL)
        return await process.wait() == 0

    async def _screen(self) -> str:
        return await self._run("capture-pane", "-p")

    async def _run(self, *words: str) -> str:
        return await answer_of(*self.command, *words, environment=self._environment)


@asynccontextmanager
async def terminal(folder: Path, environment: dict[str, str]) -> AsyncIterator[Tmux]:
    """On the DISPLAY of the environment, with a shell that waits."""
    settings = folder / "tmux.conf"
    settings.write_text(SETTINGS)
    tmux = Tmux(folder, environment)
    inside = (*tmux.command, "-f", str(settings), "new-session", "-n", "roost")
    async with running("xterm", *LOOK, "-e", *inside, environment=environment):
        await until(tmux.is_up)
        await tmux.shows(r"\$")
        yield tmux
