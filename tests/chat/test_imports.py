"""Messages said elsewhere: in order, once, and from where an earlier run was broken off."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chat import imports
from app.chat.imports import TOGETHER
from app.errors import BadRequest
from app.models import Message, Visitor
from app.protocol import events
from app.storage import messages, users
from app.storage import rooms as room_rows
from tests.support.house import House


def line(text: str, *, room: str = "tea", at: str = "2010-08-17T15:01:00Z", author: str = "gos", **more: str) -> bytes:
    return json.dumps({"room": room, "at": at, "author": author, "text": text, **more}).encode()


async def load(house: House, lines: Iterable[bytes]) -> int:
    """How many messages were new."""
    progress = [stored async for _, stored in imports.load(house.services, lines)]
    return progress[-1] if progress else 0


async def stored(house: House, slug: str = "tea") -> list[Message]:
    room = await house.services.store.read(room_rows.by_slug, slug)
    assert room
    return await house.services.store.read(messages.changed_since, room.id, 0, 100_000)


async def texts(house: House, slug: str = "tea") -> list[str]:
    return [message.text for message in await stored(house, slug)]


async def test_messages_are_stored_in_their_order_with_their_times_and_authors(house: House) -> None:
    lines = [
        line("first"),
        line("waves", kind="me", author="dariopnc", at="2010-08-17T17:02:00.25+02:00"),
        line("see http://example.org", at="2010-08-17T15:03:00"),
    ]
    assert await load(house, lines) == 3
    found = await stored(house)
    assert [message.number for message in found] == [1, 2, 3]
    assert [message.text for message in found] == ["first", "waves", "see http://example.org"]
    assert [message.kind for message in found] == ["msg", "me", "msg"]
    assert "<a href=" in found[2].html
    expected = [datetime(2010, 8, 17, 15, minute, 0, micros, UTC) for minute, micros in ((1, 0), (2, 250_000), (3, 0))]
    assert [message.at for message in found] == [round(each.timestamp() * 1000) for each in expected]
    author = await house.services.store.read(users.by_id, found[0].author_id)
    assert author
    assert (author.handle, author.kind, author.twitter_id) == ("gos", "imported", None)


async def test_a_second_run_changes_nothing(house: House) -> None:
    lines = [line(f"message {number % 7}", author=f"author{number % 5}") for number in range(1_200)]
    assert await load(house, lines) == 1_200
    before = await stored(house)
    assert await load(house, lines) == 0
    assert await stored(house) == before


async def test_the_same_words_said_twice_are_two_messages(house: House) -> None:
    assert await load(house, [line("yes"), line("yes"), line("no"), line("yes")]) == 4
    assert await texts(house) == ["yes", "yes", "no", "yes"]


@pytest.mark.parametrize("kept", [1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 700])
async def test_a_file_broken_off_in_the_middle_is_resumed_from_there(house: House, kept: int) -> None:
    lines = [line(f"message {number % 10}") for number in range(800)]
    with pytest.raises(BadRequest, match=f"Line {kept + 1}"):
        await load(house, [*lines[:kept], lines[kept][:20]])
    assert len(await stored(house)) == kept
    assert await load(house, lines) == 800 - kept
    assert await texts(house) == [f"message {number % 10}" for number in range(800)]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        pytest.param(b"not json", "is not a message", id="no JSON"),
        pytest.param(b"[]", "is not a message", id="a list"),
        pytest.param(b"\xff", "is not a message", id="no text"),
        pytest.param(b"[" * 100_000, "is not a message", id="deep"),
        pytest.param(b'{"room":"tea","at":"2010-08-17T15:01:00Z","author":"gos"}', "text", id="no text key"),
        pytest.param(line("hi", at="yesterday"), "is not a message", id="no time"),
        pytest.param(line("hi", at="1969-12-31T23:59:59Z"), "lies before 1970", id="before there were clocks"),
        pytest.param(line("hi", at="9999-12-31T23:59:59Z"), "lies in the future", id="not yet"),
        pytest.param(line("hi", at="9999-12-31T23:59:59-23:59"), "lies in the future", id="in no year"),
        pytest.param(line("hi", kind="shout"), "is not a message", id="unknown kind"),
        pytest.param(line("  "), "nothing to send", id="nothing said"),
        pytest.param(line("x" * 4_001), "4,000", id="too long"),
        pytest.param(line("hi", room="No Slug"), "address", id="no slug"),
    ],
)
async def test_a_bad_line_is_named_and_what_came_before_it_stays(house: House, bad: bytes, why: str) -> None:
    with pytest.raises(BadRequest, match="Line 3") as refusal:
        await load(house, [line("one"), line("two"), bad, line("three")])
    assert why in refusal.value.message
    assert await texts(house) == ["one", "two"]


def at_second(count: int) -> str:
    """Since 1970; in a house it is the 1,700,000,000th."""
    return datetime.fromtimestamp(count, UTC).isoformat()


FARTHEST = ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]
FIELDS = st.fixed_dictionaries(
    {
        "room": st.sampled_from(["tea", "general", "t\0"]),
        "at": st.integers(-1, 1_700_000_001).map(at_second) | st.sampled_from(FARTHEST),
        "author": st.text(max_size=8),
        "text": st.text(min_size=1, max_size=40),
    }
)
LINES = FIELDS.map(lambda fields: json.dumps(fields).encode())


async def test_what_was_said_this_very_moment_is_taken(house: House) -> None:
    now = datetime.fromtimestamp(house.services.clock.now() / 1000, UTC)
    assert await load(house, [line("epoch", at="1970-01-01T00:00:00Z"), line("now", at=now.isoformat())]) == 2
    with pytest.raises(BadRequest, match=r"Line 1: .* lies in the future"):
        await load(house, [line("soon", at=(now + timedelta(seconds=1)).isoformat())])


@given(st.lists(LINES, max_size=4), st.binary(max_size=40) | LINES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_line_is_stored_once_or_named(house: House, lines: list[bytes], last: bytes) -> None:
    try:
        await load(house, [*lines, last])
    except BadRequest as refusal:
        assert re.match(r"Line \d", refusal.message)  # noqa: PT017  most lines are refused, and some are not
    else:
        assert await load(house, [*lines, last]) == 0


async def test_empty_lines_are_passed_over(house: House) -> None:
    assert await load(house, [b"", line("one"), b"  \r", line("two"), b""]) == 2


async def test_nothing_is_imported_from_nothing(house: House) -> None:
    assert await load(house, []) == 0


async def test_progress_is_told_by_lines(house: House) -> None:
    lines = [line(f"{number}") for number in range(TOGETHER * 2 + 7)]
    told = [progress async for progress in imports.load(house.services, lines)]
    assert told == [(TOGETHER, TOGETHER), (2 * TOGETHER, 2 * TOGETHER), (len(lines), len(lines))]


async def test_what_a_database_cannot_hold_is_left_out_of_a_text(house: House) -> None:
    assert await load(house, [line("a\0b")]) == 1
    assert await texts(house) == ["ab"]


async def test_times_never_fall_inside_a_room(house: House) -> None:
    await load(house, [line("later", at="2012-01-01T00:00:00Z"), line("earlier", at="2010-01-01T00:00:00Z")])
    assert len({message.at for message in await stored(house)}) == 1


async def test_imported_people_are_in_no_room_and_are_not_mixed_up_with_living_ones(house: House, ana: Visitor) -> None:
    await load(house, [line("hi", author="ana"), line("hi", author="Ana")])
    found = await stored(house)
    assert {message.author_id for message in found} != {ana.user.id}
    assert len({message.author_id for message in found}) == 1
    room = await house.services.store.read(room_rows.by_slug, "tea")
    assert room
    assert room.members == 1
    again = await house.sign_in("ana")
    assert again.user.id == ana.user.id


async def test_a_room_of_an_import_is_there_at_once_for_who_is_here(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await load(house, [line("one"), line("two")])
    (joined,) = await client.hears(events.RoomJoined)
    opened = await client.open(joined.room.id)
    assert [message.text for message in opened.messages] == ["one", "two"]
    assert all(person.imported for person in opened.people)
