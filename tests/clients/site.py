"""A Roost server whose line can be cut, and who has tokens for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from app.chat import accounts, roles
from app.models import TwitterProfile, Visitor
from app.server import Server
from app.services import Services
from app.settings import load_settings
from clients.connection import Connection, connect
from tests.browser.middlebox import Middlebox
from tests.support.proxy import Proxy, proxy_to
from tests.support.sign_in import Browser

EASY = {
    "PUBLIC_URL": "http://127.0.0.1:5000",
    "GATEWAY_PORT": "1",
    "LIMIT_CONNECTIONS_PER_10_SECONDS": "1000000",
    "LIMIT_SENDS_PER_10_SECONDS": "1000000",
    "LIMIT_HISTORY_PER_MINUTE": "1000000",
    "LIMIT_CONNECT_PER_MINUTE": "1000000",
    "NEW_MEMBER_HOURS": "0",
    "LINK_CARDS": "0",
    "TWITTER_STANDIN": "0",
}


class Site:
    """`url` leads through `proxy` to whichever server runs now; `tcp` to its gateway."""

    def __init__(self, folder: Path, proxy: Proxy, environ: dict[str, str]) -> None:
        self.proxy = proxy
        self.server: Server
        settings = load_settings({**EASY, **environ}, folder)
        self.settings = msgspec.structs.replace(settings, port=0, gateway_port=0)

    @property
    def url(self) -> str:
        host, port = self.proxy.address[:2]
        return f"http://{host}:{port}"

    @property
    def tcp(self) -> str:
        """By the name that a certificate of the tests has, if there is TLS."""
        start = "tcps://localhost" if self.settings.gateway_certificate else "tcp://127.0.0.1"
        return f"{start}:{self.server.gateway_port}"

    @property
    def services(self) -> Services:
        return self.server.application.services

    async def start(self) -> None:
        self.server = Server(self.settings)
        await self.server.start()
        self.proxy.target = "127.0.0.1", self.server.port

    async def restart(self) -> None:
        await self.server.stop()
        await self.start()

    async def browser(self, handle: str) -> Browser:
        """Signed in."""
        came = await accounts.sign_in_with_twitter(self.services, TwitterProfile("1", handle, handle), "a browser")
        browser = Browser(self)
        browser.cookies["session"] = came.token
        return browser

    async def token(self, handle: str) -> str:
        return await accounts.add_token(self.services, handle, "a terminal", "manage")

    async def visitor(self, handle: str) -> Visitor:
        visitor = await accounts.resume_bearer(self.services, await self.token(handle))
        assert visitor is not None
        return visitor

    async def owner(self, handle: str) -> Visitor:
        await self.token(handle)
        user = await roles.give_by_operator(self.services, handle, "owner")
        return msgspec.structs.replace(await self.visitor(handle), user=user)

    async def connect(self, handle: str = "ada_l") -> Connection:
        """To be entered."""
        return connect(self.url, token=await self.token(handle))


@asynccontextmanager
async def running_site(folder: Path, **environ: str) -> AsyncIterator[Site]:
    async with proxy_to(("127.0.0.1", 1)) as proxy:
        site = Site(folder, proxy, environ)
        await site.start()
        yield site
        await site.server.stop()


@asynccontextmanager
async def middlebox(site: Site) -> AsyncIterator[Middlebox]:
    """Something on the way to the site's server that refuses upgrades; the site's proxy leads through it."""
    box = Middlebox(0, site.server.port)
    await box.open()
    site.proxy.target = "127.0.0.1", box._server.sockets[0].getsockname()[1]
    yield box
    await box.close()
