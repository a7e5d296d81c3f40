import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from app.protocol.framing import (
    WEBSOCKET,
    websocket_close_frame,
    websocket_ping_frame,
    websocket_pong_frame,
    websocket_text_frame,
)


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
