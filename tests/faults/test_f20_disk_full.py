"""F20: the disk of PostgreSQL's data is full, or that of its log, and then it is not (DELIVERY D12, D13)."""

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load
from tests.faults.server import ServerProcess
from tests.faults.sessions import add_session, opens
from tests.faults.small_cluster import Part, SmallCluster, small_cluster
from tests.faults.test_f19_disk_full import reads_work

pytestmark = [pytest.mark.parametrize("engine", ["notify"])]

CLIENTS = 50
AT_ONCE = 20
LEFT = 2 * 1024 * 1024
"""Bytes, until they are used up, and again afterwards."""
FULL_FOR = 10.0
ANSWERED, BACK = 6.0, 5.0
"""Seconds until a send is refused, and until sends are taken again."""
ERRORS = 20
HOUR = 3600


@pytest.fixture
def part() -> Part:
    return "data"


@pytest.fixture
def cluster(part: Part) -> Iterator[SmallCluster]:
    with small_cluster(part) as cluster:
        yield cluster


@pytest.fixture
def nodes(server: ServerProcess) -> list[ServerProcess]:
    return [server]


async def test_a_full_disk_of_the_data_refuses_sends_and_nothing_else(
    cluster: SmallCluster, load: Load, community: Community, server: ServerProcess, figure: Figure
) -> None:
    loop = asyncio.get_running_loop()
    token = add_session(community, seen_before=2 * HOUR, expires_after=HOUR)
    await fill(cluster, load)
    for _ in range(int(FULL_FOR)):
        send_some(load)
        await asyncio.sleep(1.0)
        await reads_work(load.clients[0], server)
        assert await opens(server, token), "a page was not shown"
    await load.all_answered()
    full = outcomes(load)

    cluster.leave_free(LEFT)
    freed = loop.time()
    load.send_at()
    back = await load.first_ack(freed)
    await load.settle()
    assert await load.violations() == []
    refused = {send.nonce for send in load.sends if send.refused}
    stored = {row.nonce for row in community.truth().rows}
    figure(
        f"F20  data: {dict(full)} until there was room again; sends again after {back:.1f} s; {len(refused & stored)} "
        "refused and stored; K = 0"
    )
    assert set(full) <= {"stored", "storage"}
    assert len(stored) == load.count_acked()
    assert not refused & stored
    assert back <= BACK
    assert load.absences == []


@pytest.mark.parametrize("part", ["pg_wal"])
async def test_a_full_disk_of_the_log_stops_the_database_and_loses_nothing(
    cluster: SmallCluster, load: Load, figure: Figure
) -> None:
    loop = asyncio.get_running_loop()
    await fill(cluster, load)
    load.send_at()
    await asyncio.sleep(FULL_FOR)
    ended = cluster.has_ended
    cluster.leave_free(2 * LEFT)
    if ended:
        await asyncio.to_thread(cluster.restart, "immediate")
    back = await load.first_ack(loop.time())
    await load.settle()
    assert await load.violations() == []

    waits = [send.answered_at - send.begun_at for send in load.sends if send.answered_at is not None]
    figure(
        f"F20  pg_wal: {dict(outcomes(load))}, answers after {max(waits):.1f} s at most; the database "
        f"{'ended' if ended else 'went on'}; sends again {back:.1f} s after its return; "
        f"{len(load.absences)} connections lost; K = 0"
    )
    assert set(outcomes(load)) <= {"stored", "storage", "unavailable"}
    assert max(waits) <= ANSWERED
    assert back <= BACK
    assert load.absences == []


async def fill(cluster: SmallCluster, load: Load) -> None:
    """Send until that is refused."""
    cluster.leave_free(LEFT)
    while sum(send.refused is not None for send in load.sends) < ERRORS:
        send_some(load)
        await load.all_answered()


def send_some(load: Load) -> None:
    """Of random letters, which PostgreSQL cannot pack into less."""
    for client in random.sample(load.clients, AT_ONCE):
        client.send(next(iter(client.history.rooms)), secrets.token_urlsafe(2_000))


def outcomes(load: Load) -> Counter[str]:
    return Counter(send.refused or "stored" for send in load.sends if not send.pending)
