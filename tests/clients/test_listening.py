"""A stream of events for who waits: what comes, and how it ends. Over real sockets."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.protocol import events
from clients.api import Api
from clients.failures import BROKEN, Ended
from clients.listening import events_of

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
LATER = b'data: {"type":"of.tomorrow"}\n\n'
BEAT = b'data: {"type":"heartbeat","heads":{"1":4}}\n\n'
HEARD = events.Heartbeat({"1": 4})
PATIENCE = 10.0


@contextmanager
def answering(*pieces: bytes) -> Iterator[tuple[Api, threading.Event]]:
    """A server that sends the first piece, and the others once it may go on; then it goes."""
    may_go_on = threading.Event()

    def answer() -> None:
        line, _ = listening.accept()
        with line:
            asked = line.recv(65_536)
            assert asked.startswith(b"GET /stream?room=1&room=7 HTTP/1.1\r\n"), asked
            for number, piece in enumerate(pieces):
                assert number == 0 or may_go_on.wait(PATIENCE)
                line.sendall(piece)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer)
        thread.start()
        api = Api(f"http://127.0.0.1:{listening.getsockname()[1]}", "roost_token")
        with api.session:
            yield api, may_go_on
        may_go_on.set()
        thread.join(PATIENCE)


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def heard(answer: bytes) -> tuple[list[events.Event], Ended]:
    """What comes, and how it ends."""
    found: list[events.Event] = []
    with answering(answer) as (api, _):
        try:
            found.extend(event for event in events_of(api, [1, 7]))
        except Ended as ended:
            return found, ended
    raise AssertionError("a stream ends by saying why")


@pytest.mark.parametrize("is_chunked", [True, False])
def test_each_event_comes_as_soon_as_it_is_said(is_chunked: bool) -> None:
    """Our server sends chunks; a proxy need not."""
    first = HEAD + CHUNKED + chunked(BEAT) if is_chunked else HEAD + b"\r\n" + BEAT
    end = b"event: close\ndata: 1012\n\n"
    with answering(first, chunked(end) if is_chunked else end) as (api, may_go_on):
        source = events_of(api, [1, 7])
        assert next(source) == HEARD
        may_go_on.set()
        with pytest.raises(Ended) as caught:
            next(source)
    assert caught.value.code == 1012


def test_what_is_no_event_for_us_is_passed_over() -> None:
    found, _ = heard(HEAD + b"\r\n:\n" + BEAT + LATER + BEAT)
    assert found == [HEARD, HEARD]


@pytest.mark.parametrize("rest", [b"", b"data: {", b"event: close\ndata: x\n\n", b"data: nonsense\n\n"])
def test_one_that_ends_without_a_word_is_broken(rest: bytes) -> None:
    for answer in (HEAD + b"\r\n" + BEAT + rest, HEAD + CHUNKED + chunked(BEAT + rest) + b"5\r\n"):
        found, ended = heard(answer)
        assert found == [HEARD]
        assert ended.code == BROKEN


def test_one_without_a_sign_of_life_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.listening.TIMEOUT", (PATIENCE, 0.1))
    with answering(HEAD + b"\r\n" + BEAT, b"too late") as (api, _):
        source = events_of(api, [1, 7])
        assert next(source) == HEARD
        with pytest.raises(Ended) as caught:
            next(source)
    assert caught.value.code == BROKEN


def test_where_nobody_answers_it_is_broken() -> None:
    with pytest.raises(Ended) as caught:
        next(events_of(Api("http://127.0.0.1:1", "t"), [1]))
    assert caught.value.code == BROKEN


@pytest.mark.parametrize(("status", "code"), [(401, 3501), (403, 1008), (429, BROKEN), (503, BROKEN)])
def test_who_is_not_let_in_is_told_why_and_when_to_come_back(status: int, code: int) -> None:
    found, ended = heard(b"HTTP/1.1 %d No\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n" % status)
    assert (found, ended.code, ended.retry_after) == ([], code, 9.0)
