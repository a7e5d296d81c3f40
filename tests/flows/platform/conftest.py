"""A platform, on a database of its own, with a stand-in for X elsewhere: for each test, or for all of a module."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.settings import load_settings
from app.standin.application import listen
from app.standin.keys import CONSUMER_KEY, CONSUMER_SECRET
from app.standin.state import State
from tests.flows.platform.platform import Platform
from tests.flows.platform.router import Router
from tests.flows.platform.slug import Slug, build
from tests.flows.platform.visitor import Visitor
from tests.support.postgres import Databases

SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests"


@dataclass
class Town:
    """An app with its visitors. `site` is its PUBLIC_URL."""

    platform: Platform
    router: Router
    site: str

    def visitor(self) -> Visitor:
        return Visitor(self.router, self.site)

    async def arrived(self, handle: str) -> Visitor:
        """Somebody who has signed in."""
        visitor = self.visitor()
        await visitor.sign_in(handle)
        return visitor


@pytest.fixture(scope="session")
def slug(tmp_path_factory: pytest.TempPathFactory) -> Slug:
    return build(tmp_path_factory.mktemp("slug"))


@asynccontextmanager
async def a_router() -> AsyncIterator[Router]:
    router = Router()
    await router.start()
    yield router
    await router.stop()


@asynccontextmanager
async def a_config(
    router: Router, database_url: str, folder: Path, added: dict[str, str]
) -> AsyncIterator[dict[str, str]]:
    """All that is set for an app. The stand-in for X knows only apps of this computer, so PUBLIC_URL names it; the
    stand-in runs elsewhere, since no app on a platform may have one."""
    site = f"https://127.0.0.1:{router.port}"
    server, port = listen(State(load_settings({"PUBLIC_URL": site, "SECRET_KEY": SECRET_KEY}, folder)), 0)
    x = f"http://127.0.0.1:{port}"
    yield {
        "PUBLIC_URL": site,
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": f"{database_url}?sslmode=disable",
        "TWITTER_CONSUMER_KEY": CONSUMER_KEY,
        "TWITTER_CONSUMER_SECRET": CONSUMER_SECRET,
        "TWITTER_REQUEST_TOKEN_URL": f"{x}/oauth/request_token",
        "TWITTER_AUTHENTICATE_URL": f"{x}/oauth/authenticate",
        "TWITTER_ACCESS_TOKEN_URL": f"{x}/oauth/access_token",
        "TWITTER_PROFILE_V2_URL": f"{x}/2/users/me",
        "TWITTER_PROFILE_V1_URL": f"{x}/1.1/account/verify_credentials.json",
        "TWITTER_PICTURE_ORIGIN": x,
        "LIMIT_LOGIN_PER_MINUTE": "1000",
        "NEW_MEMBER_HOURS": "0",
        **added,
    }
    server.stop()
    await server.close_all_connections()


@asynccontextmanager
async def a_town(slug: Slug, router: Router, config: dict[str, str], web: int = 2) -> AsyncIterator[Town]:
    """Deployed, on dynos that take visitors."""
    platform = Platform(slug, router, config, web)
    town = Town(platform, router, config["PUBLIC_URL"])
    try:
        assert await platform.deploy(), platform.releases[-1].said
        await all_ready(town)
        yield town
    finally:
        await platform.stop()


@contextmanager
def an_empty_database(postgres: Databases) -> Iterator[str]:
    """As an add-on makes it, and named as it names it."""
    with postgres.empty() as url:
        yield url.replace("postgresql://", "postgres://", 1)


@pytest.fixture
async def router() -> AsyncIterator[Router]:
    async with a_router() as router:
        yield router


@pytest.fixture
def database_url(postgres: Databases) -> Iterator[str]:
    with an_empty_database(postgres) as url:
        yield url


@pytest.fixture
def added() -> dict[str, str]:
    """What a module of tests sets besides."""
    return {}


@pytest.fixture
async def config(
    router: Router, database_url: str, tmp_path: Path, added: dict[str, str]
) -> AsyncIterator[dict[str, str]]:
    async with a_config(router, database_url, tmp_path, added) as config:
        yield config


@pytest.fixture
async def town(slug: Slug, router: Router, config: dict[str, str]) -> AsyncIterator[Town]:
    async with a_town(slug, router, config) as town:
        yield town


@asynccontextmanager
async def a_whole_town(slug: Slug, postgres: Databases, folder: Path, added: dict[str, str]) -> AsyncIterator[Town]:
    """For the tests of a module that leave it as it was."""
    with an_empty_database(postgres) as url:
        async with (
            a_router() as router,
            a_config(router, url, folder, added) as config,
            a_town(slug, router, config) as town,
        ):
            yield town


async def all_ready(town: Town) -> None:
    for dyno in town.platform.web:
        with town.router.leading_to(dyno.port):
            async with asyncio.timeout(30):
                while (await town.visitor().open("/readyz")).code != 200:
                    assert dyno.is_running, dyno.said
                    await asyncio.sleep(0.02)
