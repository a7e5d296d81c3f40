"""Who is let in at /ws, over real sockets to the real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from app.chat import accounts
from app.handlers.websocket import is_handshake_key
from app.protocol.close_codes import CloseCode
from tests.support.door import KEY, Door, running
from tests.support.waiting import PATIENCE, until


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "1000"}) as door:
        yield door


async def heard(client: ClientConnection) -> dict[str, object]:
    async with asyncio.timeout(PATIENCE):
        event: dict[str, object] = msgspec.json.decode(await client.recv())
    return event


async def close_code(client: ClientConnection) -> int | None:
    """Why the server closes, whatever it says before."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE):
            async for _ in client:
                pass
    return client.close_code


async def test_a_person_from_our_own_page_is_let_in(door: Door) -> None:
    async with door.client() as client:
        assert client.response is not None
        assert client.response.headers.get("Sec-WebSocket-Extensions") is None
        started = await heard(client)
        assert started["type"] == "session.started"
        assert len(door.server.application.hub.connections) == 1
    await until(lambda: not door.server.application.hub.connections)


async def test_what_a_client_says_is_answered(door: Door) -> None:
    async with door.client() as client:
        await heard(client)
        await client.send('{"type":"no.such.thing","ref":7}')
        failed = await heard(client)
        assert (failed["type"], failed["ref"]) == ("error", 7)


async def test_the_answer_to_the_handshake_is_that_of_the_rfc(door: Door) -> None:
    status, head = await door.answer(door.signed_in)
    assert status == 101
    assert "\r\nSec-Websocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head


async def test_who_is_not_signed_in_is_told_so_in_a_sentence(door: Door) -> None:
    status, head = await door.answer({"Origin": door.origin})
    assert status == 401
    assert "\r\nContent-Type: text/plain" in head


@pytest.mark.parametrize("cookie", ["session=", "session=unknown", "session=\xff", "other=1"])
async def test_a_cookie_that_opens_no_session_is_refused(door: Door, cookie: str) -> None:
    assert await door.status({"Origin": door.origin, "Cookie": cookie}) == 401


async def test_an_ended_session_is_refused_and_its_connections_are_closed(door: Door) -> None:
    async with door.client() as client:
        await heard(client)
        (connection,) = door.server.application.hub.connections
        await accounts.sign_out(door.server.application.services, connection.visitor)
        assert await close_code(client) == CloseCode.SESSION_ENDED
    assert await door.status(door.signed_in) == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:5001"},
        {"Origin": "https://127.0.0.1:5000"},
        {"Origin": "http://127.0.0.1:5000.evil.example"},
        {"Origin": "http://127.0.0.1:5000\r\nOrigin: https://evil.example"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "", "Sec-Fetch-Site": "none"},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_cookie_is_not_enough_from_elsewhere(door: Door, headers: dict[str, str]) -> None:
    assert await door.status(door.signed_in | headers) == 403


async def test_a_browser_that_says_same_origin_is_believed(door: Door) -> None:
    assert await door.status({"Cookie": door.cookie, "Sec-Fetch-Site": "same-origin"}) == 101


async def test_a_host_that_a_proxy_changed_does_not_matter(door: Door) -> None:
    assert await door.status(door.signed_in | {"Host": "backend.internal:8080"}) == 101


async def test_a_program_with_its_token_needs_no_origin(door: Door) -> None:
    assert await door.status({"Authorization": f"Bearer {door.bearer}"}) == 101


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ", "Bearer unknown", "bearer \xff"])
async def test_a_wrong_token_is_not_made_good_by_a_cookie(door: Door, authorization: str) -> None:
    assert await door.status(door.signed_in | {"Authorization": authorization}) == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-WebSocket-Key": ""}, 400),
        ({"Sec-WebSocket-Key": "c2hvcnQ="}, 400),
        ({"Sec-WebSocket-Key": f"{KEY}\r\nSec-WebSocket-Key: {KEY}"}, 400),
        ({"Upgrade": ""}, 400),
        ({"Upgrade": "h2c"}, 400),
        ({"Connection": "keep-alive"}, 400),
        ({"Sec-WebSocket-Version": ""}, 426),
        ({"Sec-WebSocket-Version": "12"}, 426),
        ({"Host": ""}, 400),
    ],
)
async def test_a_malformed_handshake_is_refused(door: Door, headers: dict[str, str], status: int) -> None:
    assert await door.status(door.signed_in | headers) == status


async def test_http_1_0_is_refused(door: Door) -> None:
    assert await door.status(door.signed_in, version="HTTP/1.0") == 400


async def test_only_get_opens_a_websocket(door: Door) -> None:
    assert await door.status(door.signed_in | {"Content-Length": "0"}, method="POST") in {403, 405}


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits=99; nonsense",
        "permessage-deflate; server_max_window_bits=8",
        ",;=,,;",
    ],
)
async def test_no_extension_is_agreed_on(door: Door, offer: str) -> None:
    status, head = await door.answer(door.signed_in | {"Sec-WebSocket-Extensions": offer})
    assert status == 101
    assert "sec-websocket-extensions" not in head.lower()


async def test_an_address_that_is_refused_too_often_has_to_wait(tmp_path: Path) -> None:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "3"}) as door:
        assert [await door.status({}) for _ in range(3)] == [401] * 3
        status, head = await door.answer({})
        assert status == 429
        assert "\r\nRetry-After: " in head
        assert await door.status(door.signed_in) == 101


async def test_one_person_has_a_bounded_number_of_connections(tmp_path: Path) -> None:
    async with running(tmp_path, {"LIMIT_SOCKETS_PER_USER": "2"}) as door:
        async with door.client() as first, door.client() as second:
            await heard(first)
            await heard(second)
            async with door.client() as third:
                assert await close_code(third) == CloseCode.TOO_MANY_CONNECTIONS
        await until(lambda: not door.server.application.hub.connections)
        async with door.client() as again:
            assert (await heard(again))["type"] == "session.started"


@pytest.mark.parametrize("key", ["", "=", "c2hvcnQ=", KEY + KEY, KEY[:-1], KEY + "\n", f" {KEY}", "\xe9" * 24])
def test_a_key_that_is_not_16_bytes_of_base64(key: str) -> None:
    assert not is_handshake_key(key)


def test_the_key_of_the_rfc() -> None:
    assert is_handshake_key(KEY)
