"""POST /hooks/SECRET."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from app.chat import messages, webhooks
from app.chat.webhooks import Wanted
from app.models import Visitor
from tests.support.api import private_room
from tests.support.door import Door, running

LIMIT = 20
"""Messages in ten seconds."""


@dataclass
class Hook:
    """An incoming webhook of a room of ada's."""

    door: Door
    ada: Visitor
    room: int
    secret: str

    async def post(
        self, body: bytes | str | None, content_type: str = "", path: str = "", **options: Any
    ) -> HTTPResponse:
        headers = {"Content-Type": content_type} if content_type else {}
        headers |= {name.replace("_", "-"): value for name, value in options.pop("headers", {}).items()}
        sent = body.encode() if isinstance(body, str) else body
        url = f"http://127.0.0.1:{self.door.server.port}{path or f'/hooks/{self.secret}'}"
        given = {"method": "POST", "body": sent} | options
        return await AsyncHTTPClient().fetch(url, raise_error=False, follow_redirects=False, headers=headers, **given)

    async def said(self) -> list[str]:
        services = self.door.server.application.services
        page = await messages.page(services, self.ada, self.room)
        assert {person.kind for person in page.people} <= {"bot"}
        return [message.text for message in page.messages]


@pytest.fixture
async def hook(tmp_path: Path) -> AsyncIterator[Hook]:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "1000"}) as door:
        services = door.server.application.services
        ada, room = await door.ada(), await private_room(door, "ada")
        _, secret = await webhooks.make(services, ada, room, Wanted("incoming", "Build bot"))
        yield Hook(door, ada, room, secret)


def problem(answer: HTTPResponse) -> dict[str, Any]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    decoded: dict[str, Any] = msgspec.json.decode(answer.body)
    assert decoded["status"] == answer.code
    return decoded


async def test_a_text_a_body_for_slack_and_a_form_are_posted(hook: Hook) -> None:
    slack = json.dumps({"text": "<https://site.test/|it> is &lt;fine&gt;", "username": "somebody else"})
    for body, content_type in (
        ("The build is **green**.", "text/plain; charset=utf-8"),
        (slack, "application/json"),
        (urlencode({"payload": slack}), "application/x-www-form-urlencoded"),
        ("as curl -d sends it & all", "application/x-www-form-urlencoded"),
    ):
        answer = await hook.post(body, content_type)
        assert (answer.code, answer.body) == (200, b"ok"), answer.body
    assert await hook.said() == [
        "The build is **green**.",
        *["[it](https://site.test/) is <fine>"] * 2,
        "as curl -d sends it & all",
    ]


async def test_it_is_posted_once_with_one_key(hook: Hook) -> None:
    key = {"Idempotency_Key": "build-2026-11-30-17"}
    for body in ("once", "in other words"):
        assert (await hook.post(body, headers=key)).code == 200
    assert await hook.said() == ["once"]
    assert problem(await hook.post("x", headers={"Idempotency_Key": "short"}))["code"] == "bad_request"


async def test_no_cookie_is_asked_for_or_set_and_no_page_of_another_site_may_post(hook: Hook) -> None:
    answer = await hook.post("hi")
    assert "Set-Cookie" not in answer.headers
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    refused = await hook.post("hi", headers={"Origin": "https://evil.test", "Sec_Fetch_Site": "cross-site"})
    assert problem(refused)["code"] == "forbidden"
    assert await hook.said() == ["hi"]


async def test_a_secret_of_nobody_is_not_found_whatever_is_sent(hook: Hook) -> None:
    for body, content_type in (("hi", ""), ("", "image/png"), ("[", "application/json")):
        answer = await hook.post(body, content_type, f"/hooks/{hook.secret[:-1]}")
        assert problem(answer)["code"] == "not_found"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("", "", 400, "text_empty"),
        ("x" * 4_001, "", 400, "text_too_long"),
        ("[", "application/json", 400, "bad_request"),
        ('{"text": "hi", "n": ' + "1" * 5_000 + "}", "application/json", 400, "bad_request"),
        ("x", "image/png", 415, "body_unknown"),
        ("x" * 65_537, "", 413, "body_too_large"),
    ],
)
async def test_what_is_no_text_is_refused(hook: Hook, body: str, content_type: str, status: int, code: str) -> None:
    answer = await hook.post(body, content_type)
    assert (answer.code, problem(answer)["code"]) == (status, code)
    assert await hook.said() == []


async def test_who_posts_too_fast_is_told_when_to_return(hook: Hook) -> None:
    # At once: on a slow machine so many one after the other take longer than the limit allows.
    answers = await asyncio.gather(*(hook.post(f"message {number}") for number in range(2 * LIMIT)))
    assert {answer.code for answer in answers} == {200, 429}
    answer = next(answer for answer in answers if answer.code == 429)
    assert problem(answer)["code"] == "too_fast"
    assert int(answer.headers["Retry-After"]) >= 1


async def test_other_methods_are_named(hook: Hook) -> None:
    answer = await hook.post(None, method="GET")
    assert (problem(answer)["code"], answer.headers["Allow"]) == ("method_unknown", "POST, OPTIONS")
    answer = await hook.post(None, method="OPTIONS")
    assert (answer.code, answer.headers["Allow"]) == (204, "POST, OPTIONS")


async def test_the_secret_is_in_no_line_of_the_log(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await hook.post("hi")
    await hook.post("", "image/png")
    await hook.post("hi", path=f"/hooks/{hook.secret}?x=1", method="PUT")
    for mistyped in ("/", "/slack", "%20", "%ff"):
        assert (await hook.post("hi", path=f"/hooks/{hook.secret}{mistyped}")).code in (400, 404)
    assert "POST /hooks/… 200" in caplog.text
    assert hook.secret not in caplog.text


async def test_over_plain_http_nothing_is_taken_where_there_is_https(tmp_path: Path) -> None:
    async with running(
        tmp_path, {"PUBLIC_URL": "https://roost.test", "SECRET_KEY": "x" * 40, "TRUST_PROXY": "1"}
    ) as door:
        url = f"http://127.0.0.1:{door.server.port}/hooks/roost_hook_{'x' * 43}"
        answer = await AsyncHTTPClient().fetch(
            url, method="POST", body=b"hi", raise_error=False, headers={"X-Forwarded-Proto": "http"}
        )
        assert (answer.code, problem(answer)["code"]) == (400, "bad_request")
