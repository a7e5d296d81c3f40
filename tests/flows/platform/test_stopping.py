"""SIGTERM to a dyno with two hundred people on it, in the middle of a conversation (HOSTING H18)."""

from pathlib import Path
from typing import cast

import pytest

from tests.faults.community import Community
from tests.faults.load import Load
from tests.flows.platform.conftest import Town
from tests.flows.platform.settlers import settle

PEOPLE = 200
LEAVING = 5.0
"""Seconds: what honcho waits before it kills."""
RESTARTING = 1012


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


async def test_two_hundred_are_let_go_in_time_and_what_they_said_is_answered(town: Town, tmp_path: Path) -> None:
    leaving, _ = town.platform.web
    settlers = await settle(town.platform, tmp_path, PEOPLE)
    load = Load(cast("Community", settlers), ("127.0.0.1", town.router.port))
    with town.router.leading_to(leaving.port):
        load.add_all(PEOPLE, rooms_each=1)
        await load.all_live()
    async with load.running():
        last = [client.send(next(iter(client.history.rooms)), "the last word") for client in load.clients]
        seconds = await town.platform.stop_one(leaving)
        assert leaving.exit_status == 0, leaving.said
        assert seconds < LEAVING
        assert leaving.faults == []
        await load.all_live()
        await load.settle()
        assert await load.violations() == []
        assert all(send.acked for send in last)
        assert {code for client in load.clients for code in client.codes} == {RESTARTING}
        assert sum(client.resets for client in load.clients) == 0
    assert town.platform.faults == []
    assert "Traceback" not in town.platform.said
