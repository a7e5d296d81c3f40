"""Signing in where there is no browser, by a code that is approved in one somewhere else (RFC 8628), and out."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import msgspec
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from clients.address import Address
from clients.failures import ClientError, Unreachable

LEAST, SLOWER = 1.0, 5.0
"""Seconds between two tries at least, and more each time the server asks for that (section 3.5)."""
ANSWER_LIMIT = 15.0
ANSWER_BYTES = 65_536

T = TypeVar("T")


class NotLetIn(ClientError):
    """Nobody approved it, or somebody refused."""


class Codes(msgspec.Struct, frozen=True):
    """Section 3.2. `expires_in` and `interval` are seconds."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: float
    interval: float = 5.0


class Owner(msgspec.Struct, frozen=True):
    handle: str
    name: str = ""


class SignedIn(msgspec.Struct, frozen=True):
    access_token: str
    person: Owner


class SignedOff(msgspec.Struct, frozen=True):
    """RFC 7009 section 2.2."""


class Refusal(msgspec.Struct, frozen=True):
    """Section 3.5, with a sentence for people."""

    error: str
    message: str = ""


async def sign_in(address: Address, name: str, scope: str, show: Callable[[Codes], None]) -> SignedIn:
    """A token with this scope for a program called `name`, once somebody has approved the codes that `show` tells of.

    Raises NotLetIn and Unreachable."""
    http = AsyncHTTPClient(force_instance=True, max_body_size=ANSWER_BYTES)
    try:
        codes = await _ask(http, address, "/device/code", {"name": name, "scope": scope}, Codes)
        if isinstance(codes, Refusal):
            raise NotLetIn(codes.message or codes.error)
        show(codes)
        async with asyncio.timeout(codes.expires_in):
            return await _approved(http, address, codes)
    except TimeoutError as problem:
        raise NotLetIn("The code has run out. Try again.") from problem
    finally:
        http.close()


async def sign_out(address: Address, token: str) -> None:
    """End a token at the server (RFC 7009). Raises Unreachable, also where the server knows no such thing."""
    http = AsyncHTTPClient(force_instance=True, max_body_size=ANSWER_BYTES)
    try:
        answer = await _ask(http, address, "/device/revoke", {"token": token}, SignedOff)
    finally:
        http.close()
    if isinstance(answer, Refusal):
        raise Unreachable(answer.message or answer.error)


async def _approved(http: AsyncHTTPClient, address: Address, codes: Codes) -> SignedIn:
    pause = max(LEAST, codes.interval)
    while True:
        await asyncio.sleep(pause)
        try:
            answer = await _ask(http, address, "/device/token", {"device_code": codes.device_code}, SignedIn)
        except Unreachable:
            pause *= 2  # as section 3.5 asks for
            continue
        if isinstance(answer, SignedIn):
            return answer
        if answer.error == "slow_down":
            pause += SLOWER
        elif answer.error != "authorization_pending":
            raise NotLetIn(answer.message or answer.error)


async def _ask(
    http: AsyncHTTPClient, address: Address, path: str, question: dict[str, str], kind: type[T]
) -> T | Refusal:
    request = HTTPRequest(
        f"{address.url}{path}",
        "POST",
        {"Content-Type": "application/json"},
        msgspec.json.encode(question),
        follow_redirects=False,
        connect_timeout=ANSWER_LIMIT,
        request_timeout=ANSWER_LIMIT,
        ssl_options=address.tls,
    )
    try:
        return msgspec.json.decode((await http.fetch(request)).body, type=kind)
    except HTTPClientError as refusal:
        return _refusal(refusal)
    except OSError as problem:
        raise Unreachable(f"The server cannot be reached: {problem}") from problem
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise NotLetIn("What answers there is no Roost, or an old one.") from problem


def _refusal(refusal: HTTPClientError) -> Refusal:
    """Raises Unreachable for an answer that is none of ours."""
    body = refusal.response.body if refusal.response is not None else b""
    try:
        return msgspec.json.decode(body, type=Refusal)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise Unreachable(f"The server cannot be reached: {refusal}") from problem
