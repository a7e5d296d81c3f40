"""What every answer carries, whatever it is: of each address by each method, and of each kind of answer."""

from collections.abc import AsyncIterator, Callable
from email.message import Message
from http.client import parse_headers
from io import BytesIO
from pathlib import Path

import pytest
from tornado.routing import URLSpec

from app.handlers.base import BaseHandler
from app.handlers.invite import InviteHandler
from tests.support.door import HANDSHAKE, Door, running
from tests.support.doors import path_of
from tests.support.files import TEXT, Sender
from tests.support.house import new_nonce

HTTPS = {
    "PUBLIC_URL": "https://chat.example.org",
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
    "TRUST_PROXY": "1",
    "LIMIT_CONNECT_PER_MINUTE": "10000",
}
POLICY = (
    "default-src 'none'; script-src 'self' '{import_map}'; style-src 'self'; img-src 'self' blob:; media-src 'self'; "
    "connect-src 'self' {socket}; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
OF_FILES = "sandbox; default-src 'none'"
OTHERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
OF_INVITES = {"Referrer-Policy": "same-origin"}
"""Their addresses are secrets."""
NEVER = ("Server", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials")
HSTS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
TOKEN = "ab" * 16
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")


class BrokenHandler(BaseHandler):
    action = "site.visit"

    def get(self) -> None:
        raise ZeroDivisionError


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    """Over https, behind a proxy."""
    async with running(tmp_path, HTTPS) as door:
        door.server.application.add_handlers(r".*", [(r"/broken", BrokenHandler)])
        yield door


async def answered(door: Door, start_line: str, headers: dict[str, str]) -> tuple[int, Message]:
    status, head = await door.ask(f"{start_line} HTTP/1.1", {"Host": "127.0.0.1"} | headers)
    return status, parse_headers(BytesIO(head.partition("\r\n")[2].encode()))


def wrong_in(headers: Message, expected: dict[str, str]) -> dict[str, list[str]]:
    """Which are not there once, as they should be; and those that nobody should see."""
    found = {name: headers.get_all(name, []) for name in [*expected, *NEVER]}
    return {name: values for name, values in found.items() if values != ([expected[name]] if name in expected else [])}


def expected_of(door: Door, socket: str = "wss://chat.example.org") -> dict[str, str]:
    policy = POLICY.format(import_map=door.server.application.assets.import_map_hash, socket=socket)
    return OTHERS | {"Content-Security-Policy": policy}


def nobody(door: Door) -> dict[str, str]:
    return {"X-Forwarded-Proto": "https", "Origin": door.origin}


def browser(door: Door) -> dict[str, str]:
    return nobody(door) | {"Cookie": f"__Host-{door.cookie}; __Host-xsrf={TOKEN}"}


def program(door: Door) -> dict[str, str]:
    return nobody(door) | {"Authorization": f"Bearer {door.bearer}"}


@pytest.mark.parametrize("visitor", [nobody, browser, program])
async def test_every_address_answers_with_them_by_every_method(
    door: Door, visitor: Callable[[Door], dict[str, str]]
) -> None:
    for rule in door.server.application.wildcard_router.rules:
        assert isinstance(rule, URLSpec)
        for method in METHODS:
            start_line = f"{method} {path_of(rule.regex.pattern)}"
            status, headers = await answered(door, start_line, visitor(door))
            expected = expected_of(door) | HSTS | (OF_INVITES if rule.handler_class is InviteHandler else {})
            assert wrong_in(headers, expected) == {}, (start_line, status)


async def test_every_kind_of_answer_has_them(door: Door) -> None:
    asset = f"GET {door.server.application.assets.stylesheet}"
    handshake, elsewhere = HANDSHAKE | browser(door), {"Origin": "http://evil.example"}
    file = {"Idempotency-Key": new_nonce(), "X-File-Name": "a.txt"}
    for status, start_line, sent in (
        (200, "GET /rules", nobody(door)),
        (200, "GET /settings", browser(door)),
        (302, "GET /settings", nobody(door)),
        (301, "GET /rules", {"X-Forwarded-Proto": "http"}),
        (404, "GET /nowhere", nobody(door)),
        (405, "DELETE /rules", browser(door) | {"X-Xsrftoken": TOKEN}),
        (405, "BREW /rules", nobody(door)),
        (403, "POST /settings", nobody(door)),
        (500, "GET /broken", nobody(door)),
        (200, asset, nobody(door)),
        (404, "GET /static/nothing.js", nobody(door)),
        (404, f"GET /files/{32 * '0'}", browser(door)),
        (400, "POST /files?room=1", program(door) | file),
        (101, "GET /ws", handshake),
        (401, "GET /ws", HANDSHAKE | nobody(door)),
        (403, "GET /ws", handshake | elsewhere),
        (400, "GET /ws", browser(door)),
        (200, "GET /stream", browser(door)),
        (401, "GET /stream", nobody(door)),
        (200, "GET /api/v1/me", program(door)),
        (401, "GET /api/v1/me", nobody(door)),
        (404, "GET /api/v1/nothing", program(door)),
        (404, "POST /hooks/nothing", nobody(door)),
        (200, "GET /healthz", nobody(door)),
    ):
        found, headers = await answered(door, start_line, sent)
        assert found == status, start_line
        by_https = {} if sent["X-Forwarded-Proto"] == "http" else HSTS
        assert wrong_in(headers, expected_of(door) | by_https) == {}, (start_line, status)


async def test_without_https_nobody_is_told_to_use_it(tmp_path: Path) -> None:
    async with running(tmp_path, {"PUBLIC_URL": "http://127.0.0.1:5000"}) as door:
        _, headers = await answered(door, "GET /rules", {"Host": "127.0.0.1:5000"})
        assert wrong_in(headers, expected_of(door, "ws://127.0.0.1:5000")) == {}
        assert "Strict-Transport-Security" not in headers


async def test_a_file_of_somebody_may_do_nothing_whatever_part_of_it_is_asked_for(tmp_path: Path) -> None:
    async with running(tmp_path, {}) as door:
        sender = Sender(door)
        status, file = await sender.send(TEXT, "a.txt")
        assert status == 200
        await sender.post(files=[file["id"]])
        for status, asked in (
            (200, {}),
            (206, {"Range": "bytes=0-1"}),
            (304, {"If-None-Match": f'"{file["id"]}"'}),
            (416, {"Range": "bytes=99-"}),
        ):
            found, headers = await answered(door, f"GET {file['url']}", door.signed_in | asked)
            assert found == status
            assert wrong_in(headers, OTHERS | {"Content-Security-Policy": OF_FILES}) == {}, status
