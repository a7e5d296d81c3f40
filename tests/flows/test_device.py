"""A program without a browser: it asks for a code, its person approves, it talks, and is ended from the settings."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tornado.httpclient import HTTPResponse
from websockets.asyncio.client import ClientConnection, connect

from app.protocol.close_codes import CloseCode
from tests.support.house import new_nonce
from tests.support.sign_in import Browser, Roost, running_roost
from tests.support.waiting import PATIENCE

ENDS = 2.0
"""Seconds until the connections of a program that was ended are closed (DELIVERY D15)."""


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path) as running:
        yield running


async def ask(roost: Roost, path: str, **fields: str) -> HTTPResponse:
    return await roost.browser().open(path, method="POST", body=msgspec.json.encode(fields))


async def heard(program: ClientConnection, kind: str) -> Any:
    async with asyncio.timeout(PATIENCE):
        async for body in program:
            event = msgspec.json.decode(body)
            if event["type"] == kind:
                return event
    raise AssertionError(kind)


async def let_in(roost: Roost, person: Browser, name: str) -> Any:
    """What the program is given in the end."""
    codes = msgspec.json.decode((await ask(roost, "/device/code", name=name)).body)
    assert (await ask(roost, "/device/token", device_code=codes["device_code"])).code == 400
    page = codes["verification_uri_complete"].removeprefix(roost.url)
    await person.submit(page, {"code": codes["user_code"], "answer": "approve"})
    roost.clock.seconds += codes["interval"]
    return msgspec.json.decode((await ask(roost, "/device/token", device_code=codes["device_code"])).body)


async def test_a_program_is_let_in_talks_and_is_put_out(roost: Roost) -> None:
    ada = roost.browser()
    await ada.sign_in()
    given = await let_in(roost, ada, "terminal on laptop")
    address = f"{roost.url.replace('http', 'ws')}/ws"
    headers = {"Authorization": f"{given['token_type']} {given['access_token']}"}
    async with connect(address, additional_headers=headers, proxy=None) as program:
        started = await heard(program, "session.started")
        assert started["person"]["id"] == given["person"]["id"]
        said = {"type": "message.send", "ref": 1, "room": 1, "nonce": new_nonce(), "text": "from a terminal"}
        await program.send(msgspec.json.encode(said).decode())
        assert (await heard(program, "sent"))["message"]["number"] == 1
        assert "from a terminal" in (await ada.open("/chat/general")).body.decode()

        devices = (await ada.open("/settings/devices")).body.decode()
        assert "terminal on laptop" in devices
        (number,) = re.findall(r'name="token" value="(\d+)"', devices)
        assert (await ada.submit("/settings/devices", {"token": number})).code == 303
        async with asyncio.timeout(ENDS):
            await program.wait_closed()
        assert program.close_code == CloseCode.SESSION_ENDED
    command = await roost.browser().open("/command", method="POST", body=b"{}", headers=headers)
    assert command.code == 401


async def test_signing_out_everywhere_else_puts_programs_out_too(roost: Roost) -> None:
    ada = roost.browser()
    await ada.sign_in()
    given = await let_in(roost, ada, "terminal on laptop")
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    async with connect(f"{roost.url.replace('http', 'ws')}/ws", additional_headers=headers, proxy=None) as program:
        await heard(program, "session.started")
        await ada.submit("/settings/devices", {"session": "others"})
        async with asyncio.timeout(ENDS):
            await program.wait_closed()
        assert program.close_code == CloseCode.SESSION_ENDED
    assert (await ada.open("/chat/general")).code == 200
