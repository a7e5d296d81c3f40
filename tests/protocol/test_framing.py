from http.client import IncompleteRead

import msgspec
import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from app.protocol.codec import encode_event
from app.protocol.events import Failed, Problem
from app.protocol.framing import (
    ENTRIES,
    EVENT_STREAM,
    WEBSOCKET,
    event_stream_close,
    event_stream_comment,
    event_stream_entry,
    event_stream_pause,
    websocket_close_frame,
    websocket_ping_frame,
    websocket_pong_frame,
    websocket_text_frame,
)
from tests.support.event_stream import events_in, unchunked


def read_as_a_client(data: bytes) -> list[Frame]:
    """What another implementation makes of our bytes."""
    client = ClientProtocol(parse_uri("ws://localhost/ws"), state=State.OPEN, max_size=None)
    client.receive_data(data)
    assert client.parser_exc is None
    frames = client.events_received()
    return [frame for frame in frames if isinstance(frame, Frame)]


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_a_body_of_any_length_is_one_whole_text_frame(length: int) -> None:
    body = b"x" * length
    assert read_as_a_client(websocket_text_frame(body)) == [Frame(Opcode.TEXT, body)]


@pytest.mark.parametrize(("length", "head"), [(125, 2), (126, 4), (65_535, 4), (65_536, 10)])
def test_a_length_takes_the_fewest_bytes(length: int, head: int) -> None:
    assert len(websocket_text_frame(b"x" * length)) == head + length


def test_frames_joined_into_one_write_stay_apart() -> None:
    joined = b"".join(WEBSOCKET.frame(body) for body in (b"one", b"two" * 100, "drei ☃".encode()))
    assert [frame.data for frame in read_as_a_client(joined)] == [b"one", b"two" * 100, "drei ☃".encode()]


def test_control_frames_carry_their_payload() -> None:
    assert read_as_a_client(websocket_ping_frame() + websocket_ping_frame(b"?") + websocket_pong_frame(b"!" * 125)) == [
        Frame(Opcode.PING, b""),
        Frame(Opcode.PING, b"?"),
        Frame(Opcode.PONG, b"!" * 125),
    ]


def test_a_close_frame_says_why() -> None:
    assert read_as_a_client(websocket_close_frame(1012, "Zurück")) == [
        Frame(Opcode.CLOSE, b"\x03\xf4" + "Zurück".encode())
    ]


def test_a_close_frame_may_be_empty() -> None:
    assert websocket_close_frame(None) == b"\x88\x00"


@pytest.mark.parametrize("build", [websocket_ping_frame, websocket_pong_frame])
def test_a_control_frame_beyond_125_bytes_is_refused(build: type[bytes]) -> None:
    with pytest.raises(ValueError, match="at most 125 bytes"):
        build(b"x" * 126)


def test_a_close_reason_beyond_123_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 125 bytes"):
        websocket_close_frame(1000, "x" * 124)


@pytest.mark.parametrize("length", [1, 9, 10, 4096, 65_536, 200_000])
def test_a_body_of_any_length_is_one_event_in_one_chunk(length: int) -> None:
    body = b"x" * length
    stream = unchunked(EVENT_STREAM.frame(body) + event_stream_close(1000))
    assert events_in(stream) == [("message", body.decode()), ("close", "1000")]


def test_events_joined_into_one_write_stay_apart_and_comments_say_nothing() -> None:
    bodies = [b"one", b"two" * 100, "drei \u2028 ☃".encode()]
    joined = event_stream_comment() + event_stream_comment().join(map(EVENT_STREAM.frame, bodies))
    heard = events_in(unchunked(joined + event_stream_close(1012)))
    assert heard == [*(("message", body.decode()) for body in bodies), ("close", "1012")]


def test_a_text_with_line_breaks_is_still_one_event() -> None:
    event = Failed(error=Problem("bad_request", "one\ntwo\r\nthree\rfour\n\nevent: close\ndata: 1000"))
    heard = events_in(unchunked(EVENT_STREAM.frame(encode_event(event)) + event_stream_close(1000)))
    assert [kind for kind, _ in heard] == ["message", "close"]
    assert msgspec.json.decode(heard[0][1]) == msgspec.to_builtins(event)


def test_a_stream_is_not_over_before_it_says_so() -> None:
    with pytest.raises(IncompleteRead):
        unchunked(EVENT_STREAM.frame(b"one"))


def test_every_framing_has_a_name_of_its_own() -> None:
    assert len({WEBSOCKET.name, EVENT_STREAM.name, ENTRIES.name}) == 3


def test_entries_say_how_far_a_reader_has_come_and_when_to_come_back() -> None:
    entries = [event_stream_pause(3_000), event_stream_entry(7, b"seven"), event_stream_entry(None, b"over")]
    stream = unchunked(b"".join(map(ENTRIES.frame, entries)) + event_stream_close(1000))
    assert events_in(stream) == [("message", "seven"), ("message", "over"), ("close", "1000")]
    assert stream.startswith(b"retry: 3000\n\nid: 7\n")
