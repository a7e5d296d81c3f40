"""Roost and a stand-in for X, each a server of its own as in life, and browsers that remember cookies."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from app.application import Application
from app.bus.memory import MemoryBus
from app.clock import Clock
from app.realtime.hub import Hub
from app.services import Services, make_services
from app.settings import Settings, load_settings
from app.standin.application import listen
from app.standin.keys import pointed_at_standin
from app.standin.people import INVENTED
from app.standin.state import State
from app.storage.store import open_store
from tests.support.tables import give_tables

ADA, JUNIPER = INVENTED[:2]


class ShiftedClock(Clock):
    """The real clocks, moved by `seconds`."""

    def __init__(self) -> None:
        self.seconds = 0.0
        super().__init__()

    def now(self) -> int:
        return super().now() + int(self.seconds * 1000)

    def monotonic(self) -> float:
        return super().monotonic() + self.seconds


@dataclass
class Roost:
    """A server whose X is the stand-in of `x`."""

    url: str
    settings: Settings
    application: Application
    services: Services
    clock: ShiftedClock
    x: State

    def browser(self) -> "Browser":
        return Browser(self)

    def asked(self, path: str) -> int:
        """How often the stand-in was asked for `path`."""
        return sum(request.path == path for request in self.x.asked)


class Place(Protocol):
    """A server, as far as browsers know of it."""

    @property
    def url(self) -> str: ...

    @property
    def settings(self) -> Settings: ...


class Browser:
    """A person's browser: it keeps cookies for Roost, does not follow redirects by itself, and shows the last page."""

    def __init__(self, roost: Place) -> None:
        self.roost = roost
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[Morsel[str]] = []

    async def open(self, url: str, **options: Any) -> HTTPResponse:
        """One request; a path is Roost's. `headers` are added to those of somebody who clicked a link on our page."""
        here = url.startswith(("/", self.roost.url))
        headers = {"Accept": "text/html", **options.pop("headers", {})}
        if here and self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        address = self.roost.url + url if url.startswith("/") else url
        fetch = AsyncHTTPClient().fetch(address, raise_error=False, follow_redirects=False, headers=headers, **options)
        answer = await fetch
        if here:
            self._keep(answer)
        return answer

    async def begin(self, next_page: str = "/chat") -> str:
        """Clicks "Sign in with X"; returns the request token it leads to X with."""
        answer = await self.open(f"/login?{urlencode({'next': next_page})}")
        assert answer.code == 302, answer.body
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))["oauth_token"]

    async def choose(self, token: str, **fields: str) -> str:
        """Answers X's page; returns the address X sends the browser to."""
        page = self.roost.settings.twitter_authenticate_url
        body = urlencode({"oauth_token": token, **(fields or {"person": ADA.id})})
        answer = await self.open(page, method="POST", body=body)
        assert answer.code == 302, answer.body
        return answer.headers["Location"]

    async def sign_in(self, next_page: str = "/chat", **fields: str) -> HTTPResponse:
        """The whole dance; returns Roost's answer to the way back."""
        return await self.open(await self.choose(await self.begin(next_page), **fields))

    async def submit(self, path: str, fields: dict[str, str] | list[tuple[str, str]] | None = None) -> HTTPResponse:
        """Posts to a page what its form would."""
        page = (await self.open(path)).body.decode()
        found = re.search(r'name="_xsrf" value="([^"]+)"', page)
        assert found, page
        given = list(fields.items()) if isinstance(fields, dict) else fields or []
        return await self.open(path, method="POST", body=urlencode([("_xsrf", found[1]), *given]))

    @property
    def is_signed_in(self) -> bool:
        return bool(self.cookies.get("session"))

    def _keep(self, answer: HTTPResponse) -> None:
        self.set_cookies = [
            morsel for line in answer.headers.get_list("Set-Cookie") for morsel in SimpleCookie(line).values()
        ]
        for morsel in self.set_cookies:
            if morsel.value:
                self.cookies[morsel.key] = morsel.value
            else:
                self.cookies.pop(morsel.key, None)


@asynccontextmanager
async def running_roost(data: Path, **environ: str) -> AsyncIterator[Roost]:
    """Roost on 127.0.0.1, X on localhost and another port: another site to a browser, as X is."""
    sockets = bind_sockets(0, "127.0.0.1")
    url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    settings = load_settings(
        {"PUBLIC_URL": url, "NEW_MEMBER_HOURS": "0", "LIMIT_REPEATS_PER_12_HOURS": "250000", **environ}, data
    )
    x = State(settings)
    x_server, x_port = listen(x, 0)
    settings = pointed_at_standin(settings, f"http://localhost:{x_port}")
    give_tables(settings.database_url)
    store = await open_store(settings.database_url)
    clock = ShiftedClock()
    services = make_services(settings, store, MemoryBus(), clock)
    application = Application(settings)
    hub = Hub(services, application.assets.release)
    await hub.start()
    application.open(services, hub)
    server = HTTPServer(application)
    server.add_sockets(sockets)
    try:
        yield Roost(url, settings, application, services, clock, x)
    finally:
        server.stop()
        x_server.stop()
        await hub.close()
        await store.close()
        await services.bus.close()
        await server.close_all_connections()
        await x_server.close_all_connections()
