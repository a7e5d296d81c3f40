"""Somebody with a browser outside: every request goes through the router, and cookies are kept as a browser keeps them
for https."""

import asyncio
import itertools
import json
import re
import secrets
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from websockets.asyncio.client import ClientConnection, connect

from tests.flows.platform.router import Router
from tests.support.event_stream import EventSource
from tests.support.waiting import PATIENCE

Event = dict[str, Any]


class Visitor:
    """`site` is PUBLIC_URL, which is reached at the router."""

    def __init__(self, router: Router, site: str) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}
        self._router = router

    async def open(self, path: str, *, port: int | None = None, **options: Any) -> HTTPResponse:
        """One request; redirects are not followed."""
        headers = {"Accept": "text/html", "Host": urlsplit(self.site).netloc, **options.pop("headers", {})}
        if self.cookies:
            headers["Cookie"] = self.cookie
        url = f"http://127.0.0.1:{port or self._router.port}{path}"
        fetch = AsyncHTTPClient().fetch(
            url, raise_error=False, follow_redirects=False, headers=headers, request_timeout=60, **options
        )
        answer = await fetch
        self._keep(answer)
        return answer

    async def sign_in(self, handle: str, path: str = "/chat/general") -> HTTPResponse:
        """By way of X; the page that it ends on."""
        answer = await self.open(f"/login?{urlencode({'next': path})}")
        assert answer.code == 302, answer.body
        answer = await self.open(self.way_back(await self.choose(answer.headers["Location"], handle)))
        while answer.code == 302:
            answer = await self.open(answer.headers["Location"])
        assert answer.code == 200, answer.body
        return answer

    async def choose(self, address: str, handle: str) -> str:
        """Answers X's page as somebody with this handle; the address X sends the browser to."""
        body = urlencode({"oauth_token": dict(parse_qsl(urlsplit(address).query))["oauth_token"], "handle": handle})
        answer = await AsyncHTTPClient().fetch(
            address.partition("?")[0], method="POST", body=body, raise_error=False, follow_redirects=False
        )
        assert answer.code == 302, answer.body
        return answer.headers["Location"]

    def way_back(self, address: str) -> str:
        assert address.startswith(f"{self.site}/login?"), address
        return address.removeprefix(self.site)

    async def sign_out(self) -> None:
        answer = await self.open("/logout", method="POST", body=urlencode({"_xsrf": await self.xsrf()}))
        assert answer.code == 303, answer.body

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def talk(self) -> "Talk":
        """A WebSocket that has begun, with the room `general` open."""
        socket = await connect(
            f"ws://127.0.0.1:{self._router.port}/ws",
            additional_headers={"Cookie": self.cookie},
            origin=self.site,  # type: ignore[arg-type]
            proxy=None,
        )
        talk = Talk(socket)
        await talk.hears("session.started")
        return talk

    async def listen(self, query: str) -> EventSource:
        """A stream of server-sent events."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._router.port)
        lines = [f"GET /stream?{query} HTTP/1.1", f"Host: {urlsplit(self.site).netloc}", f"Cookie: {self.cookie}"]
        lines += ["Sec-Fetch-Site: same-origin", "", ""]
        writer.write("\r\n".join(lines).encode())
        source = EventSource(reader, writer)
        await source.begin()
        return source

    async def command(self, **command: Any) -> Event:
        """One command by POST, as the page sends it."""
        headers = {"Origin": self.site, "X-Xsrftoken": await self.xsrf()}
        answer = await self.open("/command", method="POST", body=json.dumps({"ref": 1, **command}), headers=headers)
        assert answer.code == 200, answer.body
        event: Event = json.loads(answer.body)
        return event

    async def xsrf(self) -> str:
        """What the page knows and its requests have to bring."""
        page = await self.open("/chat/general")
        (token,) = re.findall(r'"xsrf":"([^"]+)"', page.body.decode())
        return str(token)

    def _keep(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_list("Set-Cookie"):
            for morsel in SimpleCookie(line).values():
                assert morsel["secure"], line
                if morsel.value:
                    self.cookies[morsel.key] = morsel.value
                else:
                    self.cookies.pop(morsel.key, None)


class Talk:
    """A conversation over a WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._refs = itertools.count(1)

    async def hears(self, kind: str) -> Event:
        """The next event of this type; others are passed over."""
        async with asyncio.timeout(PATIENCE):
            async for body in self.socket:
                event: Event = json.loads(body)
                if event["type"] == kind:
                    return event
        raise AssertionError(f"closed before {kind}")

    async def open(self, room: int) -> None:
        await self._send(type="room.open", room=room)
        await self.hears("opened")

    async def say(self, room: int, text: str) -> Event:
        """Send a message; the answer."""
        await self._send(type="message.send", room=room, nonce=secrets.token_urlsafe(16), text=text)
        return await self.hears("sent")

    async def leave(self) -> None:
        await self.socket.close()

    async def _send(self, **command: Any) -> None:
        await self.socket.send(json.dumps({"ref": next(self._refs), **command}))
