"""Each dialect against the words of its server, cut anywhere."""

from collections.abc import Sequence

import msgspec
import pytest

from app.protocol.framing import (
    event_stream_close,
    event_stream_comment,
    event_stream_frame,
    length_prefixed_frame,
    websocket_close_frame,
    websocket_ping_frame,
    websocket_text_frame,
)
from app.protocol.length_prefix import LengthPrefixReader
from app.protocol.websocket import FrameReader
from bench.dialects.base import Acknowledgement, Delivery, Dialect, Joining, Reply, Unexpected, Word
from bench.dialects.event_stream import EventsDown, EventStream
from bench.dialects.gateway import Gateway
from bench.dialects.irc import Irc
from bench.dialects.nats import Nats
from bench.dialects.roost import Roost
from bench.dialects.socket_io import SocketIo
from bench.dialects.websocket import PONG, PlainWebSocket, client_frame
from bench.text import text_of

TEXT = text_of(3, 14)
UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
CUTS = (1, 7, 10_000)


def words_of(dialect: Dialect, data: bytes) -> list[Word]:
    words, at = [], 0
    while (end := dialect.end_of_frame(data, at)) > 0:
        words.append(dialect.read(data[at:end]))
        at = end
    assert at == len(data)
    return words


def joined(dialect: Dialect, answers: Sequence[bytes], cut: int) -> tuple[bytes, bytes]:
    """What was sent, and what was left over for the room. The answers come in pieces of `cut` bytes."""
    return got_in(dialect.join(0), answers, cut)


def got_in(joining: Joining, answers: Sequence[bytes], cut: int) -> tuple[bytes, bytes]:
    sent = next(joining)
    for number, answer in enumerate(answers):
        for start in range(0, len(answer), cut):
            try:
                sent += joining.send(answer[start : start + cut])
            except StopIteration as done:
                return sent, done.value + answer[start + cut :] + b"".join(answers[number + 1 :])
    raise AssertionError("never got in")


def text_frame(words: object) -> bytes:
    return websocket_text_frame(msgspec.json.encode(words))


def roost_message(dialect: Roost, sender: int, nth: int) -> dict[str, object]:
    sent = msgspec.json.decode(dialect.command(sender, nth))
    return {"number": nth + 1, "seq": nth + 11, "text": sent["text"], "nonce": sent["nonce"]}


def roost_events(messages: Sequence[object] = (), *, reset: bool = False) -> list[dict[str, object]]:
    den, room = {"id": 4, "slug": "den", "seq": 0}, {"id": 7, "slug": "general", "seq": 9}
    started: dict[str, object] = {"type": "session.started", "epoch": "e", "rooms": [den, room]}
    presence = {"type": "presence.changed", "room": 7, "online": 1}
    opened = {"type": "opened", "ref": 0, "room": room, "messages": messages, "reset": reset}
    return [started, presence, opened]


def roost_answers(messages: Sequence[object] = (), *, reset: bool = False) -> list[bytes]:
    return [UPGRADED, *map(text_frame, roost_events(messages, reset=reset))]


def stream_answers() -> list[bytes]:
    return [STREAM, *map(chunk, roost_events()), event_stream_comment()]


def chunk(words: object) -> bytes:
    return event_stream_frame(msgspec.json.encode(words))


def tcp_frame(words: object) -> bytes:
    return length_prefixed_frame(msgspec.json.encode(words))


def answer_to_post(words: object) -> bytes:
    body = msgspec.json.encode(words)
    return b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize(
    ("dialect", "answers"),
    [
        (PlainWebSocket(), [UPGRADED]),
        (SocketIo(), [UPGRADED, websocket_text_frame(b'0{"sid":"x"}'), websocket_text_frame(b'40{"sid":"y"}')]),
        (Nats(), [b"INFO {}\r\n", b"PONG\r\n"]),
        (Irc(), [b":s 001 m0 :hi\r\n:s 376 m0 :end\r\n", b":m0!m@h JOIN #room\r\n:s 366 m0 #room :end\r\n"]),
        (Roost(["token-0"]), roost_answers()),
        (EventStream(["token-0"]), stream_answers()),
        (Gateway(["token-0"]), [tcp_frame(event) for event in roost_events()]),
    ],
    ids=["websocket", "socket.io", "nats", "irc", "roost", "events", "tcp"],
)
def test_one_gets_in_however_the_answers_are_cut(dialect: Dialect, answers: list[bytes], cut: int) -> None:
    _, left_over = joined(dialect, [*answers, b"what is said"], cut)
    assert left_over in {b"", b"what is said", event_stream_comment() + b"what is said"}


def test_roost_gets_its_token_and_is_asked_for_the_room_by_its_id() -> None:
    sent, _ = joined(Roost(["token-0"]), roost_answers(), 10_000)
    assert b"Authorization: Bearer token-0\r\n" in sent
    assert b'{"type":"room.open","ref":0,"room":7}' in sent


def test_who_comes_back_names_what_they_have_and_must_get_the_rest() -> None:
    dialect = Roost(["token-0"])
    joined(dialect, roost_answers(), 10_000)
    dialect.since, dialect.caught_up = dialect.head, [(0, 0), (0, 1)]
    missed = [roost_message(dialect, 0, nth) for nth in range(2)]
    sent, _ = joined(dialect, roost_answers(missed), 10_000)
    assert b'"epoch":"e","since":9' in sent
    for wrong in (roost_answers(missed[:1]), roost_answers(missed[::-1]), roost_answers(missed, reset=True)):
        with pytest.raises(Unexpected, match="missed 2"):
            joined(dialect, wrong, 10_000)


@pytest.mark.parametrize(
    ("dialect", "delivered"),
    [
        (PlainWebSocket(), websocket_text_frame(TEXT.encode())),
        (SocketIo(), websocket_text_frame(f'42["message","{TEXT}"]'.encode())),
        (Nats(), f"MSG room 1 100\r\n{TEXT}\r\n".encode()),
        (Irc(), f":m3!~m@127.0.0.1 PRIVMSG #room :{TEXT}\r\n".encode()),
    ],
    ids=["websocket", "socket.io", "nats", "irc"],
)
def test_deliveries_are_told_apart(dialect: Dialect, delivered: bytes) -> None:
    assert words_of(dialect, delivered * 2) == [Delivery(3, 14)] * 2
    assert all(dialect.end_of_frame(delivered[:cut], 0) == -1 for cut in range(len(delivered)))
    with pytest.raises(ValueError, match="never sent"):
        words_of(dialect, delivered.replace(b"rope", b"ripe"))


def test_roost_delivers_with_a_number_and_acknowledges() -> None:
    dialect = Roost(["token-0"])
    message = roost_message(dialect, 3, 14)
    posted = {"type": "message.posted", "room": 7, "seq": 25, "message": message}
    sent = {"type": "sent", "ref": 14 * 100 + 3, "room": 7, "message": message}
    words = words_of(dialect, text_frame(posted) + text_frame({"type": "heartbeat"}) + text_frame(sent))
    assert words == [Delivery(3, 14, place=15), None, Acknowledgement(3, 14)]


def test_events_come_in_chunks_and_answers_to_what_was_posted() -> None:
    dialect = EventStream(["token-0"])
    message = roost_message(dialect, 3, 14)
    posted = {"type": "message.posted", "room": 7, "seq": 25, "message": message}
    sent = {"type": "sent", "ref": 14 * 100 + 3, "room": 7, "message": message}
    assert words_of(dialect, chunk(posted) + event_stream_comment() + chunk({"type": "heartbeat"})) == [
        Delivery(3, 14, place=15), None, None
    ]  # fmt: skip
    assert words_of(dialect, answer_to_post(sent) * 2) == [Acknowledgement(3, 14)] * 2
    for frame in (chunk(posted), answer_to_post(sent)):
        assert all(dialect.end_of_frame(frame[:cut], 0) == -1 for cut in range(len(frame)))


def test_over_tcp_one_says_who_one_is_and_is_told_the_same() -> None:
    dialect = Gateway(["token-0"])
    sent, _ = joined(dialect, [tcp_frame(event) for event in roost_events()], 10_000)
    auth, opening = b'{"type":"auth","token":"token-0"}', b'{"type":"room.open","ref":0,"room":7}'
    assert [*LengthPrefixReader().feed(sent)] == [auth, opening]
    assert [*LengthPrefixReader().feed(dialect.send(3, 14))] == [dialect.command(3, 14)]
    message = roost_message(dialect, 3, 14)
    posted = tcp_frame({"type": "message.posted", "room": 7, "seq": 25, "message": message})
    answered = tcp_frame({"type": "sent", "ref": 14 * 100 + 3, "room": 7, "message": message})
    words = words_of(dialect, posted + tcp_frame({"type": "heartbeat"}) + answered)
    assert words == [Delivery(3, 14, place=15), None, Acknowledgement(3, 14)]
    assert all(dialect.end_of_frame(posted[:cut], 0) == -1 for cut in range(len(posted)))


def test_who_posts_is_in_once_a_first_command_was_answered() -> None:
    dialect = EventStream(["token-0", "token-1"])
    sent, _ = got_in(dialect.join_to_speak(1), [answer_to_post({"type": "done", "ref": 0})], 10_000)
    assert sent.startswith(b"POST /command HTTP/1.1\r\n")
    assert b"Authorization: Bearer token-1\r\n" in sent
    assert sent.endswith(b'\r\n\r\n{"type":"ping","ref":0}')


def test_commands_may_go_by_websocket_while_events_come_down() -> None:
    dialect = EventsDown(["token-0"])
    started, *_ = roost_events()
    got_in(dialect.join_to_speak(0), [UPGRADED, text_frame(started)], 7)
    message = roost_message(dialect, 0, 0)
    sent = {"type": "sent", "ref": 0, "room": 7, "message": message}
    activity = {"type": "room.activity", "room": 7, "number": 1, "seq": 2}
    assert words_of(dialect, text_frame(activity) + text_frame(sent)) == [None, Acknowledgement(0, 0)]
    posted = {"type": "message.posted", "room": 7, "seq": 2, "message": message}
    assert words_of(dialect, chunk(posted)) == [Delivery(0, 0, place=1)]


def test_roost_must_not_acknowledge_another_message_or_call_a_first_one_a_duplicate() -> None:
    dialect = Roost(["token-0"])
    sent = {"type": "sent", "ref": 14 * 100 + 3, "room": 7, "message": roost_message(dialect, 3, 14)}
    for wrong in (sent | {"ref": 1503}, sent | {"dup": True}):
        with pytest.raises(Unexpected):
            words_of(dialect, text_frame(wrong))


@pytest.mark.parametrize(
    ("dialect", "asked", "answer"),
    [
        (PlainWebSocket(), websocket_ping_frame(b"x"), client_frame(b"x", PONG)),
        (SocketIo(), websocket_text_frame(b"2"), client_frame(b"3")),
        (Nats(), b"PING\r\n", b"PONG\r\n"),
        (Irc(), b"PING :irc.bench\r\n", b"PONG :irc.bench\r\n"),
        (Roost(["t"]), websocket_ping_frame(), client_frame(b"", PONG)),
    ],
    ids=["websocket", "socket.io", "nats", "irc", "roost"],
)
def test_a_ping_is_answered(dialect: Dialect, asked: bytes, answer: bytes) -> None:
    assert words_of(dialect, asked) == [Reply(answer)]


@pytest.mark.parametrize(
    ("dialect", "farewell"),
    [
        (PlainWebSocket(), websocket_close_frame(1001)),
        (Nats(), b"-ERR 'Slow Consumer'\r\n"),
        (Irc(), b"ERROR :Closing link\r\n"),
        (Roost(["t"]), text_frame({"type": "error", "ref": 1, "error": {"code": "too_fast", "message": "Wait."}})),
        (EventStream(["t"]), event_stream_close(1012)),
        (Gateway(["t"]), tcp_frame({"type": "closed", "code": 3501, "reason": "Sign in first."})),
        (EventStream(["t"]), b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 5\r\n\r\nWait."),
    ],
    ids=["websocket", "nats", "irc", "roost", "events", "tcp", "post"],
)
def test_a_refusal_ends_the_measurement(dialect: Dialect, farewell: bytes) -> None:
    with pytest.raises(Unexpected):
        words_of(dialect, farewell)


def test_a_command_is_sent_as_a_frame_or_as_the_body_of_a_request() -> None:
    dialect, events = Roost(["token-0"]), EventStream(["token-0"])
    assert FrameReader().feed(dialect.send(0, 1)) == [dialect.command(0, 1)]
    head, _, body = events.send(0, 1).partition(b"\r\n\r\n")
    assert body == events.command(0, 1)
    assert b"\r\nContent-Length: %d\r\n" % len(body) in head


def test_a_client_frame_is_masked_and_whole() -> None:
    for length in (0, 125, 126, 60_000):
        assert FrameReader().feed(client_frame(b"a" * length)) == [b"a" * length]
