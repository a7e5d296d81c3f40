"""Whose request it is and whether it came over https, with and without a proxy that is trusted (HOSTING H12, H13)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.door import HANDSHAKE, Door, running

PUBLIC = {
    "PUBLIC_URL": "https://chat.example.org",
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
    "TRUST_PROXY": "1",
}
ADA, BO = "203.0.113.7", "198.51.100.9"
TOO_OFTEN = 429
NOT_SIGNED_IN = 401


@pytest.fixture
async def behind_proxy(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {**PUBLIC, "LIMIT_CONNECT_PER_MINUTE": "1"}) as door:
        yield door


@pytest.fixture
async def in_the_open(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "1"}) as door:
        yield door


async def knock(door: Door, **headers: str) -> int:
    """A handshake without a session, which the limit of its address counts."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await door.status({**named, "X-Forwarded-Proto": "https"})


async def spend_allowance(door: Door, forwarded: str) -> None:
    assert await knock(door, X_Forwarded_For=forwarded) == NOT_SIGNED_IN
    assert await knock(door, X_Forwarded_For=forwarded) == TOO_OFTEN


async def test_the_addresses_of_one_ipv6_network_have_one_limit(behind_proxy: Door) -> None:
    await spend_allowance(behind_proxy, "2001:db8:1:2::7")
    assert await knock(behind_proxy, X_Forwarded_For="2001:db8:1:2:dead:beef::1") == TOO_OFTEN
    assert await knock(behind_proxy, X_Forwarded_For="2001:db8:1:3::7") == NOT_SIGNED_IN


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_For": ADA},
        {"X_Forwarded_For": f"{BO}, {ADA}"},
        {"X_Forwarded_For": f"{BO},10.0.0.1,unknown , {ADA} "},
        {"X_Forwarded_For": f"{ADA}\r\nX-Forwarded-For: {BO}"},
        {"X_Forwarded_For": ADA, "X_Real_IP": BO},
        {"X_Forwarded_For": ADA, "X_Real_Ip": BO, "X_Scheme": "http"},
        {"X_Forwarded_For": ADA, "Forwarded": f"for={BO}", "X_Client_IP": BO, "CF_Connecting_IP": BO},
    ],
)
async def test_behind_a_proxy_it_is_what_the_proxy_appended_whatever_else_is_claimed(
    behind_proxy: Door, headers: dict[str, str]
) -> None:
    await spend_allowance(behind_proxy, ADA)
    assert await knock(behind_proxy, **headers) == TOO_OFTEN


async def test_behind_a_proxy_people_do_not_share_an_allowance(behind_proxy: Door) -> None:
    await spend_allowance(behind_proxy, ADA)
    assert await knock(behind_proxy, X_Forwarded_For=f"{ADA}, {BO}") == NOT_SIGNED_IN


@pytest.mark.parametrize("forwarded", ["", "unknown", "_hidden", f"{ADA}, not an address", f"{ADA}:5000"])
async def test_what_is_no_address_is_the_proxy_itself(behind_proxy: Door, forwarded: str) -> None:
    await spend_allowance(behind_proxy, "nonsense")
    assert await knock(behind_proxy, X_Forwarded_For=forwarded) == TOO_OFTEN


@pytest.mark.parametrize("headers", [{"X_Forwarded_For": BO}, {"X_Real_IP": BO}, {"X_Forwarded_For": "::1"}])
async def test_without_a_proxy_nothing_that_is_sent_changes_whose_request_it_is(
    in_the_open: Door, headers: dict[str, str]
) -> None:
    await spend_allowance(in_the_open, ADA)
    assert await knock(in_the_open, **headers) == TOO_OFTEN


# Plain http


def location(head: str) -> str:
    return next(line.partition(": ")[2] for line in head.splitlines() if line.startswith("Location: "))


async def ask(door: Door, start_line: str, proto: str, **headers: str) -> tuple[int, str]:
    return await door.ask(start_line, {"Host": "evil.example", "X-Forwarded-Proto": proto, **headers})


@pytest.mark.parametrize("path", ["/", "/chat/general?a=b", "/rules", "/ws", "/static/favicon.svg"])
async def test_plain_http_leads_to_the_public_address(behind_proxy: Door, path: str) -> None:
    status, head = await ask(behind_proxy, f"GET {path} HTTP/1.1", "http")
    assert (status, location(head)) == (301, f"https://chat.example.org{path}")
    assert "Strict-Transport-Security" not in head


async def test_a_request_that_names_a_whole_address_leads_nowhere_else(behind_proxy: Door) -> None:
    status, head = await ask(behind_proxy, "GET http://evil.example/ws HTTP/1.1", "http", **HANDSHAKE)
    assert (status, location(head)) == (301, "https://chat.example.org/")


async def test_what_is_sent_over_plain_http_is_not_taken(behind_proxy: Door) -> None:
    headers = {"Authorization": f"Bearer {behind_proxy.bearer}", "X-Forwarded-Proto": "http"}
    status, head, _ = await behind_proxy.post(b"{}", headers)
    assert status == 400
    assert "Location" not in head


@pytest.mark.parametrize(
    ("proto", "scheme"),
    [("https", "http"), ("https", "ftp"), ("http, https", "http"), ("HTTPS", "http"), ("", "http")],
)
async def test_over_https_the_page_is_shown_and_kept_there(behind_proxy: Door, proto: str, scheme: str) -> None:
    status, head = await ask(behind_proxy, "GET / HTTP/1.1", proto, **{"X-Scheme": scheme})
    assert status == 200
    assert "Strict-Transport-Security: max-age=31536000; includeSubDomains" in head


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_what_watches_a_server_need_not_speak_https(behind_proxy: Door, path: str) -> None:
    status, _ = await ask(behind_proxy, f"GET {path} HTTP/1.1", "http")
    assert status == 200


async def test_a_server_without_https_or_proxy_leads_nobody_away(in_the_open: Door) -> None:
    status, head = await in_the_open.ask("GET / HTTP/1.1", {"Host": "127.0.0.1:5000", "X-Forwarded-Proto": "http"})
    assert status == 200
    assert "Strict-Transport-Security" not in head


async def test_a_proxy_that_is_not_trusted_is_not_believed_either(tmp_path: Path) -> None:
    async with running(tmp_path, {**PUBLIC, "TRUST_PROXY": "0"}) as door:
        status, _ = await ask(door, "GET / HTTP/1.1", "http")
    assert status == 200


# Who may come in, by PUBLIC_URL and not by Host


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("https://chat.example.org", "chat.example.org", 101),
        ("https://chat.example.org", "10.0.0.5:5000", 101),
        ("https://evil.example", "evil.example", 403),
        ("http://chat.example.org", "chat.example.org", 403),
        ("https://chat.example.org.evil.example", "chat.example.org", 403),
    ],
)
async def test_a_websocket_comes_from_the_public_address(
    behind_proxy: Door, origin: str, host: str, status: int
) -> None:
    cookie = f"__Host-{behind_proxy.cookie}"
    headers = {"Cookie": cookie, "Origin": origin, "Host": host, "X-Forwarded-Proto": "https"}
    assert await behind_proxy.status(headers) == status


async def test_every_cookie_over_https_is_secure_and_bound_to_the_host(behind_proxy: Door) -> None:
    cookie = {"Cookie": f"__Host-{behind_proxy.cookie}"}
    _, head = await ask(behind_proxy, "GET /chat/general HTTP/1.1", "https", **cookie)
    cookies = [line for line in head.splitlines() if line.startswith("Set-Cookie: ")]
    assert cookies
    assert all(line.startswith("Set-Cookie: __Host-") and "; Secure" in line for line in cookies)
