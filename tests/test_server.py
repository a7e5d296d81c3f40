"""How a server ends, and what it says when it has begun; how it begins is in tests/flows/platform."""

import asyncio
import re
from pathlib import Path
from typing import cast

import msgspec
import pytest

from app.chat import accounts
from app.storage import setup_codes
from tests.support.door import HANDSHAKE, Door, running
from tests.support.house import House, StuckWriter
from tests.support.waiting import until

COMMAND = msgspec.json.encode(
    {"type": "message.send", "ref": 7, "room": 1, "nonce": "0123456789abcdef", "text": "the last word"}
)


async def post(door: Door) -> dict[str, object]:
    status, head, body = await door.post(COMMAND, {"Authorization": f"Bearer {door.bearer}"})
    assert (status, "Connection: close" in head) == (200, False)
    answer: dict[str, object] = msgspec.json.decode(body)
    return answer


async def test_a_request_that_waits_for_its_commit_is_answered_before_the_end(tmp_path: Path) -> None:
    async with running(tmp_path, {}) as door:
        stuck = StuckWriter(cast("House", door.server.application))
        await stuck.is_stuck()
        asking = asyncio.create_task(post(door))
        await until(lambda: door.server._http._asking)
        stopping = asyncio.create_task(door.server.stop())
        await until(lambda: not door.server.application.takes_visitors)
        assert not asking.done()
        assert not stopping.done()
        await stuck.release()
        assert (await asking)["type"] == "sent"
        await stopping


async def test_a_server_without_an_owner_says_how_to_become_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(tmp_path, {}) as door:
        (code,) = re.findall(r"enter (\S+) at http://127.0.0.1:5000/first-owner", caplog.text)
        kept = await door.server.application.services.store.read(setup_codes.read)
        assert kept == [accounts.token_hash(code)]


async def test_a_server_whose_owners_are_named_says_nothing_of_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(tmp_path, {"OWNER_HANDLES": "jack"}):
        assert "first-owner" not in caplog.text


@pytest.mark.parametrize(("trusted", "refused"), [("0", True), ("1", False)], ids=["alone", "behind a proxy"])
async def test_the_connections_of_one_address_are_counted_where_it_is_no_proxys(
    tmp_path: Path, trusted: str, refused: bool
) -> None:
    async with running(tmp_path, {"TRUST_PROXY": trusted, "LIMIT_CONNECTIONS_PER_10_SECONDS": "1"}) as door:
        statuses = [(await door.ask("GET /healthz HTTP/1.1", {"Host": "127.0.0.1"}))[0] for _ in range(2)]
    assert statuses == [200, 429 if refused else 200]


@pytest.mark.parametrize("way", ["/ws", "/stream"])
async def test_who_would_stay_is_sent_elsewhere_while_the_server_takes_leave(tmp_path: Path, way: str) -> None:
    """By a connection that a proxy has kept, say: the farewell would not reach them."""
    async with running(tmp_path, {}) as door:
        headers = HANDSHAKE | door.signed_in
        door.server.application.leave()
        status, head = await door.ask(f"GET {way} HTTP/1.1", headers)
        assert (status, "\r\nContent-Type: text/plain" in head) == (503, True)
        assert not door.server.application.hub.connections
        assert (await post(door))["type"] == "sent"
