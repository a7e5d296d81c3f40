"""From a terminal: somebody signs in, says something, hears somebody else, and is put out from the settings."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from app.chat import messages
from clients.command_line import DONE, NOT_SIGNED_IN
from tests.clients.site import Site, running_site
from tests.clients.terminal import Terminal
from tests.support.gateway import new_pair
from tests.support.house import new_nonce
from tests.support.sign_in import Browser

ENDS = 2.0
"""Seconds until a program that was ended is put out (DELIVERY D15)."""
NAME = "terminal on laptop"


async def log_in(site: Site, person: Browser, home: Path) -> str:
    """The token that is kept then."""
    login = await Terminal(home).start("login", site.url, "--name", NAME)
    code = (await login.line()).rpartition(" ")[2]
    assert (await person.submit(f"/device?code={code}", {"code": code, "answer": "approve"})).code == 303
    said, complained = await login.process.communicate()
    assert (login.process.returncode, complained) == (DONE, b"")
    assert b"Signed in as @ada_l." in said
    token: str = json.loads((home / "roost" / "servers.json").read_text())["tokens"][site.url]
    return token


@pytest.mark.parametrize("way", ["https", "tcps"])
async def test_a_terminal_is_let_in_talks_and_is_put_out(tmp_path: Path, way: str) -> None:
    pair = new_pair(tmp_path)
    async with running_site(tmp_path, **pair.environment) as site:
        ada, bo = await site.browser("ada_l"), await site.visitor("bo")
        token = await log_in(site, ada, tmp_path / "home")
        by_tcp = {"ROOST_SERVER": site.tcp, "ROOST_TOKEN": token, "SSL_CERT_FILE": str(pair.certificate)}
        terminal = Terminal(tmp_path / "home", **(by_tcp if way == "tcps" else {}))

        assert await terminal.run("send", "general", "hello") == (DONE, "", "")
        assert "hello" in (await ada.open("/chat/general")).body.decode()
        tail = await terminal.start("tail", "general")
        assert (await tail.line()).endswith("@ada_l hello")
        await (await messages.post(site.services, bo, 1, new_nonce(), "Hi Ada"))
        assert (await tail.line()).endswith("@bo Hi Ada")

        page = (await ada.open("/settings/devices")).body.decode()
        (number,) = re.findall(r'name="token" value="(\d+)"', page)
        assert (await ada.submit("/settings/devices", {"token": number})).code == 303
        async with asyncio.timeout(ENDS):
            assert await tail.process.wait() == NOT_SIGNED_IN
        assert (await terminal.run("send", "general", "again"))[0] == NOT_SIGNED_IN
