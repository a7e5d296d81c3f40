"""What the application asks of every address alike. New ones are found by themselves."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tornado.routing import URLSpec
from tornado.web import RequestHandler

from app.application import logged
from app.chat import accounts, roles
from app.handlers.api.base import ApiHandler
from app.handlers.device import DeviceCodeHandler, DeviceRevokeHandler, DeviceTokenHandler
from app.handlers.hooks import HookHandler
from app.models import TwitterProfile
from tests.support.doors import path_of
from tests.support.sign_in import Browser, Roost, running_roost

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
TOKEN = {"Cookie": f"xsrf={'ab' * 16}", "X-Xsrftoken": "ab" * 16}
"""One that fits its cookie, as whoever can plant a cookie makes it."""
KNOWING_NO_COOKIE = {HookHandler, DeviceCodeHandler, DeviceTokenHandler, DeviceRevokeHandler}
"""Besides the API. Reviewed: whose browser it is that asks is nothing to them."""


class Change(NamedTuple):
    method: str
    path: str
    handler: type[RequestHandler]


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path, LIMIT_CONNECT_PER_MINUTE="1000", LIMIT_LOGIN_PER_MINUTE="1000") as running:
        yield running


def changes(roost: Roost) -> list[Change]:
    """Every address that takes a request that may change something."""
    specs = [rule for rule in roost.application.wildcard_router.rules if isinstance(rule, URLSpec)]
    found = [
        Change(method, path_of(spec.regex.pattern), spec.handler_class)
        for spec in specs
        for method in CHANGING
        if getattr(spec.handler_class, method.lower()) is not RequestHandler._unimplemented_method
    ]
    assert {change.method for change in found} == set(CHANGING)
    return found


async def send(roost: Roost, change: Change, headers: dict[str, str]) -> int:
    """What an owner gets whose browser sends this, signed in a moment ago."""
    signed_in = await accounts.sign_in_with_twitter(roost.services, TwitterProfile("1", "ada", "Ada"), "a browser")
    await roles.give_by_operator(roost.services, "ada", "owner")
    sent = headers | {
        "Cookie": f"session={signed_in.token}; {headers.get('Cookie', '')}",
        "Content-Type": "application/json",
    }
    whatever = {"method": change.method, "body": b"{}", "allow_nonstandard_methods": True}
    return (await Browser(roost).open(change.path, headers=sent, **whatever)).code


async def test_without_the_token_of_our_pages_nothing_is_changed(roost: Roost) -> None:
    for change in changes(roost):
        status = await send(roost, change, {"Origin": roost.url, "Sec-Fetch-Site": "same-origin"})
        if issubclass(change.handler, ApiHandler):
            assert status == 401, change
        else:
            assert (status == 403) is (change.handler not in KNOWING_NO_COOKIE), change


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
async def test_another_site_changes_nothing_even_with_the_token(roost: Roost, headers: dict[str, str]) -> None:
    for change in changes(roost):
        assert await send(roost, change, TOKEN | headers) == 403, change


async def test_our_own_pages_are_let_in(roost: Roost) -> None:
    """Or the two above would show nothing."""
    for change in changes(roost):
        status = await send(roost, change, TOKEN | {"Origin": roost.url, "Sec-Fetch-Site": "same-origin"})
        if issubclass(change.handler, ApiHandler):
            assert status == 401, change
        else:
            assert status not in (401, 403), change


@pytest.mark.parametrize("written", ["/invite/", "/hooks/"])
def test_the_log_shows_no_secret_that_is_an_address_whoever_answers_there(written: str) -> None:
    shown = f"{written}…"
    assert logged(f"{written}roost_hook_abc") == shown
    for mistyped in ("roost_hook_abc/", "roost_hook_abc.", "a/b", "%0a", "a\nb", ""):
        assert logged(written + mistyped) == shown
    for before in ("/", "http://roost.test", "HTTPS://roost.test:443", "http://"):
        assert logged(f"{before}{written}abc") == shown
    assert logged(f"{written.upper()}abc") == shown
    for other in (f"/chat{written}12", written.removesuffix("/"), f"/search{written}"):
        assert logged(other) == other
