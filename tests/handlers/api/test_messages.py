"""/api/v1/rooms/ID/messages over real sockets to the real server."""

import asyncio
from typing import Any

import pytest

from tests.support.api import Program
from tests.support.door import Door
from tests.support.house import new_nonce


async def numbers(program: Program, query: str = "") -> list[int]:
    answer = await program.ask("GET", f"/rooms/ROOM/messages{query}")
    assert answer.status == 200, answer
    return [message["number"] for message in answer.body["messages"]]


async def post_many(program: Program, count: int) -> None:
    for number in range(1, count + 1):
        assert (await program.post(f"no. {number}")).status == 201


# Posting


async def test_a_message_is_posted_and_has_its_address(ada: Program) -> None:
    answer = await ada.post("hello")
    assert answer.status == 201
    assert answer.headers["location"] == f"/api/v1/rooms/{ada.room}/messages/1"
    assert answer.body["room"] == ada.room
    assert (answer.body["message"]["number"], answer.body["message"]["text"]) == (1, "hello")


async def test_it_is_the_message_that_everybody_hears_of(door: Door, ada: Program) -> None:
    source = await door.listen(f"room={ada.room}")
    await source.hears("opened")
    answer = await ada.post("**hello**")
    assert (await source.hears("message.posted"))["message"] == answer.body["message"]


async def test_a_repeat_is_answered_with_the_first_message(ada: Program) -> None:
    key = new_nonce()
    first = await ada.post("hello", Idempotency_Key=key)
    again = await ada.post("hello", Idempotency_Key=f'"{key}"')
    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body
    assert "location" not in again.headers
    assert await numbers(ada) == [1]


async def test_twenty_repeats_at_once_post_one_message(ada: Program) -> None:
    key = new_nonce()
    answers = await asyncio.gather(*[ada.post("once", Idempotency_Key=key) for _ in range(20)])
    assert sorted(answer.status for answer in answers) == [200] * 19 + [201]
    assert await numbers(ada) == [1]


async def test_without_a_key_each_is_a_message_of_its_own(ada: Program) -> None:
    assert [(await ada.post()).status for _ in range(2)] == [201, 201]
    assert await numbers(ada) == [1, 2]


@pytest.mark.parametrize("key", ["short", "x" * 65, "with space 0123456789", '"0123456789abcdef', "é" * 16])
async def test_a_key_that_is_none_is_refused_and_nothing_is_posted(ada: Program, key: str) -> None:
    answer = await ada.post(Idempotency_Key=key)
    assert (answer.status, answer.body["code"]) == (400, "bad_request")
    assert await numbers(ada) == []


async def test_a_message_may_answer_another(ada: Program) -> None:
    await ada.post("who?")
    answer = await ada.ask("POST", "/rooms/ROOM/messages", {"text": "me", "reply_to": 1, "kind": "me"})
    assert (answer.body["message"]["reply_to"], answer.body["message"]["kind"]) == (1, "me")
    shown = await ada.ask("GET", "/rooms/ROOM/messages/2")
    assert [quoted["text"] for quoted in shown.body["quoted"]] == ["who?"]


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"text": "  "}, 400, "text_empty"),
        ({}, 400, "text_empty"),
        ({"text": "x" * 4_001}, 400, "text_too_long"),
        ({"text": "a", "reply_to": 99}, 404, "not_found"),
        ({"text": "a", "reply_to": None}, 400, "bad_request"),
        ({"text": "a", "reply_to": 2**53}, 400, "bad_request"),
        ({"text": "a", "author": 7}, 400, "bad_request"),
        ({"text": "a", "seq": 7}, 400, "bad_request"),
        ({"text": 5}, 400, "bad_request"),
        ({"text": "a\0"}, 400, "bad_request"),
        ({"text": "a", "files": ["0" * 32]}, 400, "file_gone"),
        ([], 400, "bad_request"),
        (b"{", 400, "bad_request"),
        (b'{"text": "a", "text": "b"}', 400, "bad_request"),
        (b'{"text": "\\ud800"}', 400, "bad_request"),
        (b'{"text": "\xff"}', 400, "bad_request"),
        (b"[" * 50_000, 400, "bad_request"),
        (b'{"text": NaN}', 400, "bad_request"),
        (b'{"text": "' + b"x" * 66_000 + b'"}', 413, "body_too_large"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_a_sentence(
    ada: Program, given: Any, status: int, code: str
) -> None:
    answer = await ada.ask("POST", "/rooms/ROOM/messages", given)
    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.body["detail"]
    assert await numbers(ada) == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_that_is_not_called_json_is_refused(ada: Program, kind: str) -> None:
    answer = await ada.ask("POST", "/rooms/ROOM/messages", {"text": "a"}, Content_Type=kind)
    assert (answer.status, answer.body["code"]) == (415, "not_json")


# Reading


async def test_the_newest_page_comes_first_and_leads_to_all_others(ada: Program) -> None:
    await post_many(ada, 5)
    page = await ada.ask("GET", "/rooms/ROOM/messages?limit=2")
    assert [message["number"] for message in page.body["messages"]] == [4, 5]
    assert "next" not in page.body
    seen = []
    while previous := page.body.get("previous"):
        page = await ada.ask("GET", previous.removeprefix("/api/v1"))
        seen.append([message["number"] for message in page.body["messages"]])
    assert seen == [[2, 3], [1]]
    assert page.body["next"] == f"/api/v1/rooms/{ada.room}/messages?after=1&limit=2"


async def test_pages_lie_before_after_and_around_a_number(ada: Program) -> None:
    await post_many(ada, 5)
    assert await numbers(ada, "?before=3") == [1, 2]
    assert await numbers(ada, "?after=3") == [4, 5]
    assert await numbers(ada, "?around=3&limit=3") == [2, 3, 4]


async def test_a_page_has_the_people_in_it(ada: Program) -> None:
    await ada.post()
    page = await ada.ask("GET", "/rooms/ROOM/messages")
    assert [person["handle"] for person in page.body["people"]] == ["ada"]


async def test_a_room_without_messages_has_one_empty_page(ada: Program) -> None:
    page = await ada.ask("GET", "/rooms/ROOM/messages")
    assert page.body == {"room": ada.room, "messages": [], "people": []}


@pytest.mark.parametrize(
    "query",
    [
        "?before=x",
        "?before=",
        "?before=-1",
        "?before=9007199254740992",
        "?before=null",
        "?before=2&after=1",
        "?limit=0",
        "?limit=101",
        "?limit=%ff",
        "?limit=1&limit=2",
        "?befor=3",
    ],
)
async def test_a_page_that_cannot_be_is_refused(ada: Program, query: str) -> None:
    answer = await ada.ask("GET", f"/rooms/ROOM/messages{query}")
    assert answer.status == 400
    assert answer.body["detail"]


async def test_one_message_is_found_by_its_number(ada: Program) -> None:
    await post_many(ada, 3)
    answer = await ada.ask("GET", "/rooms/ROOM/messages/2")
    assert answer.body["message"]["text"] == "no. 2"
    assert [person["handle"] for person in answer.body["people"]] == ["ada"]


@pytest.mark.parametrize("path", ["/rooms/ROOM/messages/4", "/rooms/999999/messages/1", "/rooms/999999/messages"])
async def test_what_is_not_there_is_not_found(ada: Program, path: str) -> None:
    await post_many(ada, 3)
    answer = await ada.ask("GET", path)
    assert (answer.status, answer.body["code"]) == (404, "not_found")


# Changing and removing


async def test_an_edit_gives_the_message_as_it_is_then(ada: Program) -> None:
    await ada.post("helo")
    answer = await ada.ask("PATCH", "/rooms/ROOM/messages/1", {"text": "hello"})
    assert (answer.status, answer.body["message"]["text"]) == (200, "hello")
    assert answer.body["message"]["edited"]


@pytest.mark.parametrize("given", [{}, {"text": None}, {"text": "a", "kind": "me"}])
async def test_an_edit_is_of_the_text_alone(ada: Program, given: Any) -> None:
    await ada.post("helo")
    answer = await ada.ask("PATCH", "/rooms/ROOM/messages/1", given)
    assert (answer.status, answer.body["code"]) == (400, "bad_request")


async def test_a_message_is_removed_once_and_for_all(ada: Program) -> None:
    await ada.post("oops")
    for _ in range(2):
        answer = await ada.ask("DELETE", "/rooms/ROOM/messages/1")
        assert (answer.status, answer.body) == (204, None)
    shown = await ada.ask("GET", "/rooms/ROOM/messages/1")
    assert shown.body["message"]["removed"] is True
    assert "text" not in shown.body["message"]


async def test_a_reason_is_one_of_those_that_there_are(ada: Program) -> None:
    await ada.post("oops")
    assert (await ada.ask("DELETE", "/rooms/ROOM/messages/1?reason=boredom")).status == 400
    assert (await ada.ask("DELETE", "/rooms/ROOM/messages/1?reason=spam")).status == 204
