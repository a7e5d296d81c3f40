"""The frame reader against RFC 6455: every rule of sections 5, 7 and 8 that binds a server's reader."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Close as TheirClose
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from app.protocol.fields import FRAME_LIMIT
from app.protocol.websocket import Close, Event, FrameReader, Ping, Pong, ProtocolError
from tests.support.frame_cases import CASES, SNOW, Case, in_random_pieces
from tests.support.frames import BINARY, CONTINUATION, PING, PONG, TEXT, client_frame, close, more, text


class Outcome(NamedTuple):
    events: list[Event]
    violation: int | None


def read(pieces: Iterator[bytes]) -> Outcome:
    reader = FrameReader()
    events = [event for piece in pieces for event in reader.feed(piece)]
    last = events[-1] if events else None
    if not isinstance(last, ProtocolError):
        assert reader.closed == isinstance(last, Close)
        return Outcome(events, None)
    assert reader.closed
    return Outcome(events[:-1], last.code)


def whole(data: bytes) -> Iterator[bytes]:
    yield data


def byte_by_byte(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 1] for at in range(len(data)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_client_sends_and_what_comes_of_it(case: Case) -> None:
    expected = Outcome(case.events, case.violation)
    assert read(whole(case.data)) == expected
    assert read(byte_by_byte(case.data)) == expected
    for seed in range(20):
        assert read(in_random_pieces(case.data, seed)) == expected


@pytest.mark.parametrize(
    ("name", "enough", "code"),
    [
        ("a reserved bit", client_frame(TEXT, b"hello", reserved=1)[:2], 1002),
        ("no mask", client_frame(TEXT, b"hello", mask=None)[:2], 1002),
        ("a binary message", client_frame(BINARY, b"hello")[:2], 1003),
        ("a length that needs fewer bytes", client_frame(TEXT, b"hello", length_bytes=8)[:10], 1002),
        ("a frame that is too big", client_frame(TEXT, announced=FRAME_LIMIT + 1)[:14], 1009),
        ("a bad first byte of many", text(b"\xff" + b"x" * 999)[:9], 1007),
        ("a character beyond the last", text(b"x" * 200 + b"\xf4\x90" + b"x" * 200)[:210], 1007),
        ("a surrogate, half of a pair", text(b"x" * 200 + b"\xed\xa0\x80" + b"x" * 200)[:211], 1007),
    ],
)
def test_a_broken_rule_is_noticed_before_the_frame_is_whole(name: str, enough: bytes, code: int) -> None:
    assert read(byte_by_byte(enough)) == Outcome([], code)
    assert read(byte_by_byte(enough[:-1])).violation is None


def test_nothing_is_held_between_whole_messages() -> None:
    reader = FrameReader()
    assert reader.feed(text("a", final=False) + more("b") + text("c")) == [b"ab", b"c"]
    assert (reader._held, reader._message) == (b"", None)


def test_nothing_is_held_after_the_end() -> None:
    reader = FrameReader()
    reader.feed(text("a", final=False))
    reader.feed(close() + text("b" * 1000))
    assert (reader._held, reader._message) == (b"", None)
    assert reader.feed(text("c")) == []


def test_a_violation_says_which_rule() -> None:
    (violation,) = FrameReader().feed(client_frame(TEXT, b"hi", mask=None))
    assert isinstance(violation, ProtocolError)
    assert (violation.code, violation.rule) == (1002, "a client masks its frames")


# Another implementation as judge. Where ours is stricter on purpose its verdict is not asked for: binary messages,
# lengths in more bytes than needed, of control frames too, or of 64 bits. It takes a close frame among fragments for an
# error, though section 5.4 allows control frames there: the streams below hold none.

STRICTER = {
    "only text is understood",
    "a length takes the fewest bytes",
    "a length has 63 bits",
    "a control frame is whole and short",
}
BAD_CODE = "a close frame carries a code that may be sent"
FILLER = bytes(FRAME_LIMIT + 200)
"""Completes whatever frame is under way, then breaks a rule: so both readers come to an end."""


def judge(data: bytes) -> Outcome:
    """What the `websockets` library makes of a stream: it reads frames, so the messages are put together here."""
    server = ServerProtocol(state=State.OPEN, max_size=FRAME_LIMIT)
    server.receive_data(data)
    events: list[Event] = []
    message = b""
    for frame in server.events_received():
        assert isinstance(frame, Frame)
        if frame.opcode in (Opcode.TEXT, Opcode.CONT):
            message += bytes(frame.data)
            if not is_utf8(message, final=frame.fin):
                return Outcome(events, 1007)
            if frame.fin:
                events.append(message)
                message = b""
        elif frame.opcode is Opcode.CLOSE:
            events.append(their_close(bytes(frame.data)))
        else:
            events.append((Ping if frame.opcode is Opcode.PING else Pong)(bytes(frame.data)))
    if server.parser_exc is None:
        return Outcome(events, None)
    assert server.close_sent is not None
    return Outcome(events, int(server.close_sent.code))


def is_utf8(text: bytes, *, final: bool) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return not final and error.reason == "unexpected end of data"
    return True


def their_close(payload: bytes) -> Close:
    parsed = TheirClose.parse(payload)
    return Close(int(parsed.code), parsed.reason) if payload else Close(None, "")


def compare(data: bytes, seed: int) -> None:
    reader = FrameReader()
    ours = [event for piece in in_random_pieces(data + FILLER, seed) for event in reader.feed(piece)]
    last = ours[-1]
    theirs = judge(data + FILLER)
    if not isinstance(last, ProtocolError):
        assert (ours, None) == theirs
        return
    if last.rule in STRICTER:
        assert ours[:-1] == theirs.events[: len(ours) - 1]
        return
    assert ours[:-1] == theirs.events
    # A frame may break two rules at once, and the readers look in another order: at the length of a frame and at the
    # text of a close frame sooner or later.
    assert theirs.violation in {int(last.code), 1009, 1007 if last.rule == BAD_CODE else None}


payloads = st.one_of(
    st.text(max_size=40).map(str.encode),
    st.binary(max_size=40),
    st.sampled_from([b"", b"x" * 125, b"x" * 126, SNOW.encode()[:2], SNOW.encode()[2:], b"\xed\xa0\x80"]),
)
whole_texts = st.text(max_size=300).map(text)
fragmented = st.lists(st.text(max_size=30), min_size=2, max_size=5).map(
    lambda parts: (
        text(parts[0], final=False) + b"".join(more(part, final=False) for part in parts[1:-1]) + more(parts[-1])
    )
)
control = st.builds(
    client_frame, st.sampled_from([PING, PONG]), st.binary(max_size=125), mask=st.binary(min_size=4, max_size=4)
)
right = st.one_of(whole_texts, fragmented, control)
hostile = st.builds(
    client_frame,
    st.sampled_from([CONTINUATION, TEXT, TEXT, PING, PONG, 3, 11]),
    payloads,
    final=st.booleans(),
    reserved=st.sampled_from([0, 0, 0, 0, 1, 2, 4]),
    mask=st.one_of(st.binary(min_size=4, max_size=4), st.none()),
    length_bytes=st.sampled_from([None, None, None, 2, 8]),
)
closes = st.one_of(
    st.builds(close, st.integers(0, 65_535), st.text(max_size=30).map(str.encode)),
    st.builds(close, st.sampled_from([1000, 1001, 3000, 4999]), payloads),
    st.just(close(None)),
)
seeds = st.integers(0, 1 << 16)


@given(st.lists(right, max_size=12), closes, seeds)
@settings(max_examples=150, deadline=None)
def test_what_follows_the_rules_is_read_as_another_implementation_reads_it(
    frames: list[bytes], last: bytes, seed: int
) -> None:
    compare(b"".join(frames) + last, seed)


@given(st.lists(st.one_of(right, hostile), max_size=12), seeds)
@settings(max_examples=300, deadline=None)
def test_hostile_frames_are_refused_as_another_implementation_refuses_them(frames: list[bytes], seed: int) -> None:
    compare(b"".join(frames), seed)


@given(st.lists(right, max_size=3), st.binary(max_size=200), seeds)
@settings(max_examples=300, deadline=None)
def test_noise_after_good_frames_is_refused_as_another_implementation_refuses_it(
    frames: list[bytes], noise: bytes, seed: int
) -> None:
    compare(b"".join(frames) + noise, seed)


@given(st.binary(max_size=400), seeds)
@settings(max_examples=300, deadline=None)
def test_the_same_bytes_in_other_pieces_have_the_same_outcome(data: bytes, seed: int) -> None:
    assert read(in_random_pieces(data, seed)) == read(whole(data)) == read(byte_by_byte(data))
