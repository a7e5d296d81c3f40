"""/command over real sockets to the real server: who may, and what is answered."""

import asyncio
import re
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.chat import accounts
from app.protocol.fields import FRAME_LIMIT
from tests.support.door import Door, running

GENERAL = 1
PING = b'{"type":"ping","ref":7}'


class Page:
    """Ada's browser with our page in it: it knows the page's token and holds the cookie that belongs to it."""

    def __init__(self, door: Door, xsrf: str, cookie: str) -> None:
        self.door = door
        self.headers = door.signed_in | {"Cookie": f"{door.cookie}; xsrf={cookie}", "X-Xsrftoken": xsrf}

    async def status(self, headers: dict[str, str] | None = None) -> int:
        return (await self.door.post(PING, self.headers | (headers or {})))[0]

    async def ask(self, **command: Any) -> dict[str, Any]:
        status, head, body = await self.door.post(msgspec.json.encode(command), self.headers)
        assert status == 200, head
        answer: dict[str, Any] = msgspec.json.decode(body)
        return answer

    async def send(self, text: str, nonce: str = "0123456789abcdef", ref: int = 1) -> dict[str, Any]:
        return await self.ask(type="message.send", ref=ref, room=GENERAL, nonce=nonce, text=text)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "1000"}) as door:
        yield door


@pytest.fixture
async def page(door: Door) -> Page:
    head, body = await door.get("/chat/general", {"Host": "127.0.0.1:5000", "Cookie": door.cookie})
    boot = re.search(r'<script type="application/json" id="boot">(.*?)</script>', body)
    assert boot is not None
    cookies = SimpleCookie(re.findall(r"(?i)set-cookie: (.*)", head)[0])
    return Page(door, msgspec.json.decode(boot[1])["xsrf"], cookies["xsrf"].value)


# Who may


async def test_a_page_says_who_it_is_by_its_cookie_and_the_token_in_it(page: Page) -> None:
    assert await page.ask(type="ping", ref=7) == {"type": "done", "ref": 7}


async def test_an_answer_is_json_that_nobody_keeps(page: Page) -> None:
    _, head, _ = await page.door.post(PING, page.headers)
    assert "\r\nContent-Type: application/json\r\n" in head
    assert "\r\nCache-Control: no-store\r\n" in head


@pytest.mark.parametrize("token", ["", "x", "2|00000000|0000000000000000000000000000000000|1700000000"])
async def test_without_the_token_of_the_page_nothing_is_done(page: Page, token: str) -> None:
    assert await page.status({"X-Xsrftoken": token}) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_may_not_even_with_the_token(page: Page, headers: dict[str, str]) -> None:
    assert await page.status(headers) == 403


async def test_who_is_not_signed_in_is_told_so(page: Page) -> None:
    xsrf = page.headers["Cookie"].partition("; ")[2]
    assert await page.status({"Cookie": xsrf}) == 401
    status, _, body = await page.door.post(PING, page.headers | {"Cookie": xsrf, "Accept": "application/json"})
    assert (status, msgspec.json.decode(body)["error"]["code"]) == (401, "not_signed_in")


async def test_an_ended_session_may_do_nothing(page: Page) -> None:
    services = page.door.server.application.services
    visitor = await accounts.resume(services, page.door.cookie.removeprefix("session="))
    assert visitor is not None
    await accounts.sign_out(services, visitor)
    assert await page.status() == 401


async def test_a_program_needs_its_bearer_token_and_nothing_else(door: Door) -> None:
    status, _, body = await door.post(PING, {"Authorization": f"Bearer {door.bearer}"})
    assert (status, msgspec.json.decode(body)) == (200, {"type": "done", "ref": 7})


async def test_a_program_cannot_be_made_to_by_a_page_of_another_site(door: Door) -> None:
    headers = {"Authorization": f"Bearer {door.bearer}", "Origin": "https://evil.example"}
    assert (await door.post(PING, headers))[0] == 403


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer unknown", "bearer \xff"])
async def test_a_wrong_token_is_not_made_good_by_a_cookie(page: Page, authorization: str) -> None:
    assert await page.status({"Authorization": authorization}) == 401


async def test_an_address_that_is_refused_too_often_has_to_wait(tmp_path: Path) -> None:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "3"}) as door:
        wrong = {"Authorization": "Bearer unknown"}
        assert [(await door.post(PING, wrong))[0] for _ in range(4)] == [401, 401, 401, 429]


async def test_only_post_carries_a_command(door: Door) -> None:
    status, _ = await door.ask("GET /command HTTP/1.1", {"Host": "127.0.0.1"} | door.signed_in)
    assert status == 405


# What is answered


async def test_a_message_is_stored_when_its_answer_comes_and_heard_on_the_stream(page: Page) -> None:
    source = await page.door.listen(f"room={GENERAL}")
    await source.hears("opened")
    sent = await page.send("hello", ref=3)
    assert (sent["type"], sent["ref"], sent["message"]["number"]) == ("sent", 3, 1)
    posted = await source.hears("message.posted")
    assert posted["message"] == sent["message"]


async def test_a_repeated_nonce_returns_the_first_message_and_posts_nothing(page: Page) -> None:
    first = await page.send("hello")
    again = await page.send("something else", ref=2)
    assert (again["dup"], again["message"]) == (True, first["message"])
    history = await page.ask(type="message.list", ref=4, room=GENERAL)
    assert [message["text"] for message in history["messages"]] == ["hello"]


async def test_what_was_sent_over_a_websocket_is_known_here(page: Page) -> None:
    body = b'{"type":"message.send","ref":1,"room":1,"nonce":"0123456789abcdef","text":"first"}'
    async with page.door.client() as client, asyncio.timeout(10):
        await client.send(body.decode())
        while '"sent"' not in await client.recv(decode=True):
            pass
    assert (await page.send("second"))["dup"] is True


async def test_many_at_once_get_an_answer_each(page: Page) -> None:
    answers = await asyncio.gather(*[page.send(f"{ref}", f"0123456789abcde{ref:x}", ref) for ref in range(16)])
    assert [answer["ref"] for answer in answers] == list(range(16))
    assert sorted(answer["message"]["number"] for answer in answers) == list(range(1, 17))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"type": "no.such.thing", "ref": 5}, "bad_command"),
        ({"type": "room.open", "ref": 5, "room": GENERAL}, "bad_request"),
        ({"type": "room.close", "ref": 5, "room": GENERAL}, "bad_request"),
        ({"type": "room.read", "ref": 5, "room": 999, "number": 1}, "not_found"),
        (
            {"type": "message.send", "ref": 5, "room": GENERAL, "nonce": "0123456789abcdef", "text": " "},
            "text_empty",
        ),
    ],
)
async def test_what_cannot_be_done_is_answered_with_an_error(page: Page, command: dict[str, Any], code: str) -> None:
    answer = await page.ask(**command)
    assert (answer["type"], answer["ref"], answer["error"]["code"]) == ("error", 5, code)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b'{"type":"ping"}', b"[" * 10_000])
async def test_what_is_no_command_is_answered_with_an_error(page: Page, body: bytes) -> None:
    status, _, answer = await page.door.post(body, page.headers)
    assert (status, msgspec.json.decode(answer)["error"]["code"]) == (200, "bad_command")


async def test_a_command_is_as_big_as_on_a_socket_and_no_bigger(page: Page) -> None:
    command = {"type": "message.send", "ref": 1, "room": GENERAL, "nonce": "0123456789abcdef", "text": ""}
    room = FRAME_LIMIT - len(msgspec.json.encode(command))
    assert (await page.ask(**command | {"text": "x" * room}))["error"]["code"] == "text_too_long"
    too_big = msgspec.json.encode(command | {"text": "x" * (room + 1)})
    assert (await page.door.post(too_big, page.headers))[0] == 400


async def test_commands_of_one_person_have_a_pace(tmp_path: Path) -> None:
    async with running(tmp_path, {"LIMIT_COMMANDS_PER_10_SECONDS": "2"}) as door:
        program = {"Authorization": f"Bearer {door.bearer}"}
        assert [(await door.post(PING, program))[0] for _ in range(3)] == [200, 200, 429]
