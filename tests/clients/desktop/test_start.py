"""`roost window` in a process of its own: it ends when it is told to, and keeps what was typed."""

import asyncio
import json
import signal
import time
from pathlib import Path

from clients.command_line import DONE, NOT_SIGNED_IN, REFUSED
from tests.clients.site import Site
from tests.clients.terminal import Terminal


async def test_a_signal_ends_it_cleanly(site: Site, display: str, tmp_path: Path) -> None:
    kept = tmp_path / "roost" / "unsent.json"
    kept.parent.mkdir()
    text = json.dumps({site.url: {"drafts": {"1": "not finished"}, "waiting": []}})
    kept.write_text(text)
    terminal = Terminal(tmp_path, ROOST_SERVER=site.url, ROOST_TOKEN=await site.token("ada_l"), DISPLAY=display)
    window = await terminal.start("window", "general")
    async with asyncio.timeout(20):
        while not site.proxy._pumps:  # noqa: ASYNC110  nothing tells of it
            await asyncio.sleep(0.01)
    began = time.monotonic()
    window.process.send_signal(signal.SIGINT)
    said, complained = await window.process.communicate()
    assert (window.process.returncode, said, complained) == (DONE, b"", b"")
    assert time.monotonic() - began < 5  # 2 s where nothing else runs
    assert json.loads(kept.read_text()) == json.loads(text)


async def test_without_a_display_or_a_token_it_says_so(site: Site, tmp_path: Path) -> None:
    stranger, blind = Terminal(tmp_path), Terminal(tmp_path, ROOST_SERVER=site.url, ROOST_TOKEN="roost_any")
    assert (await stranger.run("window"))[0] == NOT_SIGNED_IN
    status, _, complained = await blind.run("window")
    assert status == REFUSED
    assert complained.startswith("roost: No window can be opened here: no display name")
