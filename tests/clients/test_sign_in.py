"""Signing in by a code, at a stand-in for the two addresses."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from clients import sign_in as module
from clients.address import Address, address_of
from clients.command_line import DONE, NOT_SIGNED_IN
from clients.sign_in import Codes, NotLetIn, sign_in
from tests.clients.terminal import Terminal

CODES = {
    "device_code": "secret",
    "user_code": "BCDF-GHJK",
    "verification_uri": "https://chat.example/device",
    "verification_uri_complete": "https://chat.example/device?code=BCDF-GHJK",
    "expires_in": 600,
    "interval": 0,
}
LET_IN = {"access_token": "roost_new", "token_type": "Bearer", "person": {"id": 1, "handle": "ada_l", "name": "Ada"}}


class Stand:
    """Gives the codes, then each of the `answers` in turn; notes what it was asked."""

    def __init__(self, *answers: dict[str, Any], **codes: Any) -> None:
        self.codes = {**CODES, **codes}
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.address: Address


class CodeHandler(RequestHandler):
    def post(self) -> None:
        stand: Stand = self.settings["stand"]
        stand.asked.append(json.loads(self.request.body))
        self.write(stand.codes)


class TokenHandler(RequestHandler):
    def post(self) -> None:
        stand: Stand = self.settings["stand"]
        stand.asked.append(json.loads(self.request.body))
        answer = stand.answers.pop(0)
        self.set_status(400 if "error" in answer else 200)
        self.write(answer)


@asynccontextmanager
async def standing(stand: Stand) -> AsyncIterator[Stand]:
    server = HTTPServer(Application([("/device/code", CodeHandler), ("/device/token", TokenHandler)], stand=stand))
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    stand.address = address_of(f"http://127.0.0.1:{sockets[0].getsockname()[1]}")
    yield stand
    server.stop()
    await server.close_all_connections()


def error(code: str) -> dict[str, str]:
    return {"error": code, "message": f"This is {code}."}


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST", 0.0)
    monkeypatch.setattr(module, "SLOWER", 0.0)


async def test_it_waits_until_somebody_approves() -> None:
    shown: list[Codes] = []
    async with standing(Stand(error("authorization_pending"), error("slow_down"), LET_IN)) as stand:
        signed_in = await sign_in(stand.address, "a terminal", shown.append)
    assert (signed_in.access_token, signed_in.person.handle) == ("roost_new", "ada_l")
    assert stand.asked == [{"name": "a terminal"}, *[{"device_code": "secret"}] * 3]
    assert shown[0].user_code == "BCDF-GHJK"


async def test_it_asks_more_seldom_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLOWER", 30.0)
    async with standing(Stand(error("slow_down"), LET_IN)) as stand:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(sign_in(stand.address, "a terminal", lambda _: None), 0.5)
    assert len(stand.asked) == 2


@pytest.mark.parametrize("code", ["access_denied", "expired_token"])
async def test_nobody_lets_it_in(code: str) -> None:
    async with standing(Stand(error(code))) as stand:
        with pytest.raises(NotLetIn, match=f"This is {code}."):
            await sign_in(stand.address, "a terminal", lambda _: None)


async def test_a_code_runs_out_by_itself() -> None:
    async with standing(Stand(*[error("authorization_pending")] * 1_000, expires_in=0.2)) as stand:
        with pytest.raises(NotLetIn, match="run out"):
            await sign_in(stand.address, "a terminal", lambda _: None)


async def test_the_command_keeps_the_token_for_its_owner_alone(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    async with standing(Stand(LET_IN)) as stand:
        status, said, complained = await terminal.run("login", stand.address.url, "--name", "terminal on laptop")
    assert (status, complained) == (DONE, "")
    assert "BCDF-GHJK" in said
    assert said.endswith("Signed in as @ada_l.\n")
    kept = tmp_path / "roost" / "servers.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text())["tokens"] == {stand.address.url: "roost_new"}

    assert (await terminal.run("logout"))[0] == DONE
    assert json.loads(kept.read_text())["tokens"] == {}
    assert (await terminal.run("logout"))[0] == NOT_SIGNED_IN
