"""Signing in by a code at a real server, which somebody approves in a browser."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.chat import accounts, device_codes, programs
from app.errors import AccessDenied, ExpiredToken
from app.memory.limits import Limit
from app.models import User
from app.services import Services
from clients import sign_in as module
from clients.address import address_of
from clients.command_line import DONE, NOT_SIGNED_IN, REFUSED, UNREACHABLE
from clients.config import load_config
from clients.sign_in import Codes, NotLetIn, SignedIn, sign_in
from tests.clients.terminal import Terminal
from tests.support.sign_in import Browser, Roost, running_roost
from tests.support.waiting import until

NAME = "terminal on laptop"


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path) as running:
        yield running


@pytest.fixture
async def ada(roost: Roost) -> Browser:
    browser = roost.browser()
    await browser.sign_in()
    return browser


@pytest.fixture
def polls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The device codes that the server was asked for, each time."""
    asked: list[str] = []
    redeem = device_codes.redeem

    async def noted(services: Services, device_code: str) -> tuple[str, User]:
        asked.append(device_code)
        return await redeem(services, device_code)

    monkeypatch.setattr(device_codes, "redeem", noted)
    return asked


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST", 0.05)
    monkeypatch.setattr(module, "SLOWER", 0.0)
    monkeypatch.setattr(device_codes, "INTERVAL", 0)
    monkeypatch.setattr(device_codes, "POLLS", Limit(1_000_000, 1.0))


async def answer(browser: Browser, code: str, says: str = "approve") -> None:
    await browser.submit(f"/device?code={code}", {"code": code, "answer": says})


async def begun(roost: Roost) -> tuple[Codes, asyncio.Task[SignedIn]]:
    """Codes that are shown, and what will come of them."""
    shown: list[Codes] = []
    asking = asyncio.create_task(sign_in(address_of(roost.url), NAME, "read", shown.append))
    await until(lambda: shown or asking.done())
    return shown[0], asking


async def test_it_waits_until_somebody_approves(roost: Roost, ada: Browser, polls: list[str]) -> None:
    codes, asking = await begun(roost)
    assert codes.verification_uri_complete == f"{roost.url}/device?code={codes.user_code}"
    await until(lambda: len(polls) > 1)
    assert not asking.done()
    await answer(ada, codes.user_code)
    signed_in = await asking
    assert signed_in.person.handle == "ada_wires"
    visitor = await accounts.resume_bearer(roost.services, signed_in.access_token)
    assert visitor is not None
    assert NAME in (await ada.open("/settings/devices")).body.decode()


async def test_somebody_refuses(roost: Roost, ada: Browser) -> None:
    codes, asking = await begun(roost)
    await answer(ada, codes.user_code, "refuse")
    with pytest.raises(NotLetIn, match=AccessDenied().message):
        await asking


async def test_the_server_says_that_the_code_is_over(roost: Roost) -> None:
    _, asking = await begun(roost)
    roost.clock.seconds += device_codes.LIFE / 1000
    with pytest.raises(NotLetIn, match=ExpiredToken().message):
        await asking


async def test_it_asks_more_seldom_when_it_is_told_to_until_the_code_runs_out(
    roost: Roost, polls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLOWER", 30.0)
    monkeypatch.setattr(device_codes, "POLLS", Limit(1, 60.0))
    monkeypatch.setattr(device_codes, "LIFE", 1_000)
    _, asking = await begun(roost)
    with pytest.raises(NotLetIn, match="run out"):
        await asking
    assert len(polls) == 2


async def test_a_name_that_is_none_is_refused_with_what_is_one(roost: Roost) -> None:
    with pytest.raises(NotLetIn, match="1 to 60 characters"):
        await sign_in(address_of(roost.url), "", "read", lambda _: None)


async def test_the_command_keeps_the_token_for_its_owner_alone_and_ends_it(
    roost: Roost, ada: Browser, tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path)
    login = await terminal.start("login", roost.url, "--name", NAME)
    await answer(ada, (await login.line()).rpartition(" ")[2])
    said, complained = await login.process.communicate()
    assert (login.process.returncode, complained) == (DONE, b"")
    assert said.decode().endswith("Signed in as @ada_wires.\n")
    kept = tmp_path / "roost" / "servers.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    token = json.loads(kept.read_text())["tokens"][roost.url]
    assert await accounts.resume_bearer(roost.services, token)

    assert await terminal.run("logout") == (DONE, f"Signed out of {roost.url}.\n", "")
    assert json.loads(kept.read_text())["tokens"] == {}
    assert await accounts.resume_bearer(roost.services, token) is None
    assert (await terminal.run("logout"))[0] == NOT_SIGNED_IN


@pytest.mark.parametrize(("said", "scope"), [([], "write"), (["--scope", "read"], "read")])
async def test_the_command_asks_for_a_scope(
    roost: Roost, ada: Browser, tmp_path: Path, said: list[str], scope: str
) -> None:
    login = await Terminal(tmp_path).start("login", roost.url, "--name", NAME, *said)
    await answer(ada, (await login.line()).rpartition(" ")[2])
    await login.process.communicate()
    (token,) = await programs.of_handle(roost.services, "ada_wires")
    assert token.scope == scope


async def test_nobody_is_asked_to_approve_what_could_not_be_kept(roost: Roost, tmp_path: Path) -> None:
    (tmp_path / "roost").symlink_to(tmp_path / "a disk that is not there")
    status, said, complained = await Terminal(tmp_path).run("login", roost.url)
    assert (status, said) == (REFUSED, "")
    assert complained.rstrip().endswith("servers.json cannot be written: File exists.")


async def test_a_token_is_forgotten_where_its_server_is_away(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:1"
    kept = load_config({"XDG_CONFIG_HOME": str(tmp_path)}).with_token(nobody, "roost_old")
    kept.save()
    status, said, complained = await Terminal(tmp_path, ROOST_TOKEN="roost_of_a_program").run("logout")
    assert (status, said) == (UNREACHABLE, "")
    assert "forgotten here alone" in complained
    assert json.loads(kept.path.read_text())["tokens"] == {}
