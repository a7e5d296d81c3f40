"""One command and one answer, without a connection."""

import asyncio

import msgspec
import pytest

from app.errors import NotFound
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.commands import Command
from app.protocol.events import Event
from app.realtime.commands import COMMANDS
from app.realtime.exchange import EXCHANGED, Exchange
from tests.support.house import GENERAL, House, StuckWriter, new_nonce, send


async def ask(house: House, visitor: Visitor, command: Command) -> Event:
    return await Exchange(house.services, visitor).answer(msgspec.json.encode(command))


async def test_a_message_is_answered_after_its_commit(house: House, ana: Visitor, stuck: StuckWriter) -> None:
    asking = asyncio.ensure_future(ask(house, ana, send("hello")))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not asking.done()
    await stuck.release()
    sent = await asking
    assert isinstance(sent, events.Sent)
    assert (sent.message.text, sent.message.number) == ("hello", 1)


async def test_a_message_reaches_those_who_listen(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    await client.open()
    await ask(house, ana, send("hello"))
    (posted,) = await client.hears(events.MessagePosted)
    assert posted.message.text == "hello"


async def test_a_nonce_is_known_wherever_it_was_used_first(house: House, ana: Visitor) -> None:
    nonce = new_nonce()
    first = await (await house.connect(ana)).ask(send("first", nonce=nonce))
    again = await ask(house, ana, send("second", nonce=nonce))
    assert isinstance(first, events.Sent)
    assert isinstance(again, events.Sent)
    assert (again.dup, again.message) == (True, first.message)


async def test_history_is_read(house: House, ana: Visitor) -> None:
    await house.post(ana, "hello")
    page = await ask(house, ana, commands.ListMessages(ref=1, room=GENERAL))
    assert isinstance(page, events.Page)
    assert [message.text for message in page.messages] == ["hello"]


async def test_a_read_marker_moves_on_every_device(house: House, ana: Visitor) -> None:
    await house.post(ana)
    client = await house.connect(ana)
    assert await ask(house, ana, commands.ReadRoom(ref=2, room=GENERAL, number=1)) == events.Done(ref=2)
    await client.hears(events.RoomRead)


async def test_writing_shows_to_those_who_look(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    await client.open()
    assert await ask(house, ana, commands.TypeInRoom(ref=3, room=GENERAL)) == events.Done(ref=3)
    (typing,) = await client.hears(events.TypingStarted)
    assert typing.person.handle == "ana"


@pytest.mark.parametrize("command", [commands.OpenRoom(ref=9, room=GENERAL), commands.CloseRoom(ref=9, room=GENERAL)])
async def test_what_needs_a_connection_is_refused_with_the_way_to_it(
    house: House, ana: Visitor, command: Command
) -> None:
    answer = await ask(house, ana, command)
    assert isinstance(answer, events.Failed)
    assert (answer.ref, answer.error.code) == (9, "bad_request")
    assert "/stream?room=ID" in answer.error.message


async def test_who_listens_on_a_stream_cannot_be_idle(house: House, ana: Visitor) -> None:
    answer = await ask(house, ana, commands.RestPresence(ref=9, idle=True))
    assert isinstance(answer, events.Failed)
    assert answer.error.code == "bad_request"


async def test_a_room_that_is_not_ones_own_looks_like_none(house: House, ana: Visitor) -> None:
    room = await house.private_room()
    answers = [await ask(house, ana, send(room=room_id)) for room_id in (room.id, 999)]
    assert [answer.error.code for answer in answers if isinstance(answer, events.Failed)] == ["not_found"] * 2


@pytest.mark.parametrize(("body", "ref"), [(b'{"type":"nothing","ref":4}', 4), (b'{"ref":"4"}', None), (b"\xff", None)])
async def test_what_is_no_command_is_answered(house: House, ana: Visitor, body: bytes, ref: int | None) -> None:
    answer = await Exchange(house.services, ana).answer(body)
    assert isinstance(answer, events.Failed)
    assert (answer.ref, answer.error.code) == (ref, "bad_command")
    assert house.services.metrics.commands_failed.total() == 1


async def test_a_commit_that_fails_is_told(house: House, ana: Visitor) -> None:
    await house.services.store.write(lambda c: c.exec_driver_sql("ALTER TABLE messages RENAME TO hidden"))
    answer = await ask(house, ana, send())
    assert isinstance(answer, events.Failed)
    assert (answer.ref, answer.error.code) == (0, "internal")


async def test_a_fault_is_told_as_such(house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(EXCHANGED, commands.Ping, ("chat.use", break_down))  # type: ignore[misc]
    answer = await ask(house, ana, commands.Ping(ref=1))
    assert isinstance(answer, events.Failed)
    assert (answer.ref, answer.error.code) == (1, "internal")


def test_every_command_is_known_here_too() -> None:
    assert EXCHANGED.keys() == COMMANDS.keys()


async def test_a_command_that_was_read_elsewhere_is_answered_with_its_own_kind(house: House, ana: Visitor) -> None:
    exchange, first = Exchange(house.services, ana), send("hello")
    sent = await exchange.ask(first, events.Sent)
    assert sent.message.text == "hello"
    assert (await exchange.ask(first, events.Sent)).dup
    assert house.services.metrics.sends_answered == 2


async def test_what_keeps_it_from_being_done_is_raised(house: House, ana: Visitor) -> None:
    with pytest.raises(NotFound):
        await Exchange(house.services, ana).ask(send(room=99), events.Sent)
