"""A site that stands for the web, and a fetcher that finds it under some names."""

from collections.abc import AsyncIterator

import pytest

from app.outbound.fetcher import Fetcher
from tests.support.web import PUBLIC, Names, Site, allowed, open_site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as site:
        yield site


@pytest.fixture
def fetcher(site: Site) -> Fetcher:
    known = {name: [PUBLIC] for name in ("site.test", "www.site.test", "x.test")}
    return Fetcher("https://roost.test", Names(known, {PUBLIC: site.port}), allowed)
