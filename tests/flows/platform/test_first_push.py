"""The first `git push` with nothing set, and then one variable after the other (HOSTING H11)."""

from collections.abc import AsyncIterator

import pytest

from app.heroku import NEEDED
from tests.flows.platform.conftest import Town, all_ready
from tests.flows.platform.platform import Platform
from tests.flows.platform.router import Router
from tests.flows.platform.slug import Slug


@pytest.fixture
async def town(slug: Slug, router: Router, config: dict[str, str]) -> AsyncIterator[Town]:
    """Nothing is deployed yet."""
    platform = Platform(slug, router, {}, web=1)
    yield Town(platform, router, config["PUBLIC_URL"])
    await platform.stop()


async def test_each_deploy_succeeds_and_the_page_says_what_is_still_missing(town: Town, config: dict[str, str]) -> None:
    platform, given = town.platform, dict[str, str]()
    for count, name in enumerate(NEEDED):
        assert await platform.deploy(config=given)
        page = await town.visitor().open("/")
        assert page.code == 503
        assert [missing for missing in NEEDED if f">{missing}<" in page.body.decode()] == list(NEEDED)[count:]
        given |= {name: config[name]}
    assert await platform.deploy(config=given)
    await all_ready(town)
    page = await town.visitor().open("/")
    assert page.code == 200
    assert "Sign-in is not set up yet" in page.body.decode()
    assert await platform.deploy(config=config)
    await all_ready(town)
    await town.arrived("ada")
    assert platform.faults == []
    assert all(release.exit_status == 0 for release in platform.releases)
    assert "Migrated: " in platform.releases[len(NEEDED)].said
    said = await platform.run("check --deploy")
    assert "fine [database]" in said
    assert "note [web-concurrency]" in said
    assert "problem" not in said


async def test_what_is_wrong_is_not_deployed(town: Town, config: dict[str, str]) -> None:
    assert await town.platform.deploy(config=config)
    await all_ready(town)
    before = [dyno.pid for dyno in town.platform.web]
    assert not await town.platform.deploy(config={**config, "LOG_LEVEL": "loud"})
    assert "LOG_LEVEL: 'loud' is not one of" in town.platform.releases[-1].said
    assert [dyno.pid for dyno in town.platform.web] == before
    await town.arrived("ada")
