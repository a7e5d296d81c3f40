"""/chat/SLUG/live over real sockets to the real server: who gets a stream, what comes down, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.chat import accounts, messages, public_reading
from app.handlers.event_stream_transport import READER_BACKLOG
from app.models import Posted, Visitor
from app.protocol.close_codes import CloseCode
from app.services import Services
from app.storage import rooms as room_rows
from tests.support.door import Door, running
from tests.support.event_stream import EventSource, events_in
from tests.support.house import GENERAL, new_nonce
from tests.support.public import publish
from tests.support.waiting import until

HOST = {"Host": "127.0.0.1"}
EASY = {"LIMIT_PUBLIC_PAGES_PER_MINUTE": "1000", "LIMIT_SENDS_PER_10_SECONDS": "10000"}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, EASY) as door:
        await publish(services_of(door))
        yield door


@pytest.fixture
async def ada(door: Door) -> Visitor:
    visitor = await accounts.resume(services_of(door), door.cookie.removeprefix("session="))
    assert visitor is not None
    return visitor


def services_of(door: Door) -> Services:
    return door.server.application.services


async def post(door: Door, who: Visitor, text: str = "hello") -> Posted:
    return await (await messages.post(services_of(door), who, GENERAL, new_nonce(), text))


async def seq(door: Door) -> int:
    room = await services_of(door).store.read(room_rows.by_id, GENERAL)
    assert room is not None
    return room.seq


async def listen(door: Door, query: str = "", **headers: str) -> EventSource:
    path = f"/chat/general/live?{query}"
    source = EventSource(*await door._send(f"GET {path} HTTP/1.1", HOST | headers))
    door._sources.append(source)
    await source.begin()
    await source.chunk()  # the pause, and what was missed
    return source


async def hears(source: EventSource) -> dict[str, Any]:
    while True:
        for _, data in await source.events():
            event: dict[str, Any] = msgspec.json.decode(data)
            return event


async def test_a_stranger_hears_what_is_posted_without_a_cookie_given_or_taken(door: Door, ada: Visitor) -> None:
    source = await listen(door)
    await post(door, ada)
    assert (await hears(source))["name"] == "Ada"
    lines = source.head.lower().split("\r\n")
    assert "content-type: text/event-stream" in lines
    assert "cache-control: no-store, no-transform" in lines
    assert not [line for line in lines if line.startswith(("set-cookie", "content-encoding"))]


async def test_a_browser_that_comes_back_says_how_far_it_was_and_hears_the_rest(door: Door, ada: Visitor) -> None:
    before = await seq(door)
    first = await post(door, ada, "first")
    await post(door, ada, "second")
    path = f"GET /chat/general/live?since={before} HTTP/1.1"
    for headers, numbers in (({}, [1, 2]), ({"Last-Event-ID": str(first.message.seq)}, [2])):
        source = EventSource(*await door._send(path, HOST | headers))
        await source.begin()
        heard = [msgspec.json.decode(data) for _, data in events_in(await source.chunk())]
        assert [event["number"] for event in heard] == numbers
        source.leave()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:5000"}, 200),
    ],
)
async def test_no_other_site_has_its_visitors_take_our_places(door: Door, headers: dict[str, str], status: int) -> None:
    assert (await door.ask("GET /chat/general/live HTTP/1.1", HOST | headers))[0] == status


async def test_what_cannot_be_read_has_no_stream_and_looks_like_what_is_not_there(door: Door) -> None:
    await services_of(door).store.write(room_rows.add, "attic", "attic", "", "private", 0)
    for slug in ("attic", "nowhere"):
        assert (await door.ask(f"GET /chat/{slug}/live HTTP/1.1", HOST | door.signed_in))[0] == 404


async def test_beyond_the_places_there_are_one_is_told_when_to_ask_again(tmp_path: Path) -> None:
    limits = {"LIMIT_READERS": "3", "LIMIT_READERS_PER_ADDRESS": "2", "TRUST_PROXY": "true"}
    async with running(tmp_path, EASY | limits) as door:
        await publish(services_of(door))
        here, there = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}
        first = await listen(door, **here)
        await listen(door, **here)
        status, head = await door.ask("GET /chat/general/live HTTP/1.1", HOST | here)
        assert (status, "Retry-After: 60" in head) == (429, True)
        await listen(door, **there)
        status, head = await door.ask("GET /chat/general/live HTTP/1.1", HOST | there)
        assert (status, "Retry-After: 60" in head) == (503, True)
        first.leave()
        await until(lambda: len(door.server.application.hub.readers.everybody) == 2)
        await listen(door, **there)


async def test_who_does_not_read_is_cut_off_and_members_hear_all(door: Door, ada: Visitor) -> None:
    hub = door.server.application.hub
    source = await listen(door)
    source.pause()
    async with door.client() as member:
        await member.send(msgspec.json.encode({"type": "room.open", "ref": 1, "room": GENERAL}).decode())
        # What is posted before the answer is in it.
        while msgspec.json.decode(await member.recv())["type"] != "opened":
            pass
        heard = count = 0
        while hub.readers.everybody or heard < count:
            if hub.readers.everybody:
                await asyncio.gather(*(post(door, ada, "x" * 4_000) for _ in range(50)))
                count += 50
            assert count * 4_000 < 100 * READER_BACKLOG, "it is never cut off"
            while heard < count:
                heard += msgspec.json.decode(await member.recv())["type"] == "message.posted"
        assert len(hub.connections) == 1
    assert services_of(door).metrics.slow_closes == 1


async def test_turned_off_the_stream_says_so_and_ends(door: Door, ada: Visitor) -> None:
    source = await listen(door)
    await public_reading.change_by_operator(services_of(door), on=False)
    await post(door, ada, "secret")
    heard = b""
    while data := await source.chunk():
        heard += data
    kinds = [msgspec.json.decode(data)["type"] for name, data in events_in(heard) if name == "message"]
    assert kinds == ["public.ended"]
    assert b"secret" not in heard


async def test_at_a_restart_the_stream_says_when_to_come_back_and_ends(door: Door) -> None:
    source = await listen(door)
    stopping = asyncio.ensure_future(door.server.stop())
    assert (await source.chunk()).startswith(b"retry: ")
    assert await source.close_code() == CloseCode.RESTARTING
    await stopping


async def test_a_sign_of_life_comes_with_every_heartbeat(door: Door) -> None:
    source = await listen(door)
    await door.server.application.hub.readers.beat()
    assert await source.chunk() == b":\n"
