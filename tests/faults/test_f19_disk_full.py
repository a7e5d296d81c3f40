"""F19: the disk is full, and then it is not (DELIVERY D13)."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.client import Client
from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.disk import small_disk
from tests.faults.load import Load, random_text, until
from tests.faults.server import ServerProcess
from tests.faults.sessions import add_session, opens

pytestmark = pytest.mark.short

CLIENTS = 50
AT_ONCE, SIZE = 20, 2_000
FULL_FOR = 10.0
BACK = 5.0
"""Seconds until sends are taken again."""
ERRORS = 20
HOUR = 3600


async def test_a_full_disk_refuses_sends_and_nothing_else(
    founded: Community, servers: list[ServerProcess], tmp_path: Path, figure: Figure
) -> None:
    loop = asyncio.get_running_loop()
    with small_disk(tmp_path) as disk:
        community = founded.copy(disk.folder)
        server = ServerProcess(community)
        servers.append(server)
        await server.start()
        disk.fill(server.pid)
        token = add_session(community, seen_before=2 * HOUR, expires_after=HOUR)
        load = Load(community, server.address)
        load.add_all(CLIENTS)
        async with load.running():
            while Counter(send.refused for send in load.sends)["storage"] < ERRORS:
                for _ in range(AT_ONCE):
                    load.send_one(SIZE)
                await load.all_answered()
            load.send_at()
            for _ in range(int(FULL_FOR)):
                await asyncio.sleep(1.0)
                await reads_work(load.clients[0], server)
                assert await opens(server, token), "a page was not shown"
            await load.stop_sending()
            await load.all_answered()
            full = Counter(send.refused or "stored" for send in load.sends)

            disk.make_room(server.pid)
            freed = loop.time()
            await sends_again(load.clients[1])
            back = loop.time() - freed
            load.send_at()
            await until(lambda: load.count_acked() > full["stored"] + 40)
            await load.settle()
            assert await load.violations() == []
            refused = {send.nonce for send in load.sends if send.refused}
            stored = {row.nonce for row in community.truth().rows}
        await server.kill()
        intact = community.is_intact()

    figure(
        f"F19  {full['stored']} stored until the disk was full, {sum(full.values()) - full['stored']} refused: "
        f"{dict(full)}; sends again after {back:.1f} s; {len(refused & stored)} refused and stored; K = 0"
    )
    assert set(full) <= {"stored", "storage"}
    assert len(stored) == load.count_acked()
    assert not refused & stored
    assert back <= BACK
    assert intact
    assert sum(len(client.absences) for client in load.clients) == 0


async def reads_work(client: Client, server: ServerProcess) -> None:
    room = next(iter(client.history.rooms))
    page = await client.ask({"type": "message.list", "room": room})
    opened = await client.ask({"type": "room.open", "room": room})
    assert (page["type"], opened["type"]) == ("page", "opened")
    assert await server.status("/readyz") == 200


async def sends_again(client: Client) -> None:
    """As a client does that was refused: every half second."""
    room = next(iter(client.history.rooms))
    while True:
        send = client.send(room, random_text(100))
        await until(lambda: not client.pending)
        if send.acked:
            return
        await asyncio.sleep(0.5)
