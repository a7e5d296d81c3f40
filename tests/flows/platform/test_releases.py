"""A deploy, a roll-back, a changed setting and the restart of every day, while people talk (HOSTING H3, H19)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from tests.faults.community import Community
from tests.faults.load import Load, until
from tests.flows.platform.conftest import Town, all_ready
from tests.flows.platform.settlers import settle
from tests.flows.platform.slug import Slug
from tests.support.postgres import ask

PEOPLE = 40
RATE = 20.0
"""Sends a second."""
RESTARTING = 1012
NEWER = '''"""Something that the code before knows nothing of."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("colour", sa.Text(), nullable=True))
    op.create_table("parcels", sa.Column("id", sa.Integer(), primary_key=True))
'''
BROKEN = NEWER.replace('op.add_column("rooms"', 'op.add_column("no_such_table"')


def next_version(slug: Slug, folder: Path, migration: str) -> Slug:
    """The project with one more migration."""
    newer = slug.copy(folder)
    versions = newer.code / "migrations" / "versions"
    before = max(path.name for path in versions.glob("0*.py")).partition("_")[0]
    revision = f"{int(before) + 1:04}"
    (versions / f"{revision}_parcels.py").write_text(migration.format(revision=revision, before=before))
    return newer


@pytest.fixture
def added() -> dict[str, str]:
    names = (
        "LIMIT_SENDS_PER_10_SECONDS",
        "LIMIT_HISTORY_PER_MINUTE",
        "LIMIT_CONNECT_PER_MINUTE",
        "LIMIT_CONNECTIONS_PER_10_SECONDS",
        "LIMIT_REPEATS_PER_12_HOURS",
    )
    return dict.fromkeys(names, "1000000")


@pytest.fixture
async def load(town: Town, tmp_path: Path) -> AsyncIterator[Load]:
    """People on both dynos, who talk in two rooms and come back by themselves."""
    settlers = await settle(town.platform, tmp_path, PEOPLE)
    load = Load(cast("Community", settlers), ("127.0.0.1", town.router.port))
    load.add_all(PEOPLE, rooms_each=2)
    async with load.running():
        load.send_at(RATE)
        yield load


async def test_a_deploy_and_a_roll_back_lose_nothing_and_double_nothing(
    town: Town, load: Load, slug: Slug, tmp_path: Path
) -> None:
    await until(lambda: load.count_acked() > 40)
    newer = next_version(slug, tmp_path / "newer", NEWER)
    assert await town.platform.deploy(newer)
    assert "Migrated: " in town.platform.releases[-1].said
    await load.all_live()
    assert await town.platform.deploy(slug)
    assert "The database is up to date." in town.platform.releases[-1].said
    assert "colour" in ask(
        town.platform.config["DATABASE_URL"], "SELECT column_name FROM information_schema.columns"
    ), "old code runs on the newer schema"
    await load.settle()
    assert await load.violations() == []
    codes = [code for client in load.clients for code in client.codes]
    assert len(codes) >= 2 * PEOPLE
    assert set(codes) == {RESTARTING}
    assert sum(client.resets for client in load.clients) == 0
    assert [send.refused for send in load.sends if not send.acked] == []
    assert town.platform.faults == []
    assert all(dyno.exit_status == 0 for dyno in town.platform.past)


async def test_a_migration_that_fails_is_not_deployed_and_changes_nothing(
    town: Town, slug: Slug, tmp_path: Path
) -> None:
    before = [dyno.pid for dyno in town.platform.web]
    assert not await town.platform.deploy(next_version(slug, tmp_path / "broken", BROKEN))
    assert [dyno.pid for dyno in town.platform.web] == before
    assert await town.platform.deploy()
    await all_ready(town)
    await town.arrived("ada")


async def test_a_changed_setting_is_there_after_the_restart_and_people_stay_signed_in(town: Town) -> None:
    ada = await town.arrived("ada")
    assert await town.platform.deploy(config=town.platform.config | {"COMMUNITY_NAME": "Harbour Lab"})
    await all_ready(town)
    page = await ada.open("/chat/general")
    assert page.code == 200
    assert "Harbour Lab" in page.body.decode()
    assert town.platform.faults == []


async def test_two_releases_at_once_are_safe(town: Town, slug: Slug, tmp_path: Path) -> None:
    """As when two settings are changed quickly."""
    newer = next_version(slug, tmp_path / "newer", NEWER)
    releases = (town.platform.release(newer, town.platform.config) for _ in range(2))
    assert await asyncio.gather(*releases) == [0, 0]
    said = sorted(release.said.splitlines()[-1] for release in town.platform.releases[-2:])
    assert said[0].startswith("Migrated: ")
    assert said[1] == "The database is up to date."


async def test_a_stream_ends_with_a_word_and_goes_on_at_the_new_dyno(town: Town) -> None:
    ada, bo = await town.arrived("ada"), await town.arrived("bo")
    stream = await ada.listen("room=1")
    epoch = (await stream.hears("session.started"))["epoch"]
    seen = (await stream.hears("opened"))["room"]["seq"]
    restarting = asyncio.create_task(town.platform.restart())
    assert await stream.close_code() == RESTARTING
    stream.leave()
    await restarting
    await all_ready(town)
    await bo.command(type="message.send", room=1, nonce="0123456789abcdef", text="while you were away")
    stream = await ada.listen(f"room=1.{seen}&epoch={epoch}")
    opened = await stream.hears("opened")
    assert [message["text"] for message in opened["messages"]] == ["while you were away"]
    assert not opened.get("reset")
    stream.leave()
    assert town.platform.faults == []
