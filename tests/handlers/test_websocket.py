"""Who is let in at /ws, over real sockets to the real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.chat import accounts
from app.handlers.websocket import is_handshake_key
from app.models import TwitterProfile
from app.protocol.close_codes import CloseCode
from app.server import Server
from app.settings import load_settings
from app.storage import tokens
from tests.support.waiting import PATIENCE, until

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
HANDSHAKE = {
    "Host": "127.0.0.1",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
}


class House:
    """A running server with one person in it, ada."""

    def __init__(self, server: Server, cookie: str, bearer: str) -> None:
        self.server = server
        self.origin = server.settings.public_url
        self.cookie = cookie
        self.bearer = bearer

    @property
    def signed_in(self) -> dict[str, str]:
        """What her browser sends from our own page."""
        return {"Cookie": self.cookie, "Origin": self.origin}

    async def answer(self, headers: dict[str, str], method: str = "GET", version: str = "HTTP/1.1") -> tuple[int, str]:
        """Status and head of the answer to one handshake; an empty value leaves a header out."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        lines = [f"{name}: {value}" for name, value in (HANDSHAKE | headers).items() if value]
        writer.write("\r\n".join([f"{method} /ws {version}", *lines, "", ""]).encode())
        async with asyncio.timeout(PATIENCE):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        writer.close()
        return int(head.split()[1]), head

    async def status(self, headers: dict[str, str], **request: str) -> int:
        return (await self.answer(headers, **request))[0]

    def client(self) -> connect:
        """Another implementation's client, signed in as ada."""
        return connect(f"ws://127.0.0.1:{self.server.port}/ws", additional_headers=self.signed_in, proxy=None)


@asynccontextmanager
async def running(path: Path, environ: dict[str, str]) -> AsyncIterator[House]:
    settings = load_settings({"PUBLIC_URL": "http://127.0.0.1:5000", **environ}, path)
    server = Server(msgspec.structs.replace(settings, port=0))
    await server.start()
    services = server.application.services
    signed_in = await accounts.sign_in_with_twitter(services, TwitterProfile("1", "ada", "Ada"), "a browser")
    bearer = accounts.new_token()
    await services.store.write(
        tokens.create, signed_in.user.id, "a program", accounts.token_hash(bearer), services.clock.now()
    )
    yield House(server, f"session={signed_in.token}", bearer)
    await server.stop()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "1000"}) as house:
        yield house


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


async def test_a_person_from_our_own_page_is_let_in(house: House) -> None:
    async with house.client() as client:
        assert client.response is not None
        assert client.response.headers.get("Sec-WebSocket-Extensions") is None
        started = await heard(client)
        assert started["type"] == "session.started"
        assert len(house.server.application.hub.connections) == 1
    await until(lambda: not house.server.application.hub.connections)


async def test_what_a_client_says_is_answered(house: House) -> None:
    async with house.client() as client:
        await heard(client)
        await client.send('{"type":"no.such.thing","ref":7}')
        failed = await heard(client)
        assert (failed["type"], failed["ref"]) == ("error", 7)


async def test_the_answer_to_the_handshake_is_that_of_the_rfc(house: House) -> None:
    status, head = await house.answer(house.signed_in)
    assert status == 101
    assert "\r\nSec-Websocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head


async def test_who_is_not_signed_in_is_told_so_in_a_sentence(house: House) -> None:
    status, head = await house.answer({"Origin": house.origin})
    assert status == 401
    assert "\r\nContent-Type: text/plain" in head


@pytest.mark.parametrize("cookie", ["session=", "session=unknown", "session=\xff", "other=1"])
async def test_a_cookie_that_opens_no_session_is_refused(house: House, cookie: str) -> None:
    assert await house.status({"Origin": house.origin, "Cookie": cookie}) == 401


async def test_an_ended_session_is_refused_and_its_connections_are_closed(house: House) -> None:
    async with house.client() as client:
        await heard(client)
        (connection,) = house.server.application.hub.connections
        await accounts.sign_out(house.server.application.services, connection.visitor)
        assert await close_code(client) == CloseCode.SESSION_ENDED
    assert await house.status(house.signed_in) == 401


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
async def test_a_cookie_is_not_enough_from_elsewhere(house: House, headers: dict[str, str]) -> None:
    assert await house.status(house.signed_in | headers) == 403


async def test_a_browser_that_says_same_origin_is_believed(house: House) -> None:
    assert await house.status({"Cookie": house.cookie, "Sec-Fetch-Site": "same-origin"}) == 101


async def test_a_host_that_a_proxy_changed_does_not_matter(house: House) -> None:
    assert await house.status(house.signed_in | {"Host": "backend.internal:8080"}) == 101


async def test_a_program_with_its_token_needs_no_origin(house: House) -> None:
    assert await house.status({"Authorization": f"Bearer {house.bearer}"}) == 101


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ", "Bearer unknown", "bearer \xff"])
async def test_a_wrong_token_is_not_made_good_by_a_cookie(house: House, authorization: str) -> None:
    assert await house.status(house.signed_in | {"Authorization": authorization}) == 401


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
async def test_a_malformed_handshake_is_refused(house: House, headers: dict[str, str], status: int) -> None:
    assert await house.status(house.signed_in | headers) == status


async def test_http_1_0_is_refused(house: House) -> None:
    assert await house.status(house.signed_in, version="HTTP/1.0") == 400


async def test_only_get_opens_a_websocket(house: House) -> None:
    assert await house.status(house.signed_in | {"Content-Length": "0"}, method="POST") in {403, 405}


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits=99; nonsense",
        "permessage-deflate; server_max_window_bits=8",
        ",;=,,;",
    ],
)
async def test_no_extension_is_agreed_on(house: House, offer: str) -> None:
    status, head = await house.answer(house.signed_in | {"Sec-WebSocket-Extensions": offer})
    assert status == 101
    assert "sec-websocket-extensions" not in head.lower()


async def test_an_address_that_is_refused_too_often_has_to_wait(tmp_path: Path) -> None:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "3"}) as house:
        assert [await house.status({}) for _ in range(3)] == [401] * 3
        status, head = await house.answer({})
        assert status == 429
        assert "\r\nRetry-After: " in head
        assert await house.status(house.signed_in) == 101


async def test_one_person_has_a_bounded_number_of_connections(tmp_path: Path) -> None:
    async with running(tmp_path, {"LIMIT_SOCKETS_PER_USER": "2"}) as house:
        async with house.client() as first, house.client() as second:
            await heard(first)
            await heard(second)
            async with house.client() as third:
                assert await close_code(third) == CloseCode.TOO_MANY_CONNECTIONS
        await until(lambda: not house.server.application.hub.connections)
        async with house.client() as again:
            assert (await heard(again))["type"] == "session.started"


@pytest.mark.parametrize("key", ["", "=", "c2hvcnQ=", KEY + KEY, KEY[:-1], KEY + "\n", f" {KEY}", "\xe9" * 24])
def test_a_key_that_is_not_16_bytes_of_base64(key: str) -> None:
    assert not is_handshake_key(key)


def test_the_key_of_the_rfc() -> None:
    assert is_handshake_key(KEY)
