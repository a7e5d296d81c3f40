"""The way in where WebSocket is blocked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.chat import bans
from app.protocol import commands, events
from clients.address import Address, address_of
from clients.connection import Connection
from clients.event_source import Entry, Lines, open_event_source
from clients.failures import Banned, Ended
from clients.way_in import BLOCKED_AFTER
from clients.wire_stream import MOST_ROOMS, StreamWire, open_stream
from tests.clients.site import Site
from tests.clients.test_connection import cut, heard, refuse_openings, texts
from tests.support.waiting import until

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


@asynccontextmanager
async def by_stream(site: Site, handle: str) -> AsyncIterator[Connection]:
    """Of somebody who has found that WebSocket is blocked."""
    connection = await site.connect(handle)
    connection._way._failures = BLOCKED_AFTER
    connection._way._blocked_until = asyncio.get_running_loop().time() + 600
    async with connection:
        assert connection._way.carrier == "stream"
        yield connection


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[Address]:
    """A server that answers with this, and stays."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    yield Address("http", "127.0.0.1", server.sockets[0].getsockname()[1])
    server.close()


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


async def until_heard(wire: StreamWire, kind: type[events.Event]) -> events.Event:
    async with asyncio.timeout(10):
        while not isinstance(event := await wire.hear(), kind):
            pass
    return event


async def test_a_cut_line_loses_nothing_and_repeats_nothing(site: Site) -> None:
    async with by_stream(site, "ada_l") as ada, by_stream(site, "bo") as bo:
        room, there = await ada.open("general"), await bo.open("general")
        words = [str(number) for number in range(20)]
        sending = [asyncio.create_task(room.send(word)) for word in words]
        for _ in range(3):
            await until(lambda: not ada._opening and not bo._opening)
            await cut(site, ada, bo)
        await asyncio.gather(*sending)
        assert texts(await heard(there, 20)) == words


async def test_its_last_event_says_why(site: Site) -> None:
    owner = await site.owner("olga")
    async with by_stream(site, "ada_l") as ada:
        assert ada.state.person is not None
        await bans.ban(site.services, owner, ada.state.person.id)
        await until(lambda: ada.state.status == "offline")
        with pytest.raises(Banned):
            await ada.until_live()


async def test_another_room_is_another_stream_on_which_nothing_is_told_anew(site: Site) -> None:
    wire = await open_stream(address_of(site.url), await site.token("ada_l"))
    started = await until_heard(wire, events.SessionStarted)
    assert isinstance(started, events.SessionStarted)
    wire.say(commands.OpenRoom(ref=7, room=1))
    opened = await until_heard(wire, events.RoomOpened)
    assert isinstance(opened, events.RoomOpened)
    assert opened.ref == 7
    wire.say(commands.CreateRoom(ref=8, name="attic", kind="public"))
    made = await until_heard(wire, events.RoomShown)
    assert isinstance(made, events.RoomShown)
    wire.say(commands.OpenRoom(ref=9, room=made.room.id))
    again, other = await until_heard(wire, events.RoomOpened), await until_heard(wire, events.RoomOpened)
    assert isinstance(again, events.RoomOpened)
    assert isinstance(other, events.RoomOpened)
    assert (again.ref, again.messages, again.reset) == (7, [], False)
    assert (other.ref, other.room.id) == (9, made.room.id)
    wire.say(commands.CloseRoom(ref=10, room=1))
    assert await until_heard(wire, events.Done) == events.Done(ref=10)
    wire.close()


async def test_a_room_that_another_one_puts_out_for_now_is_opened_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clients.wire_stream.AGAIN", 0.1)
    wire = await open_stream(address_of(site.url), await site.token("ada_l"))
    wire.say(commands.OpenRoom(ref=7, room=1))
    await until_heard(wire, events.RoomOpened)
    refuse_openings(monkeypatch, 1)
    wire.say(commands.OpenRoom(ref=9, room=999))
    failed = await until_heard(wire, events.Failed)
    assert isinstance(failed, events.Failed)
    assert (failed.error.code, failed.ref) == ("too_fast", 7)
    opened = await until_heard(wire, events.RoomOpened)
    assert isinstance(opened, events.RoomOpened)
    assert (opened.ref, opened.room.id) == (7, 1)
    wire.close()


async def test_a_stream_has_so_many_rooms(site: Site) -> None:
    wire = await open_stream(address_of(site.url), await site.token("ada_l"))
    for room in range(1, MOST_ROOMS + 2):
        wire.say(commands.OpenRoom(ref=room, room=room))
    failed = await until_heard(wire, events.Failed)
    while isinstance(failed, events.Failed) and failed.error.code == "not_found":
        failed = await until_heard(wire, events.Failed)
    assert isinstance(failed, events.Failed)
    assert (failed.error.code, failed.ref) == ("bad_request", MOST_ROOMS + 1)
    wire.close()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 3501),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 1008),
        (b"HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n", 1006),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n", 1006),
        (b"no HTTP\r\n\r\n", 1006),
    ],
)
async def test_who_is_not_let_in_is_told(answer: bytes, code: int, caplog: pytest.LogCaptureFixture) -> None:
    async with answering(answer) as address:
        with pytest.raises(Ended) as caught:
            await open_event_source(address, "/stream", "roost_any")
    assert caught.value.code == code
    assert "Uncaught" not in caplog.text


async def test_what_has_no_end_is_not_kept(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("clients.event_source.BODY_LIMIT", 100)
    async with answering(HEAD + chunked(b"data: " + b"m" * 200)) as address:
        source, _ = await open_event_source(address, "/stream", "roost_any")
        with pytest.raises(Ended) as caught:
            await source.next()
    assert caught.value.code == 1009
    assert "Uncaught" not in caplog.text


def test_lines_without_an_end_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.event_source.BODY_LIMIT", 100)
    lines = Lines()
    for _ in range(2):
        assert lines.feed(b"data:1\n" * 10 + b"\n")
    with pytest.raises(Ended):
        lines.feed(b"data:\n" * 21)


def test_entries_are_read_however_they_are_cut() -> None:
    text = b':\n\ndata: {"a":\ndata: 1}\n\nretry: 5\r\n\r\nevent: close\r\ndata:1012\r\n\r\ndata\n\n'
    expected = [Entry("message", b'{"a":\n1}'), Entry("close", b"1012"), Entry("message", b"")]
    for size in range(1, len(text)):
        lines = Lines()
        found = [entry for at in range(0, len(text), size) for entry in lines.feed(text[at : at + size])]
        assert [entry for entry in found if entry.kind != "comment"] == expected
