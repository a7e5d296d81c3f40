"""What every address of the API shares: who may come in, how it is refused, and how much is left."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.chat import accounts
from app.handlers.api.routes import ADDRESSES
from app.protocol import api
from tests.support.api import Program, private_room
from tests.support.door import Door, running
from tests.support.house import new_nonce

GIVEN: dict[object, Any] = {
    None: None,
    api.NewMessage: {"text": "a"},
    api.NewText: {"text": "a"},
    api.NewMember: {"person": 1},
    api.RoomChange: {"topic": "a"},
}


def with_ids(path: str) -> str:
    """All but the room's."""
    return path.replace("{number}", "1").replace("{webhook}", "1").replace("{emoji}", "%F0%9F%91%8D")


AT_A_ROOM = [
    (method, with_ids(each.path), GIVEN[operation.body])
    for each in ADDRESSES
    for method, operation in each.operations.items()
    if "{room}" in each.path
] + [("POST", "/files?room={room}", b"a")]
"""Every address of a room, with what it takes."""


def nobody(ada: Program, bearer: str = "") -> Program:
    return Program(ada.door, bearer, ada.room)


async def test_without_a_token_one_is_asked_for(ada: Program) -> None:
    answer = await nobody(ada).ask("GET", "/me")
    assert (answer.status, answer.body["code"]) == (401, "token_needed")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("bearer", ["wrong", "x" * 2_000])
async def test_a_wrong_token_is_called_so(ada: Program, bearer: str) -> None:
    answer = await nobody(ada, bearer).ask("GET", "/me")
    assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')


async def test_a_cookie_opens_nothing_and_mends_no_wrong_token(door: Door, ada: Program) -> None:
    for bearer in ("", "wrong"):
        for method in ("GET", "POST"):
            answer = await nobody(ada, bearer).ask(method, "/rooms/ROOM/messages", {"text": "a"}, **door.signed_in)
            assert answer.status == 401


async def test_a_program_may_no_more_than_its_person(ada: Program) -> None:
    assert (await ada.ask("PATCH", "/rooms/ROOM", {"is_default": True})).status == 403


async def test_a_problem_says_what_it_is(ada: Program) -> None:
    answer = await ada.ask("GET", "/rooms/999999")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body == {
        "type": "about:blank#not_found",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing here, or it is not for you.",
        "code": "not_found",
        "request_id": answer.headers["x-request-id"],
    }


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/rooms/x", "/rooms/0", "/rooms/01", "/rooms/1/", "/../../me"])
async def test_every_other_address_is_told_in_the_same_form(ada: Program, path: str) -> None:
    for program in (ada, nobody(ada)):
        answer = await program.ask("GET", path)
        assert (answer.status, answer.body["code"]) == (404, "not_found")


async def test_an_id_that_no_database_holds_is_not_there(ada: Program) -> None:
    assert (await ada.ask("GET", f"/rooms/{'9' * 400}")).status == 404
    assert (await ada.ask("GET", f"/rooms/{'9' * 15}/messages")).status == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "FETCH"])
async def test_a_method_that_is_not_taken_is_told_those_that_are(ada: Program, method: str) -> None:
    answer = await ada.ask(method, "/rooms")
    assert (answer.status, answer.body["code"]) == (405, "method_unknown")
    assert answer.headers["allow"] == "GET, POST, HEAD, OPTIONS"


async def test_options_tell_them_too_and_nothing_to_pages_of_other_sites(ada: Program) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = await ada.ask("OPTIONS", "/rooms/ROOM", **headers)
    assert (answer.status, answer.headers["allow"]) == (204, "GET, PATCH, HEAD, OPTIONS")
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/me", "/rooms/ROOM/messages", "/openapi.json"])
async def test_head_is_as_get_without_the_body(ada: Program, path: str) -> None:
    head, get = await ada.ask("HEAD", path), await ada.ask("GET", path)
    assert head.status == 200
    assert {name: head.headers[name] for name in ("content-type", "content-length")} == {
        name: get.headers[name] for name in ("content-type", "content-length")
    }


async def test_nobody_keeps_what_was_answered(ada: Program) -> None:
    for path in ("/me", "/nothing"):
        assert (await ada.ask("GET", path)).headers["cache-control"] == "no-store"


async def test_it_is_json_whatever_a_program_says_it_takes(ada: Program) -> None:
    assert (await ada.ask("GET", "/me", Accept="text/html")).headers["content-type"] == "application/json"


async def test_a_room_that_one_is_not_in_looks_like_none_at_every_address(door: Door, ada: Program) -> None:
    services = door.server.application.services
    outsider = Program(door, await accounts.add_token(services, "outsider", "a bot", "manage"), ada.room)
    await ada.post("xyzzy")
    await ada.ask("PATCH", "/rooms/ROOM", {"topic": "xyzzy"})
    for method, path, given in AT_A_ROOM:
        sent = {"Idempotency_Key": new_nonce()}
        there = await outsider.ask(method, path.replace("{room}", "ROOM"), given, **sent)
        nowhere = await outsider.ask(method, path.replace("{room}", "999999"), given, **sent)
        assert (there.status, nowhere.status) == (404, 404), (method, path)
        assert there.body | {"request_id": ""} == nowhere.body | {"request_id": ""}
    for path in ("/me", "/rooms", "/search?q=xyzzy"):
        answer = await outsider.ask("GET", path)
        assert answer.status == 200
        assert "xyzzy" not in str(answer.body)


async def test_it_says_how_much_is_left_and_then_when_to_come_back(tmp_path: Path) -> None:
    limits = {"LIMIT_SENDS_PER_10_SECONDS": "2", "LIMIT_COMMANDS_PER_10_SECONDS": "5"}
    async with running(tmp_path, limits) as door:
        ada = Program(door, door.bearer, await private_room(door, "ada"))
        answer = await ada.post()
        assert answer.headers["ratelimit-policy"] == '"requests";q=5;w=10, "messages";q=2;w=10'
        assert re.fullmatch(r'"requests";r=4;t=\d+, "messages";r=1;t=\d+', answer.headers["ratelimit"])
        answers = [await ada.post() for _ in range(2)]
        assert [each.status for each in answers] == [201, 429]
        assert answers[1].body["code"] == "too_fast"
        assert 0 < answers[1].body["retry_after"] <= 10
        assert int(answers[1].headers["retry-after"]) >= 1
        assert '"messages";r=0' in answers[1].headers["ratelimit"]
        statuses = [(await ada.ask("GET", "/me")).status for _ in range(3)]
        assert statuses == [200, 200, 429]


async def test_an_address_that_is_refused_too_often_has_to_wait(tmp_path: Path) -> None:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "2"}) as door:
        wrong = Program(door, "wrong", 1)
        assert [(await wrong.ask("GET", "/me")).status for _ in range(3)] == [401, 401, 429]
        assert (await Program(door, door.bearer, 1).ask("GET", "/me")).status == 200


async def test_nothing_is_taken_over_plain_http_where_it_is_https(tmp_path: Path) -> None:
    environ = {"PUBLIC_URL": "https://chat.example.org", "SECRET_KEY": "k" * 40, "TRUST_PROXY": "1"}
    async with running(tmp_path, environ) as door:
        ada = Program(door, door.bearer, 1)
        answer = await ada.ask("GET", "/me", X_Forwarded_Proto="http")
        assert (answer.status, answer.body["code"]) == (400, "bad_request")
        assert "https://chat.example.org" in answer.body["detail"]
        assert (await ada.ask("GET", "/me", X_Forwarded_Proto="https")).status == 200


@pytest.mark.parametrize("size", [66_000, 2**20 + 1, 2**23], ids=["65 KiB", "1 MiB", "8 MiB"])
@pytest.mark.parametrize("way", ["with its length", "chunk by chunk"])
async def test_a_body_that_is_too_large_is_told_so_whatever_its_size(ada: Program, size: int, way: str) -> None:
    sent: dict[str, str] = {}
    body = b'{"text": "' + b"x" * size + b'"}'
    if way == "chunk by chunk":
        sent = {"Content-Length": "", "Transfer-Encoding": "chunked"}
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    for path, method in (("/rooms/ROOM/messages", "POST"), ("/rooms/ROOM", "PATCH"), ("/rooms", "POST")):
        answer = await ada.ask(method, path, body, **sent)
        assert (answer.status, answer.body["code"]) == (413, "body_too_large")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_who_may_not_come_in_is_told_so_before_a_body_is_read(ada: Program) -> None:
    head = {"Host": "127.0.0.1", "Authorization": "Bearer wrong", "Content-Length": str(2**30)}
    status, _ = await ada.door.ask(f"POST /api/v1/rooms/{ada.room}/messages HTTP/1.1", head)
    assert status == 401
