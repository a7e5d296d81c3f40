"""/stream over real sockets to the real server: who is let in, and what comes down."""

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tornado.iostream import IOStream

from app.chat import accounts, messages
from app.errors import BadRequest
from app.handlers.stream import MOST_ROOMS, StreamHandler, opening_commands
from app.models import Posted, Visitor
from app.protocol.close_codes import CloseCode
from app.protocol.codec import decode_command
from app.protocol.commands import OpenRoom
from tests.support.door import Door, running
from tests.support.waiting import PATIENCE, until

GENERAL = 1


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "1000", "LIMIT_SENDS_PER_10_SECONDS": "1000"}) as door:
        yield door


@pytest.fixture
async def ada(door: Door) -> Visitor:
    visitor = await accounts.resume(door.server.application.services, door.cookie.removeprefix("session="))
    assert visitor is not None
    return visitor


async def post(door: Door, who: Visitor, text: str, nonce: str = "") -> Posted:
    services = door.server.application.services
    return await (await messages.post(services, who, GENERAL, nonce or accounts.new_token()[:32], text))


async def status(door: Door, headers: dict[str, str], query: str = "", start: str = "GET", http: str = "1.1") -> int:
    code, _ = await door.ask(f"{start} /stream?{query} HTTP/{http}", {"Host": "127.0.0.1"} | headers)
    return code


# Who is let in


async def test_a_person_from_our_own_page_hears_who_and_where_she_is(door: Door) -> None:
    source = await door.listen()
    started = await source.hears("session.started")
    assert started["person"]["handle"] == "ada"
    assert [room["id"] for room in started["rooms"]] == [GENERAL]
    assert len(door.server.application.hub.connections) == 1
    source.leave()
    await until(lambda: not door.server.application.hub.connections)


async def test_nobody_on_the_way_may_keep_the_stream_collect_it_or_compress_it(door: Door) -> None:
    source = await door.listen(headers=door.signed_in | {"Accept-Encoding": "gzip, br"})
    lines = source.head.lower().split("\r\n")
    assert "content-type: text/event-stream" in lines
    assert "cache-control: no-store, no-transform" in lines
    assert "x-accel-buffering: no" in lines
    assert "transfer-encoding: chunked" in lines
    assert "connection: close" in lines
    assert "x-content-type-options: nosniff" in lines
    assert not [line for line in lines if line.startswith(("content-encoding", "content-length", "server", "etag"))]


async def test_a_program_with_its_token_needs_no_origin(door: Door) -> None:
    source = await door.listen(headers={"Authorization": f"Bearer {door.bearer}"})
    assert (await source.hears("session.started"))["person"]["handle"] == "ada"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://127.0.0.1:5000"},
        {"Referer": "http://127.0.0.1:5000/chat/general"},
    ],
)
async def test_a_browser_shows_in_one_of_three_ways_that_our_own_page_asks(door: Door, headers: dict[str, str]) -> None:
    assert await status(door, {"Cookie": door.cookie} | headers) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Referer": "http://127.0.0.1:5000.evil.example/"},
        {"Referer": "http://127.0.0.1:5000@evil.example/"},
        {"Referer": "http://[evil"},
        {"Referer": "http://127.0.0.1:5000/chat", "Origin": "https://evil.example"},
        {"Referer": "http://127.0.0.1:5000/chat", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_cookie_is_not_enough_from_elsewhere(door: Door, headers: dict[str, str]) -> None:
    assert await status(door, {"Cookie": door.cookie} | headers) == 403


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer unknown", "bearer \xff"])
async def test_a_wrong_token_is_not_made_good_by_a_cookie(door: Door, authorization: str) -> None:
    assert await status(door, door.signed_in | {"Authorization": authorization}) == 401


async def test_who_is_not_signed_in_is_told_so_in_a_sentence(door: Door) -> None:
    code, head = await door.ask("GET /stream HTTP/1.1", {"Host": "127.0.0.1", "Origin": door.origin})
    assert code == 401
    assert "\r\nContent-Type: text/plain" in head


async def test_http_1_0_knows_no_chunks_and_is_refused(door: Door) -> None:
    assert await status(door, door.signed_in, http="1.0") == 400


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE"])
async def test_only_get_opens_a_stream(door: Door, method: str) -> None:
    assert await status(door, door.signed_in | {"Content-Length": "0"}, start=method) in {403, 405}
    assert not door.server.application.hub.connections


async def test_an_address_that_is_refused_too_often_has_to_wait(tmp_path: Path) -> None:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "3"}) as door:
        assert [await status(door, {}) for _ in range(4)] == [401, 401, 401, 429]


async def test_one_connection_too_many_is_told_so_on_the_stream(tmp_path: Path) -> None:
    async with running(tmp_path, {"LIMIT_SOCKETS_PER_USER": "1"}) as door:
        first = await door.listen()
        await first.hears("session.started")
        second = await door.listen()
        assert await second.close_code() == CloseCode.TOO_MANY_CONNECTIONS
        assert len(door.server.application.hub.connections) == 1


# The rooms of the address


async def test_a_room_of_the_address_is_opened_and_goes_on_live(door: Door, ada: Visitor) -> None:
    posted = await post(door, ada, "before")
    source = await door.listen(f"room={GENERAL}")
    opened = await source.hears("opened")
    assert (opened["ref"], opened["reset"]) == (0, True)
    assert [message["text"] for message in opened["messages"]] == ["before"]
    await post(door, ada, "after\nand a second line")
    live = await source.hears("message.posted")
    assert (live["seq"], live["message"]["text"]) == (posted.message.seq + 1, "after\nand a second line")


async def test_a_stream_takes_up_where_the_last_one_ended(door: Door, ada: Visitor) -> None:
    first = await post(door, ada, "known")
    epoch = door.server.application.services.store.epoch
    await post(door, ada, "missed")
    source = await door.listen(f"room={GENERAL}.{first.message.seq}&epoch={epoch}")
    opened = await source.hears("opened")
    assert "reset" not in opened
    assert [message["text"] for message in opened["messages"]] == ["missed"]


async def test_another_epoch_is_answered_with_the_newest_page(door: Door, ada: Visitor) -> None:
    first = await post(door, ada, "known")
    source = await door.listen(f"room={GENERAL}.{first.message.seq}&epoch=restored")
    assert (await source.hears("opened"))["reset"] is True


async def test_rooms_are_answered_in_the_order_of_the_address(door: Door) -> None:
    source = await door.listen(f"room=999&room={GENERAL}&room=0&room=9007199254740992")
    assert [(await source.hears(kind))["ref"] for kind in ("error", "opened", "error", "error")] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "query", ["room=", "room=general", "room=1.", "room=-1", "room=1.2.3", "room=99999999999999999", "room=1&" * 17]
)
async def test_what_is_no_room_is_refused(door: Door, query: str) -> None:
    assert await status(door, door.signed_in, query) == 400
    assert not door.server.application.hub.connections


def test_the_address_stands_for_commands() -> None:
    commands = [decode_command(body) for body in opening_commands(["7.120", "8"], "e1")]
    assert commands == [
        OpenRoom(ref=0, room=7, epoch="e1", since=120),
        OpenRoom(ref=1, room=8, epoch="e1", since=None),
    ]
    assert opening_commands([], "e1") == []


def test_a_stream_has_a_bounded_number_of_rooms() -> None:
    assert len(opening_commands(["1"] * MOST_ROOMS, None)) == MOST_ROOMS
    with pytest.raises(BadRequest, match="at most 16"):
        opening_commands(["1"] * (MOST_ROOMS + 1), None)


# What comes down


async def test_a_stream_and_a_websocket_hear_the_same(door: Door, ada: Visitor) -> None:
    source = await door.listen(f"room={GENERAL}")
    await source.hears("opened")
    async with door.client() as client, asyncio.timeout(PATIENCE):
        await client.send(f'{{"type":"room.open","ref":0,"room":{GENERAL}}}')
        while '"opened"' not in await client.recv(decode=True):
            pass
        for number in range(20):
            await post(door, ada, f"{number}")
        over_websocket: list[str] = []
        while len(over_websocket) < 20:
            text = await client.recv(decode=True)
            if "message.posted" in text:
                over_websocket.append(text)
    over_stream: list[str] = []
    while len(over_stream) < 20:
        over_stream += [text for _, text in await source.events() if "message.posted" in text]
    assert over_stream == over_websocket


async def test_an_ended_session_ends_its_stream_with_the_reason(door: Door, ada: Visitor) -> None:
    source = await door.listen()
    await source.hears("session.started")
    await accounts.sign_out(door.server.application.services, ada)
    await source.hears("session.ended")
    assert await source.close_code() == CloseCode.SESSION_ENDED
    assert await status(door, door.signed_in) == 401


async def test_a_restarting_server_says_when_to_return(tmp_path: Path) -> None:
    async with running(tmp_path, {}) as door:
        source = await door.listen()
        await source.hears("session.started")
        stopping = asyncio.ensure_future(door.server.stop())
        assert (await source.hears("server.restarting"))["after"] >= 5
        assert await source.close_code() == CloseCode.RESTARTING
        await stopping


@pytest.mark.parametrize("way", ["leave", "say_no_more"])
async def test_a_client_that_goes_away_is_noticed(door: Door, way: str) -> None:
    source = await door.listen()
    await source.hears("session.started")
    getattr(source, way)()
    await until(lambda: not door.server.application.hub.connections)


async def test_a_client_that_left_at_once_leaves_nothing(door: Door) -> None:
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", door.server.port)
        head = f"GET /stream?room=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {door.bearer}\r\n\r\n"
        writer.write(head.encode())
        await writer.drain()
        writer.transport.abort()
    source = await door.listen()
    await source.hears("session.started")
    source.leave()
    await until(lambda: not door.server.application.hub.connections)
    await until(lambda: not door.server._http._connections)


async def test_tornado_lets_go_of_everything_at_once(door: Door) -> None:
    """Not when the garbage collector looks next: it seldom does, and 2.4 KiB of each stream would wait for it."""
    tasks = asyncio.all_tasks()
    gc.collect()
    gc.disable()
    try:
        sources = [await door.listen(f"room={GENERAL}") for _ in range(5)]
        for source in sources:
            await source.hears("opened")
        await until(lambda: asyncio.all_tasks() == tasks)
        held = [each for each in gc.get_objects() if isinstance(each, (IOStream, StreamHandler))]
    finally:
        gc.enable()
    assert held == []
    assert door.server._http._connections == set()
