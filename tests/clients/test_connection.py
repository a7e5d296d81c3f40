"""A conversation over a real server: what is sent is stored, what happens is heard, in order, over every break."""

import asyncio

import pytest

from app.chat import bans, messages
from app.errors import TooFast
from app.protocol import commands, events
from clients.connection import Connection, connect
from clients.failures import Banned, Disconnected, Refused, RoomGone, SignedOut, Unreachable
from clients.known_room import KnownRoom
from clients.room import Room
from clients.room_events import RoomEvent, RoomReset
from tests.clients.site import Site, middlebox
from tests.support.house import new_nonce
from tests.support.waiting import until


async def heard(room: Room, count: int) -> list[RoomEvent]:
    found: list[RoomEvent] = []
    async with asyncio.timeout(20):
        async for event in room:
            found.append(event)
            if len(found) == count:
                break
    return found


def texts(found: list[RoomEvent]) -> list[str]:
    return [event.message.text for event in found if isinstance(event, events.MessagePosted)]


def seqs(found: list[RoomEvent]) -> list[int]:
    return [event.seq for event in found if not isinstance(event, RoomReset)]


async def is_live(connection: Connection) -> None:
    await until(lambda: connection.state.status == "live")


async def cut(site: Site, *connections: Connection) -> None:
    """Their lines; returns when they have others."""
    wires = [connection._wire for connection in connections]
    site.proxy.cut()
    for connection, wire in zip(connections, wires, strict=True):
        await until(lambda connection=connection, wire=wire: connection._wire is not wire)  # type: ignore[misc]
        connection.hurry()
    for connection in connections:
        await is_live(connection)


async def back(*connections: Connection) -> None:
    """They have noticed that the line is gone, and are not told to wait."""
    for connection in connections:
        await until(lambda connection=connection: connection.state.status == "reconnecting")  # type: ignore[misc]
        connection.hurry()
    for connection in connections:
        await is_live(connection)


async def post(site: Site, handle: str, text: str) -> None:
    """Without a connection."""
    visitor = await site.visitor(handle)
    await (await messages.post(site.services, visitor, 1, new_nonce(), text))


async def test_what_one_sends_the_other_hears(site: Site) -> None:
    async with await site.connect("ada_l") as ada, await site.connect("bo") as bo:
        room, there = await ada.open("general"), await bo.open("general")
        first = await room.send("hello")
        await room.send("again")
        assert texts(await heard(there, 2)) == ["hello", "again"]
        assert there.known.timeline.message(first.number) == first
        assert bo.state.people[first.author].handle == "ada_l"


async def test_what_is_sent_side_by_side_is_stored_in_the_order_of_the_calls(site: Site) -> None:
    async with await site.connect() as ada:
        room = await ada.open("general")
        words = [str(number) for number in range(100)]
        sent = await asyncio.gather(*(room.send(word) for word in words))
        assert [message.text for message in sent] == words
        assert [message.number for message in sent] == sorted(message.number for message in sent)


async def test_a_cut_line_loses_nothing_and_repeats_nothing(site: Site) -> None:
    async with await site.connect("ada_l") as ada, await site.connect("bo") as bo:
        room, there = await ada.open("general"), await bo.open("general")
        words = [str(number) for number in range(60)]
        sending = [asyncio.create_task(room.send(word)) for word in words]
        for _ in range(3):
            await until(lambda: ada.state.status == "live" and len(ada._outbox) < 60)
            await cut(site, ada, bo)
        await asyncio.gather(*sending)
        found = await heard(there, 60)
        assert texts(found) == words
        assert seqs(found) == sorted(set(seqs(found)))


async def test_what_happened_meanwhile_is_told_in_order(site: Site) -> None:
    async with await site.connect("ada_l") as ada, await site.connect("bo") as bo:
        room, there = await ada.open("general"), await bo.open("general")
        first = await room.send("first")
        await heard(there, 1)
        site.proxy.sever()
        await post(site, "cy", "second")
        await post(site, "cy", "third")
        site.proxy.heal()
        await back(ada, bo)
        await room.edit(first.number, "first of all")
        found = await heard(there, 4)
        assert texts(found) == ["first", "second", "third"]
        assert isinstance(found[3], events.MessageChanged)
        assert [message.text for message in there.known.timeline][-3:] == ["first of all", "second", "third"]


async def test_a_hole_is_filled(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await site.connect("bo") as bo:
        there = await bo.open("general")
        take, lost = bo._take, list[events.Event]()

        def lossy(event: events.Event) -> None:
            if isinstance(event, events.MessagePosted) and not lost:
                lost.append(event)
            else:
                take(event)

        monkeypatch.setattr(bo, "_take", lossy)
        await post(site, "cy", "one")
        await post(site, "cy", "two")
        found = await heard(there, 3)
        assert len(lost) == 1
        assert texts(found) == ["one", "two"]
        assert [message.text for message in there.known.timeline][-2:] == ["one", "two"]


async def test_more_than_the_server_tells_begins_anew(site: Site) -> None:
    async with await site.connect("bo") as bo:
        there = await bo.open("general")
        site.proxy.sever()
        visitor = await site.visitor("cy")
        words = [f"word {number}" for number in range(1_001)]
        stored = [await messages.post(site.services, visitor, 1, new_nonce(), word) for word in words]
        await asyncio.gather(*stored)
        site.proxy.heal()
        await back(bo)
        found = await heard(there, 51)
        assert isinstance(found[0], RoomReset)
        assert found[0].after is not None
        missed = await there.page(after=found[0].after, limit=100)
        assert missed[0].text == "word 0"
        assert texts(found)[-1] == "word 1000"


async def test_a_restart_is_invisible(site: Site) -> None:
    async with await site.connect("ada_l") as ada, await site.connect("bo") as bo:
        room, there = await ada.open("general"), await bo.open("general")
        await room.send("before")
        await site.server.stop()
        assert ada.state.restarting
        sending = asyncio.create_task(room.send("meanwhile"))
        await site.start()
        await back(ada, bo)
        await sending
        assert texts(await heard(there, 2)) == ["before", "meanwhile"]


async def test_where_upgrades_are_refused_it_goes_by_a_stream(site: Site) -> None:
    token = await site.token("ada_l")
    async with middlebox(site), await site.connect("bo") as bo:
        ada = connect(site.url, token=token)
        ada.start()
        for _ in range(40):
            ada.hurry()
            await asyncio.sleep(0.05)
            if ada.state.status == "live":
                break
        assert ada._way.carrier == "stream"
        room = await ada.open("general")
        other = await ada.request(commands.CreateRoom(0, "attic", "public"))
        assert isinstance(other, events.RoomShown)
        attic = await ada.open(other.room.id)
        there = await bo.open("general")
        sent = await room.send("by post")
        await attic.send("here, too")
        assert texts(await heard(there, 1)) == ["by post"]
        assert texts(await heard(room, 1)) == ["by post"]
        assert texts(await heard(attic, 1)) == ["here, too"]
        await room.edit(sent.number, "by post, indeed")
        await until(lambda: there.known.timeline.message(sent.number).text == "by post, indeed")  # type: ignore[union-attr]
        await ada.close()


async def test_a_wrong_token_ends_it(site: Site) -> None:
    with pytest.raises(SignedOut):
        async with connect(site.url, token="roost_wrong"):
            pass


async def test_who_is_banned_does_not_come_back_and_keeps_the_text(site: Site) -> None:
    async with await site.connect("ada_l") as ada:
        room = await ada.open("general")
        owner = await site.owner("olga")
        assert ada.state.person is not None
        await bans.ban(site.services, owner, ada.state.person.id)
        await until(lambda: ada.state.status == "offline")
        with pytest.raises(Banned) as caught:
            await room.send("too late")
        assert caught.value.text == "too late"
        with pytest.raises((Banned, RoomGone)):
            await heard(room, 100)


async def test_nobody_there_is_told_after_a_while(site: Site) -> None:
    with pytest.raises(Unreachable):
        async with connect("http://127.0.0.1:1", token="roost_any", patience=0.1):
            pass


async def test_what_the_server_refuses_is_raised_with_its_text(site: Site) -> None:
    async with await site.connect() as ada:
        room = await ada.open("general")
        with pytest.raises(Refused) as caught:
            await room.send("m" * 4_001)
        assert (caught.value.code, caught.value.text) == ("text_too_long", "m" * 4_001)
        with pytest.raises(Refused) as caught:
            await room.send("m" * 70_000)
        assert (caught.value.code, len(caught.value.text)) == ("text_too_long", 70_000)
        assert ada.state.status == "live"
        with pytest.raises(Refused, match="no such room"):
            await ada.open("nowhere")


async def test_a_room_that_is_closed_here(site: Site) -> None:
    async with await site.connect("ada_l") as ada, await site.connect("bo") as bo:
        room, there = await ada.open("general"), await bo.open("general")
        await room.send("one")
        listening = asyncio.create_task(heard(there, 2))
        await until(lambda: len(there.known.timeline) == 1)
        await there.close()
        assert texts(await listening) == ["one"]
        await room.send("two")
        await until(lambda: there.known.unread == 2)
        assert len(there.known.timeline) == 0
        again = await bo.open("general")
        assert [message.text for message in again.known.timeline] == ["one", "two"]


async def test_a_reader_who_is_too_slow_is_told_what_was_dropped(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.known_room.KEPT", 5)
    async with await site.connect("ada_l") as ada:
        ada.state.rooms[1] = KnownRoom(ada.state.rooms[1].row)
        room = await ada.open("general")
        for number in range(12):
            await room.send(f"word {number}")
        await until(lambda: len(room.known.timeline) == 12)
        found = await heard(room, 6)
        assert isinstance(found[0], RoomReset)
        assert found[0].after is not None
        assert texts(found) == [f"word {number}" for number in range(7, 12)]
        dropped = [message.text async for message in room.messages_after(found[0].after)]
        assert dropped == [f"word {number}" for number in range(12)]


async def test_a_line_without_a_sign_of_life_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.connection.SILENCE", 0.2)
    async with await site.connect("ada_l") as ada:
        site.proxy.stall()
        await until(lambda: ada.state.status == "reconnecting")
        site.proxy.flow()
        monkeypatch.setattr("clients.connection.SILENCE", 45.0)
        ada.hurry()
        await is_live(ada)


async def test_whoever_hurries_finds_a_dead_line(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.connection.PROBE_LIMIT", 0.2)
    async with await site.connect("ada_l") as ada:
        site.proxy.stall()
        ada.hurry()
        await until(lambda: ada.state.status == "reconnecting")
        site.proxy.flow()


async def test_without_a_line_a_request_fails_at_once(site: Site) -> None:
    async with await site.connect() as ada:
        site.proxy.sever()
        await until(lambda: ada.state.status == "reconnecting")
        with pytest.raises(Disconnected):
            await ada.request(commands.Ping(ref=0))


def refuse_openings(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Of rooms, so many of the next."""
    left = iter(range(times))

    def take(*_: object) -> None:
        if next(left, None) is not None:
            raise TooFast(0.05)

    monkeypatch.setattr("app.chat.rooms.take_opening", take)


async def test_a_room_that_is_refused_for_now_is_opened_a_moment_later(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clients.connection.SECOND_LOOK", 0.1)
    refuse_openings(monkeypatch, 2)
    async with await site.connect("ada_l") as ada:
        room = await ada.open("general")
        await room.send("hello")
        assert texts(await heard(room, 1)) == ["hello"]
