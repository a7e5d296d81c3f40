"""Visitors who leave in the middle, and the id by which a request is found again (HOSTING H17)."""

import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from tests.support.door import HANDSHAKE, Door, running
from tests.support.house import House, StuckWriter
from tests.support.raw_socket import RawSocket
from tests.support.waiting import until

COMMAND = b'{"type":"message.send","ref":1,"room":1,"nonce":"0123456789abcdef","text":"on my way out"}'


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {"TRUST_PROXY": "1"}) as door:
        yield door


def request(line: str, headers: dict[str, str]) -> bytes:
    return "\r\n".join([line, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()


def post(door: Door, length: int) -> bytes:
    headers = {"Host": "a", "Authorization": f"Bearer {door.bearer}", "Content-Length": str(length)}
    return request("POST /command HTTP/1.1", headers)


async def all_gone(door: Door) -> None:
    await until(lambda: not door.server._http._silent and not door.server._http._asking)


def faults(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_leaving_within_a_request_is_no_fault(door: Door, share: float, caplog: pytest.LogCaptureFixture) -> None:
    whole = post(door, len(COMMAND)) + COMMAND
    async with RawSocket(door.server.port) as socket:
        await socket.send([whole[: int(share * len(whole))]])
        await until(lambda: door.server._http._silent or door.server._http._asking)
    await all_gone(door)
    assert faults(caplog) == []


async def test_leaving_before_the_answer_is_no_fault_and_what_was_asked_is_done(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    # The first use of a token is written down, and would wait for the writer before the command does.
    await door.post(b'{"type":"ping","ref":1}', {"Authorization": f"Bearer {door.bearer}"})
    stuck = StuckWriter(cast("House", door.server.application))
    await stuck.is_stuck()
    async with RawSocket(door.server.port) as socket:
        await socket.send([post(door, len(COMMAND)), COMMAND])
        # Else the repeat below may overtake it, and be the first.
        await until(lambda: door.server.application.services.store.log._writing is not None)
    await stuck.release()
    await all_gone(door)
    status, _, body = await door.post(COMMAND, {"Authorization": f"Bearer {door.bearer}"})
    assert status == 200
    assert b'"dup":true' in body
    assert faults(caplog) == []


async def test_leaving_within_a_handshake_or_from_a_stream_is_no_fault(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    source = await door.listen("room=1")
    await source.hears("opened")
    source.leave()
    async with RawSocket(door.server.port) as socket:
        await socket.send([request("GET /ws HTTP/1.1", HANDSHAKE | door.signed_in)])
    await until(lambda: not door.server.application.hub.connections)
    await all_gone(door)
    assert faults(caplog) == []


# The id of a request


async def id_of(door: Door, given: str) -> str:
    _, head = await door.ask("GET /rules HTTP/1.1", {"Host": "127.0.0.1:5000", "X-Request-Id": given})
    (answered,) = re.findall(r"(?i)^x-request-id: (.*)$", head, re.MULTILINE)
    return str(answered).strip()


@pytest.mark.parametrize("given", ["0f1e2d3c-aaaa-bbbb-cccc-1234567890ab", "a" * 64, "12345678"])
async def test_the_proxys_id_is_kept_echoed_and_logged(
    door: Door, given: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert await id_of(door, given) == given
    await until(lambda: re.search(rf"GET /rules 200 .* {given}$", caplog.text, re.MULTILINE))


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "no spaces in it", "<script>alert(1)</script>", "é" * 20])
async def test_what_is_no_id_is_replaced(door: Door, given: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", await id_of(door, given))


async def test_without_a_proxy_nobody_else_names_requests(tmp_path: Path) -> None:
    async with running(tmp_path, {}) as door:
        assert re.fullmatch(r"[0-9a-f]{16}", await id_of(door, "a" * 20))
        assert await id_of(door, "") != await id_of(door, "")
