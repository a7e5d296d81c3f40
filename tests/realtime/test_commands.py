"""Each command of the protocol, from its struct to its answer."""

import msgspec
import pytest

from app.chat import rooms
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.commands import AnyCommand, Command
from app.realtime.commands import COMMANDS
from tests.support.house import GENERAL, House, new_nonce, send, user_of


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


async def test_a_message_is_removed_by_its_number(house: House, ana: Visitor, bo: Visitor) -> None:
    author, other = await house.connect(ana), await house.connect(bo)
    await author.post("a slip")
    refused = await other.ask(commands.RemoveMessage(ref=0, room=GENERAL, number=1))
    assert error_of(refused).code == "forbidden"
    for _ in range(2):
        answer = await author.ask(commands.RemoveMessage(ref=0, room=GENERAL, number=1))
        assert isinstance(answer, events.Done)
    page = await other.ask(commands.ListMessages(ref=0, room=GENERAL))
    assert isinstance(page, events.Page)
    assert [(each.removed, each.text, each.html, each.removed_by) for each in page.messages] == [(True, "", "", None)]
    absent = await author.ask(commands.RemoveMessage(ref=0, room=GENERAL, number=2))
    assert error_of(absent).code == "not_found"


async def test_a_message_is_edited_by_its_number_and_its_versions_are_listed(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    author, other = await house.connect(ana), await house.connect(bo)
    await author.post("helo")
    edited = await author.ask(commands.EditMessage(ref=0, room=GENERAL, number=1, text="hello"))
    assert isinstance(edited, events.Edited)
    assert (edited.room, edited.message.text, edited.message.edited) == (GENERAL, "hello", house.clock.now())
    versions = await other.ask(commands.ListVersions(ref=0, room=GENERAL, number=1))
    assert isinstance(versions, events.Versions)
    assert versions.versions == [events.Version(1, "helo", house.clock.now())]
    assert (versions.number, versions.last) == (1, True)
    refused = await other.ask(commands.EditMessage(ref=0, room=GENERAL, number=1, text="mine"))
    assert error_of(refused).code == "forbidden"


async def test_an_emoji_is_put_on_a_message_and_it_is_told_by_whom(house: House, ana: Visitor, bo: Visitor) -> None:
    author, other = await house.connect(ana), await house.connect(bo)
    await author.post()
    for on in (True, True):
        done = await other.ask(commands.React(ref=0, room=GENERAL, number=1, emoji="❤", on=on))
        assert isinstance(done, events.Done)
    reactors = await author.ask(commands.ListReaction(ref=0, room=GENERAL, number=1, emoji="❤️"))
    assert isinstance(reactors, events.Reactors)
    assert ([person.handle for person in reactors.people], reactors.count) == (["bo"], 1)
    refused = await other.ask(commands.React(ref=0, room=GENERAL, number=1, emoji="x", on=True))
    assert error_of(refused).code == "unknown_emoji"


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


async def test_a_sentence_with_numbers_comes_with_them_apart_to_be_said_in_another_language(
    house: House, ana: Visitor
) -> None:
    client = await house.connect(ana)
    error = error_of(await client.ask(send("x" * 4_001)))
    assert error.message == "A message holds at most 4,000 characters. Shorten it, or send it as two."
    assert error.sentence == "A message holds at most {limit} characters. Shorten it, or send it as two."
    assert error.values == {"limit": 4_000}
    plain = error_of(await client.ask(send("")))
    assert (plain.sentence, plain.values) == (None, None)


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
    for where in ({"before": 3, "after": 1}, {"around": 0, "at": 0}, {"before": 1, "after": 1, "around": 1}):
        answer = await client.ask(commands.ListMessages(ref=0, room=GENERAL, **where))
        assert error_of(answer).code == "bad_command"


async def test_a_page_is_found_by_its_time(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    for number in range(1, 6):
        await house.post(ana, f"{number}")
        house.clock.advance(60)
    at = house.clock.now() - 150_000
    page = await client.ask(commands.ListMessages(ref=0, room=GENERAL, at=at, limit=3))
    assert isinstance(page, events.Page)
    assert [message.text for message in page.messages] == ["3", "4", "5"]
    assert [message.text for message in page.messages if message.at >= at] == ["4", "5"]


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
        commands.UnreadRoom(ref=0, room=2, number=1),
        commands.PreferRoom(ref=0, room=2, muted=True),
        commands.TypeInRoom(ref=0, room=2),
        commands.SaveDraft(ref=0, room=2, text="hello"),
        commands.SearchPeople(ref=0, room=2, prefix="a"),
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


async def test_a_marker_is_moved_back_and_answered(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.post()
    await client.ask(commands.ReadRoom(ref=0, room=GENERAL, number=1))
    assert isinstance(await client.ask(commands.UnreadRoom(ref=0, room=GENERAL, number=1)), events.Done)
    assert client.of(events.RoomUnread) == [events.RoomUnread(room=GENERAL, number=0)]


async def test_a_wish_for_a_room_is_kept_and_answered(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    asked = commands.PreferRoom(ref=0, room=GENERAL, muted=True, level="nothing")
    assert isinstance(await client.ask(asked), events.Done)
    assert client.of(events.RoomPreferred) == [events.RoomPreferred(room=GENERAL, muted=True, level="nothing")]


async def test_a_draft_is_answered_with_the_one_that_holds(house: House, ana: Visitor) -> None:
    desk, phone = await house.connect(ana), await house.connect(ana)
    saved = await desk.ask(commands.SaveDraft(ref=0, room=GENERAL, text="newer"))
    older = await phone.ask(commands.SaveDraft(ref=0, room=GENERAL, text="older", age=1))
    assert isinstance(saved, events.Saved)
    assert isinstance(older, events.Saved)
    assert saved.draft == older.draft == events.Draft(GENERAL, "newer", house.clock.now())
    for device in (desk, phone):
        assert [each.draft.text for each in device.of(events.DraftChanged)] == ["newer"]


async def test_a_second_room_is_opened_beside_the_first(house: House, ana: Visitor) -> None:
    annex = await rooms.add(house.services, "annex")
    client = await house.connect(ana)
    await client.open(GENERAL)
    await client.open(annex.id)
    await client.post("one", GENERAL)
    await client.post("two", annex.id)
    assert {each.message.text for each in await client.hears(events.MessagePosted, 2)} == {"one", "two"}


async def test_the_people_of_a_room_are_listed_by_whether_they_are_here(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    client = await house.connect(ana)
    here = await client.ask(commands.ListMembers(ref=0, room=GENERAL, here=True))
    away = await client.ask(commands.ListMembers(ref=0, room=GENERAL, here=False, limit=1))
    assert isinstance(here, events.Members)
    assert isinstance(away, events.Members)
    assert (here.here, here.people, here.last) == (True, [user_of(ana.user)], True)
    assert (away.here, away.people, away.last) == (False, [user_of(bo.user)], True)


async def test_somebody_is_shown_with_the_rooms_in_common(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    shown = await client.ask(commands.ShowPerson(ref=0, person=bo.user.id))
    assert isinstance(shown, events.PersonShown)
    assert (shown.person, shown.rooms, shown.here) == (user_of(bo.user), [GENERAL], False)
    assert error_of(await client.ask(commands.ShowPerson(ref=0, person=999))).code == "not_found"


async def test_people_are_found_by_the_first_letters_of_their_names(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    answer = await client.ask(commands.SearchPeople(ref=0, room=GENERAL, prefix="B"))
    assert isinstance(answer, events.PeopleFound)
    assert (answer.people, answer.others) == ([user_of(bo.user)], [])


async def test_what_is_new_is_told_with_who_is_here(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    await house.connect(bo)
    await house.post(bo, "anybody?")
    answer = await client.ask(commands.ShowDigest(ref=0))
    assert isinstance(answer, events.Digest)
    (busy,) = answer.rooms
    assert (busy.room, busy.message.text, busy.person) == (GENERAL, "anybody?", user_of(bo.user))
    assert busy.since == house.clock.now()
    assert (answer.here, answer.online) == ([user_of(bo.user)], 1)


async def test_a_role_is_given_and_the_log_of_it_read(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(await house.appoint(ana, "owner"))
    assert isinstance(await client.ask(commands.SetRole(ref=0, person=bo.user.id, role="admin")), events.Done)
    answer = await client.ask(commands.ListActs(ref=0, limit=1))
    assert isinstance(answer, events.Acts)
    (act,) = answer.acts
    assert (act.what, act.actor, act.person, act.room) == ("role.set", ana.user.id, bo.user.id, None)
    assert (act.at, act.details) == (house.clock.now(), {"before": "member", "after": "admin"})
    assert [(person.id, person.role) for person in answer.people] == [(ana.user.id, "owner"), (bo.user.id, "admin")]
    assert not answer.last
    stepping_down = await client.ask(commands.SetRole(ref=0, person=ana.user.id, role="member"))
    assert error_of(stepping_down).code == "last_owner"
