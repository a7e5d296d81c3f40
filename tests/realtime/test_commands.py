"""Each command of the protocol, from its struct to its answer."""

import msgspec
import pytest

from app.chat import rooms
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.commands import AnyCommand, Command
from app.realtime.commands import COMMANDS
from tests.support.house import GENERAL, House, new_nonce, send


def error_of(answer: events.Event) -> events.Problem:
    assert isinstance(answer, events.Failed), answer
    return answer.error


def test_every_command_of_the_protocol_is_in_the_table() -> None:
    assert set(COMMANDS) == set(AnyCommand.__args__)


async def test_a_message_is_answered_with_what_was_stored(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    answer = await client.post("  see http://example.org\nand write  ")
    assert not answer.dup
    message = answer.message
    assert (message.number, message.seq, message.author, message.kind) == (1, 2, ana.user.id, "msg")
    assert message.text == "see http://example.org\nand write"
    assert '<a href="http://example.org"' in message.html
    assert "<br>" in message.html
    assert message.at == house.clock.now()


async def test_a_repeated_nonce_is_answered_with_the_first_message(house: House, ana: Visitor) -> None:
    client, nonce = await house.connect(ana), new_nonce()
    first = await client.ask(send("once", nonce=nonce))
    again = await client.ask(send("other words", nonce=nonce))
    assert isinstance(first, events.Sent)
    assert isinstance(again, events.Sent)
    assert again.message == first.message
    assert again.dup


@pytest.mark.parametrize(
    ("text", "code"), [("", "text_empty"), (" \n\t ", "text_empty"), ("x" * 4_001, "text_too_long")]
)
async def test_a_text_that_cannot_be_kept_is_refused_by_name(house: House, ana: Visitor, text: str, code: str) -> None:
    client = await house.connect(ana)
    error = error_of(await client.ask(send(text)))
    assert error.code == code
    assert not error.temporary
    assert house.services.store.log.appended == 0


async def test_a_page_holds_messages_and_their_authors(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    for number in range(1, 6):
        await house.post(ana if number % 2 else bo, f"{number}")
    page = await client.ask(commands.ListMessages(ref=0, room=GENERAL, before=4, limit=2))
    assert isinstance(page, events.Page)
    assert [message.text for message in page.messages] == ["2", "3"]
    assert {person.handle for person in page.people} == {"ana", "bo"}
    assert not page.first
    assert not page.last


async def test_a_page_is_asked_for_in_one_way_only(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    for where in ({"before": 3, "after": 1}, {"around": 0, "after": 0}, {"before": 1, "after": 1, "around": 1}):
        answer = await client.ask(commands.ListMessages(ref=0, room=GENERAL, **where))
        assert error_of(answer).code == "bad_command"


async def test_a_room_opens_with_its_newest_page(house: House, ana: Visitor, bo: Visitor) -> None:
    for number in range(1, 61):
        await house.post(bo, f"{number}")
    client = await house.connect(ana)
    opened = await client.open()
    assert opened.reset
    assert not opened.first
    assert [message.number for message in opened.messages] == list(range(11, 61))
    assert opened.room.number == 60
    assert opened.room.read == 0
    assert opened.members == 2
    assert opened.online == 1
    assert [person.handle for person in opened.people] == ["bo"]


async def test_a_room_with_one_page_opens_at_its_beginning(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    assert (await client.open()).first
    await client.post()
    assert (await client.open()).first


async def test_a_room_opens_with_what_has_changed(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    opened = await client.open()
    for number in range(1, 4):
        await house.post(bo, f"{number}")
    again = await client.open(epoch=house.services.store.epoch, since=opened.room.seq + 1)
    assert not again.reset
    assert not again.first
    assert [message.text for message in again.messages] == ["2", "3"]


@pytest.mark.parametrize(
    "command",
    [
        commands.SendMessage(ref=0, room=2, nonce="n" * 16, text="hello"),
        commands.ListMessages(ref=0, room=2),
        commands.OpenRoom(ref=0, room=2),
        commands.ReadRoom(ref=0, room=2, number=0),
        commands.TypeInRoom(ref=0, room=2),
    ],
    ids=lambda command: type(command).__name__,
)
async def test_a_room_of_others_answers_like_one_that_is_absent(house: House, ana: Visitor, command: Command) -> None:
    attic = await house.private_room()
    client = await house.connect(ana)
    answers = [await client.ask(msgspec.structs.replace(command, room=room)) for room in (attic.id, 999)]
    assert error_of(answers[0]) == error_of(answers[1])
    assert error_of(answers[0]).code == "not_found"


async def test_a_marker_is_moved_and_answered(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.post()
    assert isinstance(await client.ask(commands.ReadRoom(ref=0, room=GENERAL, number=1)), events.Done)
    assert client.of(events.RoomRead) == [events.RoomRead(room=GENERAL, number=1)]


async def test_a_second_room_is_opened_beside_the_first(house: House, ana: Visitor) -> None:
    annex = await rooms.add(house.services, "annex")
    client = await house.connect(ana)
    await client.open(GENERAL)
    await client.open(annex.id)
    await client.post("one", GENERAL)
    await client.post("two", annex.id)
    assert {each.message.text for each in await client.hears(events.MessagePosted, 2)} == {"one", "two"}
