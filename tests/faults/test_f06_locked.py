"""F6 for SQLite: somebody else holds the database for longer than the server waits for it (DELIVERY D12)."""

import asyncio
from collections import Counter
from contextlib import closing

import pytest

from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load, random_text, until
from tests.faults.server import ServerProcess

HELD = 20.0
ANSWERED = 11.0
"""Seconds: a send may just miss a batch that waits for its five, and then waits for five in the next one."""
BACK = 5.0


@pytest.mark.short
async def test_sends_are_refused_while_the_database_is_held_and_taken_again_after(
    load: Load, community: Community, server: ServerProcess, figure: Figure
) -> None:
    loop = asyncio.get_running_loop()
    load.send_at()
    await until(lambda: load.count_acked() > 20)
    with closing(community.connect()) as other:
        other.execute("BEGIN IMMEDIATE")
        held = loop.time()
        await asyncio.sleep(HELD / 2)
        page = await load.clients[0].ask({"type": "message.list", "room": community.rooms[0]})
        await asyncio.sleep(held + HELD - loop.time())
        other.rollback()
    released = loop.time()
    send = load.clients[0].send(community.rooms[0], random_text(100))
    await until(lambda: send.acked)
    back = loop.time() - released
    await load.settle()
    assert await load.violations() == []
    looks = await server.metric("roost_loop_lag_seconds_count")
    late = looks - await server.metric('roost_loop_lag_seconds_bucket{le="0.25"}')

    refused = Counter(each.refused for each in load.sends if each.refused)
    waits = [each.answered_at - each.begun_at for each in load.sends if each.answered_at is not None]
    figure(
        f"F6   held for {HELD:.0f} s: refused {dict(refused)}, answers after {max(waits):.1f} s at most; "
        f"taken again after {back:.1f} s; {len(load.absences)} connections lost; K = 0"
    )
    assert page["type"] == "page"
    assert set(refused) == {"unavailable"}
    assert max(waits) <= ANSWERED
    assert back <= BACK
    assert load.absences == []
    assert late <= 0.01 * looks
