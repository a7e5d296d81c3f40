"""One request over the HTTP API is asked until it is answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import responses
from responses import RequestsMock, matchers

from app.protocol import api
from clients.api import Api
from clients.failures import BadAddress, Incompatible, Refused, SignedOut, Unreachable

SERVER = "https://chat.example"
ME = f"{SERVER}/api/v1/me"
MESSAGES = f"{SERVER}/api/v1/rooms/1/messages"
SAID = {"person": {"id": 7, "handle": "bot", "name": "Bot"}, "text_limit": 4000, "file_limit": 0, "edit_minutes": 0}
POSTED = {"room": 1, "message": {"number": 1, "seq": 1, "author": 7, "at": 0, "nonce": "n" * 16, "text": "hello"}}
WRONG = {"type": "about:blank#x", "title": "x", "detail": "Why not.", "request_id": "1"}


@pytest.fixture
def server() -> Iterator[RequestsMock]:
    with RequestsMock() as mock:
        yield mock


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it waited, in no time."""
    waited: list[float] = []
    monkeypatch.setattr("clients.api.sleep", waited.append)
    return waited


def me() -> api.Me:
    return Api(SERVER, "roost_token").ask("GET", "/me", api.Me)


def test_it_says_who_it_is_whatever_netrc_has(
    server: RequestsMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine chat.example login somebody password else")
    monkeypatch.setenv("HOME", str(tmp_path))
    server.get(ME, json=SAID, match=[matchers.header_matcher({"Authorization": "Bearer roost_token"})])
    assert me().person.handle == "bot"


@pytest.mark.parametrize(
    "problem", [requests.ConnectionError(), requests.ReadTimeout(), requests.exceptions.ChunkedEncodingError()]
)
def test_a_broken_line_is_tried_again_with_the_same_key(
    server: RequestsMock, waits: list[float], problem: Exception
) -> None:
    for body in (problem, problem):
        server.post(MESSAGES, body=body)
    server.post(MESSAGES, json=POSTED, status=201)
    posted = Api(SERVER, "t").ask("POST", "/rooms/1/messages", api.Posted, api.NewMessage("hello"), "k" * 16)
    assert posted.message.text == "hello"
    assert [call.request.headers["Idempotency-Key"] for call in server.calls] == ["k" * 16] * 3
    assert len({call.request.body for call in server.calls}) == 1
    assert len(waits) == 2


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_it_is_told(server: RequestsMock, waits: list[float], status: int) -> None:
    server.get(ME, json=WRONG | {"status": status, "code": "too_fast"}, status=status, headers={"Retry-After": "7"})
    server.get(ME, json=SAID)
    assert me().person.id == 7
    assert waits == [7.0]


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "Mon, 30 Nov 2026 12:00:00 GMT"}, {"Retry-After": "-1"}])
def test_what_stands_before_the_server_may_not_say_for_how_long(
    server: RequestsMock, waits: list[float], headers: dict[str, str]
) -> None:
    server.get(ME, body="Bad gateway", status=502, headers=headers)
    server.get(ME, json=SAID)
    assert me().person.id == 7
    assert len(waits) == 1
    assert 0 <= waits[0] <= 3


def test_what_is_refused_is_raised_as_it_was_told(server: RequestsMock, waits: list[float]) -> None:
    server.get(ME, json=WRONG | {"status": 403, "code": "muted", "retry_after": 60.0}, status=403)
    with pytest.raises(Refused, match="Why not") as caught:
        me()
    assert (caught.value.code, caught.value.temporary, caught.value.retry_after) == ("muted", True, 60.0)
    server.get(ME, json=WRONG | {"status": 401, "code": "token_needed"}, status=401)
    with pytest.raises(SignedOut):
        me()
    assert waits == []


@pytest.mark.parametrize(
    "answer", [{"status": 404}, {"status": 200}, {"status": 301, "headers": {"Location": "https://evil.example"}}]
)
def test_another_server_is_told_apart(server: RequestsMock, answer: dict[str, object]) -> None:
    server.add(responses.Response("GET", ME, body="<h1>Hello", **answer))  # type: ignore[arg-type]
    with pytest.raises(Unreachable, match="is no Roost"):
        me()


def test_so_is_one_that_says_something_else(server: RequestsMock) -> None:
    server.get(ME, json={"person": 7})
    with pytest.raises(Incompatible):
        me()


def test_one_that_was_never_there_is_given_up_and_one_that_was_is_not(server: RequestsMock, waits: list[float]) -> None:
    asking = Api(SERVER, "t", patience=0.0)
    server.get(ME, body=requests.ConnectionError("refused"))
    with pytest.raises(Unreachable, match="refused"):
        asking.ask("GET", "/me", api.Me)
    assert waits == []
    server.get(ME, json=SAID)
    server.get(ME, body=requests.ConnectionError())
    server.get(ME, json=SAID)
    assert [asking.ask("GET", "/me", api.Me).person.id for _ in range(2)] == [7, 7]
    assert len(waits) == 1


def test_it_is_no_gateway() -> None:
    with pytest.raises(BadAddress, match="https"):
        Api("tcps://chat.example:6697", "t")
