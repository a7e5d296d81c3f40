"""Bytes to structs and back: bounds, hostile JSON, and nothing but BadCommand for what is no command."""

import json
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadCommand
from app.models import Preferences
from app.protocol import commands, events
from app.protocol.codec import decode_command, decode_event, encode_event, reference_of
from app.protocol.commands import AnyCommand, Command
from app.protocol.events import AnyEvent, Busy, Event, Failed, Problem
from app.protocol.fields import (
    BIGGEST,
    FRAME_LIMIT,
    HITS_LIMIT,
    LONGEST_MUTE,
    NAME_LIMIT,
    PAGE_LIMIT,
    PEOPLE_LIMIT,
    ROOMS_LIMIT,
    SEARCH_LIMIT,
    SLOWEST,
)

NONCE = "abcdefghijklmnop"
PERSON = events.Person(7, "ana", "Ana A.")
MESSAGE = events.Message(number=3, seq=4, author=7, at=5, html="<b>", text='"\\ \u2028 😀', nonce=NONCE)
ACT = events.Act(2, "role.claim", 5, 7, 7, 1, {"before": "member", "after": "owner"}, undone=6)
DRAFT = events.Draft(1, "hell", 5)
CARD = events.Card("https://x.com/a/status/1", "Ada (@ada)", "post", "X", "one\ntwo", "May 5")
ROOM = events.Room(1, "general", "General", "Tea", "public", 3, 4, 2, 5)
THREAD = events.Room(9, "thread-1", "", "", "thread", 3, 4, 2, 5, parent=1, root=3)

COMMANDS: list[AnyCommand] = [
    commands.SendMessage(1, 1, NONCE, "hello: you"),
    commands.ListMessages(2, 1),
    commands.ListMessages(3, 1, before=0, limit=PAGE_LIMIT),
    commands.ListMessages(4, BIGGEST, after=BIGGEST),
    commands.ListMessages(5, 1, around=7),
    commands.ListMessages(5, 1, at=1_700_000_000_000),
    commands.EditMessage(5, 1, 7, "hello: them"),
    commands.React(8, 1, 7, "👍🏽", on=True),
    commands.ListReaction(8, 1, 7, "👍"),
    commands.ListVersions(5, 1, 7),
    commands.ListVersions(5, 1, 7, before=BIGGEST),
    commands.RemoveMessage(5, 1, 7),
    commands.RemoveMessage(5, 1, BIGGEST, "off_topic"),
    commands.RemoveCard(5, 1, 7),
    commands.OpenRoom(0, 1),
    commands.OpenRoom(BIGGEST, 1, "epoch", 0),
    commands.CloseRoom(6, 1),
    commands.ReadRoom(7, 1, 0),
    commands.UnreadRoom(7, 1, 1),
    commands.PreferRoom(7, 1),
    commands.PreferRoom(7, 1, favourite=True, muted=False, hidden=True, level="mentions"),
    commands.TypeInRoom(8, 1),
    commands.RestPresence(8, idle=True),
    commands.CreateRoom(8, "Tide: sensors", "public"),
    commands.CreateRoom(8, "é" * 40, "private", topic="Tea", description="\n"),
    commands.ChangeRoom(8, 1),
    commands.ChangeRoom(8, 1, cards=False),
    commands.ChangeRoom(8, 1, "a", "b", "c", "d", "public", "moderators", SLOWEST, archived=True, is_default=False),
    commands.JoinRoom(8, 1),
    commands.LeaveRoom(8, 1),
    commands.AddToRoom(8, 1, 7),
    commands.RemoveFromRoom(8, 1, 7),
    commands.ListRooms(8),
    commands.OpenDirect(8, [1, BIGGEST]),
    commands.ListRooms(8, "é" * NAME_LIMIT, BIGGEST, ROOMS_LIMIT),
    commands.SaveDraft(8, 1, "hello: y"),
    commands.SaveDraft(8, 1, "", age=BIGGEST, known=5),
    commands.ListMembers(9, 1, here=True),
    commands.ListMembers(10, 1, here=False, after=7, limit=PAGE_LIMIT),
    commands.ShowPerson(11, 7),
    commands.SearchPeople(12, 1, ""),
    commands.ShowDigest(14),
    commands.SearchPeople(13, 1, "é" * NAME_LIMIT, PEOPLE_LIMIT),
    commands.OpenThread(15, 1, 7),
    commands.ListThreads(15),
    commands.ListThreads(15, before=7, limit=PAGE_LIMIT),
    commands.ListMentions(15),
    commands.ListMentions(15, before=7, limit=PAGE_LIMIT),
    commands.SearchMessages(15, "é" * SEARCH_LIMIT, before=1, limit=HITS_LIMIT, zone=840),
    commands.PinMessage(15, 1, 2, on=True),
    commands.ListPins(15, 1),
    commands.ListFiles(15, 1, before=9, limit=5),
    commands.SaveMessage(15, 1, 2, on=False),
    commands.ListSaved(15),
    commands.ListSaved(15, before=7, limit=PAGE_LIMIT),
    commands.ShowSaved(15, 1),
    commands.SetRole(15, 7, "moderator"),
    commands.ListActs(16),
    commands.ListActs(17, before=7, limit=PAGE_LIMIT),
    commands.ReportMessage(18, 1, 2, "spam", "eggs"),
    commands.ReportPerson(18, 7, "unkind"),
    commands.MuteMember(18, 7, LONGEST_MUTE),
    commands.UnmuteMember(18, 7),
    commands.BanMember(18, 7, "spam", with_messages=True),
    commands.UndoAct(18, 2),
    commands.ListWaiting(18),
    commands.AnswerWaiting(19, 7, let_in=True),
    commands.BlockPerson(12, 7),
    commands.UnblockPerson(12, 7),
    commands.Ping(12),
]
EVENTS: list[AnyEvent] = [
    events.SessionStarted("epoch", PERSON, [ROOM], 20.0, 4_000, Preferences()),
    events.SessionStarted("epoch", PERSON, [ROOM], 20.0, 4_000, Preferences(theme="day"), [DRAFT]),
    events.MessagePosted(1, 4, MESSAGE, PERSON),
    events.MessagePosted(1, 4, msgspec.structs.replace(MESSAGE, kind="me"), PERSON),
    events.MessagePosted(1, 4, msgspec.structs.replace(MESSAGE, told="all"), PERSON),
    events.MessagePosted(1, 4, msgspec.structs.replace(MESSAGE, told=(7, 8)), PERSON),
    events.MessageChanged(1, 5, events.Message(3, 5, 7, 5, NONCE, removed=True)),
    events.MessageChanged(1, 5, events.Message(3, 5, 7, 5, NONCE, removed=True, removed_by=8)),
    events.MessageChanged(1, 5, msgspec.structs.replace(MESSAGE, edited=6)),
    events.MessageChanged(1, 5, msgspec.structs.replace(MESSAGE, card=CARD)),
    events.Edited(1, 1, MESSAGE),
    events.ReactionsChanged(1, 9, 3, [events.ReactionChange("👍", 7, on=True)], [PERSON]),
    events.ReactionsChanged(1, 9, 3, [events.ReactionChange("❤️", 7)]),
    events.Reactors(1, 1, 3, "👍🏽", [PERSON], 1),
    events.Versions(1, 1, 3, [events.Version(1, "hello", 5)], last=True),
    events.Versions(1, 1, 3, [], last=False),
    events.MemberJoined(1, 2, events.Person(8, "oldie", "Oldie", imported=True)),
    events.MemberLeft(1, 3, PERSON),
    events.MemberLeft(1, 3, PERSON, by=8),
    events.RoomChanged(1, 5, "general", "General", "Tea", "public"),
    events.RoomChanged(1, 5, "a", "A", "", "private", "All", "moderators", 30, archived=True, is_default=True),
    events.RoomJoined(ROOM),
    events.RoomRemoved(1, 3),
    events.RoomRemoved(1, 3, by=8),
    events.RoomActivity(1, 3, 4),
    events.RoomRead(1, 2),
    events.RoomUnread(1, 0),
    events.MentionPosted(1, 4),
    events.MentionPosted(1, 4, by=7),
    events.MessagePosted(1, 4, msgspec.structs.replace(MESSAGE, mentions=[7]), PERSON, [PERSON]),
    events.RoomUnread(1, 0, mentions=[4]),
    events.Mentions(1, [events.Mention(5, 1, MESSAGE)], [PERSON], last=True),
    events.Found(1, [events.Hit(1, MESSAGE, events.Line(1, 7, "é"))], [PERSON], [events.Chip("in", "a", "in:a")], None),
    events.MessageSaved(1, 4, on=False),
    events.Pins(1, 1, [msgspec.structs.replace(MESSAGE, pinned=7)], [PERSON]),
    events.RoomFiles(1, 1, [MESSAGE], [PERSON], before=None),
    events.SavedMessages(1, [events.SavedMessage(5, 1, MESSAGE)], [PERSON], last=True),
    events.SavedNumbers(1, 1, [4]),
    events.Mentions(1, [events.Mention(5, 9, MESSAGE, parent=1, root=3)], [PERSON], last=True),
    events.ThreadShown(1, THREAD, MESSAGE, [PERSON]),
    events.Threads(1, [events.Followed(THREAD, MESSAGE)], [PERSON], last=False),
    events.RoomPreferred(1),
    events.RoomPreferred(1, favourite=True, muted=True, hidden=True, level="nothing"),
    events.DraftChanged(DRAFT),
    events.PreferencesChanged(Preferences(theme="dusk", message_size=20, sound=True, language="ru", invisible=True)),
    events.TypingStarted(1, PERSON),
    events.PresenceChanged(1, 2),
    events.PresenceChanged(1, 2, came=[7], went=[8, 9], idle=[10]),
    events.PersonChanged(PERSON),
    events.PersonChanged(events.Person(7, "ana", "Ana A.", avatar="/avatars/7/0123456789abcdef")),
    events.PersonChanged(events.Person(7, "", "Former member", former=True)),
    events.PersonBlocked(PERSON, blocked=True),
    events.SessionStarted("epoch", PERSON, [ROOM], 20.0, 4_000, Preferences(), blocked=[8]),
    events.Heartbeat(),
    events.Heartbeat({"1": 4}),
    events.ServerRestarting(7.5),
    events.SessionEnded(3),
    events.Failed(Problem("too_fast", "Wait.", temporary=True, retry_after=0.5), 9),
    events.Failed(Problem("bad_command", "No.")),
    events.Done(1),
    events.Sent(1, 1, MESSAGE),
    events.Sent(1, 1, MESSAGE, dup=True),
    events.Saved(1, DRAFT),
    events.Saved(1, DRAFT, DRAFT),
    events.Page(1, 1, [MESSAGE], [PERSON], first=True, last=False),
    events.RoomOpened(1, ROOM, [MESSAGE], [PERSON], 2, 1),
    events.RoomOpened(1, ROOM, [], [], 2, 1, reset=True, first=True),
    events.RoomShown(1, ROOM),
    events.RoomShown(1, events.Room(1, "dm-1", "", "", "direct", 1, 3, 0, 5, people=[PERSON], here=[1], at=7)),
    events.Rooms(1, [events.Listing(1, "general", "General", "Tea", "public", 2, 5)], last=True),
    events.Rooms(1, [events.Listing(1, "a", "A", "", "private", 2, 0, "All", archived=True, joined=True)], last=False),
    events.Members(1, 1, here=True, people=[PERSON], last=True),
    events.Members(1, 1, here=False, people=[PERSON], last=False),
    events.PersonShown(1, PERSON, [1, 2], 1000),
    events.PeopleFound(1, [PERSON]),
    events.Digest(1, [Busy(1, MESSAGE, PERSON, since=5)], [PERSON], online=9),
    events.PeopleFound(1, [], others=[PERSON]),
    events.PersonShown(1, PERSON, [1], 1000, here=True),
    events.PersonShown(
        1,
        PERSON,
        [1],
        1000,
        formerly=[events.FormerHandle("ada", 5)],
        namesakes=[events.Namesake(5), events.Namesake(person=PERSON)],
        handle_lost=True,
    ),
    events.PersonChanged(events.Person(7, "ana", "Ana A.", role="owner")),
    events.WaitingChanged(0),
    events.ReportsChanged(3),
    events.RestraintChanged(),
    events.RestraintChanged(events.Restraint(muted_until=7, muted_for=2, new_for=3)),
    events.Acted(1, 2),
    events.Waiting(1, [events.Arrival(2, "bo", "Bo", 5), events.Arrival(3, "cy", "Cy", 5, refused=True)]),
    events.Acts(1, [events.Act(1, "role.set", 5), ACT], [PERSON], last=True),
]


def tag(command: Command) -> str:
    return str(command.__struct_config__.tag)


def body_of(command: Command, **changes: Any) -> bytes:
    """The command as JSON, with fields changed, added, or dropped where the value is ..."""
    fields = {**json.loads(msgspec.json.encode(command)), **changes}
    return json.dumps({name: value for name, value in fields.items() if value is not ...}).encode()


def refusal(body: bytes) -> str:
    with pytest.raises(BadCommand) as refused:
        decode_command(body)
    return refused.value.message


def test_every_command_and_event_is_tried_here() -> None:
    assert {type(command) for command in COMMANDS} == set(get_args(AnyCommand))
    assert {type(event) for event in EVENTS} == set(get_args(AnyEvent))


@pytest.mark.parametrize("index", range(len(COMMANDS)))
def test_a_command_comes_back_as_it_went(index: int) -> None:
    command = COMMANDS[index]
    assert decode_command(msgspec.json.encode(command)) == command
    assert decode_command(json.dumps(json.loads(msgspec.json.encode(command)), indent=2).encode()) == command


@pytest.mark.parametrize("index", range(len(EVENTS)))
def test_an_event_comes_back_as_it_went(index: int) -> None:
    event = EVENTS[index]
    body = encode_event(event)
    assert decode_event(body) == event
    assert b"\n" not in body
    assert json.loads(body)["type"] == type(event).__struct_config__.tag


def test_types_are_named_noun_and_verb_and_no_two_alike() -> None:
    for union in (AnyCommand, AnyEvent):
        tags = [kind.__struct_config__.tag for kind in get_args(union)]
        assert len(set(tags)) == len(tags)
        assert all(isinstance(tag, str) and tag == tag.lower() for tag in tags)


def test_defaults_are_left_out_of_an_event() -> None:
    assert encode_event(events.Sent(1, 1, MESSAGE)).count(b"dup") == 0
    assert encode_event(events.Heartbeat()) == b'{"type":"heartbeat"}'


# Bounds

SEND, LIST, OPEN, READ = (
    commands.SendMessage(1, 1, NONCE, "hi"),
    commands.ListMessages(1, 1),
    commands.OpenRoom(1, 1),
    commands.ReadRoom(1, 1, 1),
)


@pytest.mark.parametrize(
    ("command", "field", "good", "bad"),
    [
        (SEND, "ref", [0, BIGGEST], [-1, BIGGEST + 1, 2**63, 10**400, 1.5, "1", None, True, [], ...]),
        (SEND, "room", [1, BIGGEST], [0, -1, BIGGEST + 1, 2**64, 1.5, "1", None, False, {}, ...]),
        (
            SEND,
            "nonce",
            ["a" * 16, "A-_9" * 16],
            [
                "",
                "a" * 15,
                "a" * 65,
                "a" * 16 + "\n",
                "\n" + "a" * 16,
                "ä" * 16,
                "a b" * 8,
                "a" * 15 + "\0",
                1,
                None,
                ...,
            ],
        ),
        (SEND, "text", ["", "x" * 4_001, "😀", "\u2028"], [None, 1, ["x"], "x" * (FRAME_LIMIT + 1), "a\0b", ...]),
        (LIST, "before", [0, BIGGEST, None, ...], [-1, BIGGEST + 1, "1", 0.5]),
        (LIST, "after", [0, BIGGEST, None, ...], [-1, BIGGEST + 1, "1", 0.5]),
        (LIST, "around", [0, BIGGEST, None, ...], [-1, BIGGEST + 1, "1", 0.5]),
        (LIST, "limit", [1, PAGE_LIMIT, ...], [0, PAGE_LIMIT + 1, -1, None, "1"]),
        (OPEN, "epoch", ["", "x" * 64, None, ...], ["x" * 65, 1, "\0"]),
        (OPEN, "since", [0, BIGGEST, None, ...], [-1, BIGGEST + 1, 2**63, "1", 1.5]),
        (READ, "number", [0, BIGGEST], [-1, BIGGEST + 1, None, "1", ...]),
        (SEND, "type", [], ["", "message.sent", "MESSAGE.SEND", "message", None, 1, ...]),
        (SEND, "seq", [...], [1, None]),
        (SEND, "author", [...], [1]),
        (commands.Ping(1), "room", [...], [1]),
    ],
    ids=lambda value: value if isinstance(value, str) else tag(value) if isinstance(value, Command) else "",
)
def test_every_field_keeps_its_bounds(command: Command, field: str, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        decode_command(body_of(command, **{field: value}))
    for value in bad:
        refusal(body_of(command, **{field: value}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"1",
        b'"message.send"',
        b"{}",
        b"[]",
        b'[{"type":"ping","ref":1}]',
        b'{"type":"ping","ref":1} {"type":"ping","ref":2}',
        b'{"type":"ping","ref":1',
        b'{"type":"ping","ref":1,}',
        b"{'type':'ping','ref':1}",
        b'{"type":"ping","ref":NaN}',
        b'{"type":"ping","ref":Infinity}',
        b'{"type":"ping","ref":-Infinity}',
        b'{"type":"ping","ref":01}',
        b'{"type":"ping","ref":1e999}',
        b'{"type":"ping","ref":' + b"9" * 60_000 + b"}",
        b'{"type":"ping","ref":1/*no*/}',
        b'\xef\xbb\xbf{"type":"ping","ref":1}',
        '{"type":"ping","ref":1}'.encode("utf-16"),
        '{"type":"ping","ref":1}'.encode("utf-16-le"),
        b'{"type":"ping","ref":1,"ref":2}',
        b'{"type":"ping","type":"ping","ref":1}',
        b'{"ref":1,"type":"room.close","type":"ping"}',
        b'{"type":"message.list","ref":1,"room":1,"limit":5,"limit":6}',
        b'{"type":"message.send","ref":1,"room":1,"room":1,"nonce":"abcdefghijklmnop","text":"hi"}',
        b'{"type":"message.send","ref":1,"room":1,"nonce":"abcdefghijklmnop","text":"a","te\\u0078t":"b"}',
        b'{"type":"message.send","ref":1,"room":1,"nonce":"abcdefghijklmnop","text":"\\ud800"}',
        b'{"type":"message.send","ref":1,"room":1,"nonce":"abcdefghijklmnop","text":"\\udc00\\ud800"}',
        b'{"type":"message.send","ref":1,"room":1,"nonce":"abcdefghijklmnop","text":"\xed\xa0\x80"}',
        b'{"type":"message.send","ref":1,"room":1,"nonce":"abcdefghijklmnop","text":"\xff"}',
        b'{"type":"message.send","ref":1,"room":1,"nonce":"abcdefghijklmnop","text":"\xc0\xaf"}',
        b'{"type":"message.send","ref":1,"room":1,"nonce":"abcdefghijklmnop","text":"a\x00b"}',
        b'{"type":"message.send","ref":1,"room":1,"nonce":"abcdefghijklmnop","text":"a\\u0000b"}',
        b'{"type":"message.send","ref":1,"room":1,"nonce":"abcdefghijklmnop","text":"a\nb"}',
        b'{"type":"message.send","ref":1,"room":1,"nonce":"abcdefghijklmnop","text":"\\x41"}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"type":"ping","ref":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"type":"ping","ref":1,"x":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"type":"ping","ref":1,"x":' + b'{"a":' * 9_000 + b"1" + b"}" * 9_000 + b"}",
        b'{"type":"ping","ref":1,"x":' + b"9" * 60_000 + b"}",
        b'{"type":"ping","ref":1,"__proto__":{}}',
        b"\x00",
    ],
    ids=lambda body: f"{body[:20]!r} {body[-20:]!r} {len(body)}",
)
def test_hostile_json_is_refused_in_a_sentence(body: bytes) -> None:
    sentence = refusal(body)
    assert sentence.startswith("This is not a command")
    assert sentence.endswith(".")
    assert len(sentence) < 300
    encode_event(Failed(Problem("bad_command", sentence)))


def test_what_looks_like_a_repeated_key_or_a_null_inside_a_text_is_a_text() -> None:
    for text in ('"ref":1,"ref":2', "a:b:c:::", "\\u0000", "\\\\u0000 {}[]", "u0000"):
        command = commands.SendMessage(1, 1, NONCE, text)
        assert decode_command(msgspec.json.encode(command)) == command


@pytest.mark.parametrize(
    ("body", "ref"),
    [
        (b'{"type":"no.such","ref":5}', 5),
        (b'{"ref":0}', 0),
        (b'{"type":"ping","ref":7,"extra":[1,2]}', 7),
        (b'{"ref":-1}', None),
        (b'{"ref":9007199254740992}', None),
        (b'{"ref":1e3}', None),
        (b'{"ref":"5"}', None),
        (b'{"ref":null}', None),
        (b'{"ref":' + b"9" * 60_000 + b"}", None),
        (b'{"ref":', None),
        (b"[5]", None),
        (b"\xff", None),
        (b"[" * 60_000, None),
    ],
    ids=lambda value: f"{value[:40]!r}" if isinstance(value, bytes) else "",
)
def test_the_reference_of_a_broken_command_is_found_where_it_can_be(body: bytes, ref: int | None) -> None:
    assert reference_of(body) == ref


# Fuzz: whatever comes, it is a command within its bounds or BadCommand, and the answer can be written.


def is_decent(body: bytes) -> None:
    try:
        command: AnyCommand = decode_command(body)
    except BadCommand as refused:
        encode_event(Failed(Problem(refused.code, refused.message), reference_of(body)))
    else:
        assert decode_command(msgspec.json.encode(command)) == command
        assert all("\0" not in value for value in msgspec.structs.astuple(command) if isinstance(value, str))
        msgspec.json.encode(command).decode()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_command_or_refused(body: bytes) -> None:
    is_decent(body)


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(anything)
def test_any_json_is_a_command_or_refused(value: Any) -> None:
    is_decent(json.dumps(value).encode())


@given(
    st.sampled_from([kind.__struct_config__.tag for kind in get_args(AnyCommand)]),
    st.dictionaries(
        st.sampled_from(
            ["ref", "room", "nonce", "text", "before", "after", "around", "limit", "epoch", "since", "number"]
        ),
        anything | st.integers(0, 200) | st.just(NONCE),
    ),
)
def test_any_fields_of_a_command_are_a_command_or_refused(tag: str, fields: dict[str, Any]) -> None:
    is_decent(json.dumps({"type": tag, **fields}).encode())


@given(st.sampled_from(COMMANDS), st.data())
def test_a_command_with_a_few_bytes_changed_is_a_command_or_refused(command: Command, data: st.DataObject) -> None:
    body = bytearray(msgspec.json.encode(command))
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    is_decent(bytes(body))


def test_events_are_structs_of_their_own_base() -> None:
    assert all(issubclass(kind, Event) for kind in get_args(AnyEvent))
    assert all(issubclass(kind, Command) for kind in get_args(AnyCommand))
