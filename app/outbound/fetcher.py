"""Fetches what others have put on the web, and reaches nothing else (SECURITY S35).

What people post decides where this server goes. So it goes to public addresses alone: a name is looked up once, each of
its addresses is judged, and the connection is made to one of those, not to the name, which might mean another by then.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from urllib.parse import urljoin, urlsplit

from tornado.iostream import IOStream, SSLIOStream, StreamClosedError

from app.outbound.addresses import Address, is_public
from app.outbound.exchange import LARGEST, Answer, Asked, exchange, type_of
from app.outbound.lookup import Endpoint, Lookup, Resolve
from app.outbound.outcomes import Nothing, Refused, Unreachable
from app.outbound.targets import Target, host_of, target_of

SECONDS = 5.0
"""For all of it, redirects included."""
SECONDS_TO_ANSWER = 7.0
"""For whoever is told something: they may have to think."""
READER, TELLER = "Roost (link cards)", "Roost (webhooks)"
REDIRECTS = 5
FOLLOWED = {301, 302, 303, 307, 308}
OK = 200
LATER = {408, 425, 429, 500, 502, 503, 504}
"""By these the server says that it may be otherwise soon."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found, and where in the end. `content_type` is without its parameters, `charset` one of them."""

    url: str
    content_type: str
    charset: str
    body: bytes


class Fetcher:
    """`own` is the URL of this server, which it does not ask. The others are for tests: `resolve` looks names up,
    `allowed` says which addresses may be reached, `tls` whose certificates are believed."""

    def __init__(
        self,
        own: str,
        resolve: Resolve | None = None,
        allowed: Callable[[Address], bool] = is_public,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._own = host_of(urlsplit(own).hostname or "")
        self._resolve = resolve or Lookup()
        self._allowed = allowed
        self._tls = tls

    async def fetch(self, url: str, accept: str) -> Fetched:
        """The first 512 KiB of what is at a URL, if it is of one of the types that `accept` names, with ", " between.

        Without cookies, by no proxy, in five seconds. Raises Refused, Nothing or Unreachable.
        """
        try:
            async with asyncio.timeout(SECONDS):
                return await self._follow(url, accept)
        except TimeoutError as error:
            raise Unreachable("too slow") from error

    async def tell(self, url: str, body: bytes, headers: Mapping[str, str], accept: str) -> Answer:
        """POST this to a URL, and follow no redirect. Of the answer the body is read where its status is 200 and its
        type one of those that `accept` names, up to 512 KiB; in seven seconds altogether.

        Raises Refused, Nothing or Unreachable, of which Crowded says nothing of who is told.
        """
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                return await self._ask(target_of(url), Asked(accept, TELLER, "POST", headers, body))
        except TimeoutError as error:
            raise Unreachable("too slow") from error

    async def _follow(self, url: str, accept: str) -> Fetched:
        for _ in range(REDIRECTS + 1):
            target = target_of(url)
            answer = await self._ask(target, Asked(accept, READER))
            if answer.status not in FOLLOWED:
                return fetched(target, answer, accept)
            url = redirected(target.url, answer)
        raise Nothing("too many redirects")

    async def _ask(self, target: Target, asked: Asked) -> Answer:
        if target.host == self._own:
            raise Refused("this server itself")
        endpoints = await self._resolve(target.host, target.port)
        # One that is not public among others is no accident.
        if not all(self._allowed(address) for address, _ in endpoints):
            raise Refused("not a public address")
        for endpoint in endpoints:
            try:
                return await self._ask_at(endpoint, target, asked)
            except (StreamClosedError, OSError):
                continue
        raise Unreachable("nobody answers")

    async def _ask_at(self, endpoint: Endpoint, target: Target, asked: Asked) -> Answer:
        address, port = endpoint
        stream = self._stream(address, target)
        try:
            await stream.connect((str(address), port), server_hostname=target.host)
            return await exchange(stream, target, asked)
        finally:
            stream.close()

    def _stream(self, address: Address, target: Target) -> IOStream:
        end = socket.socket(socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6)
        if not target.is_secure:
            return IOStream(end, max_buffer_size=2 * LARGEST)
        if self._tls is None:
            # Only now: to read the authorities of the system takes 30 ms.
            self._tls = ssl.create_default_context()
        return SSLIOStream(end, ssl_options=self._tls, max_buffer_size=2 * LARGEST)


def redirected(url: str, answer: Answer) -> str:
    location = answer.headers.get("Location", "")
    if not location:
        raise Nothing("led nowhere")
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise Refused("not a URL") from error


def fetched(target: Target, answer: Answer, accept: str) -> Fetched:
    if answer.status in LATER:
        raise Unreachable(f"status {answer.status}")
    content_type = type_of(answer.headers)
    if answer.status != OK or content_type not in accept.split(", "):
        raise Nothing(f"status {answer.status}")
    return Fetched(target.url, content_type, charset_of(answer.headers.get("Content-Type", "")), answer.body)


def charset_of(content_type: str) -> str:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'").lower()
    return ""
