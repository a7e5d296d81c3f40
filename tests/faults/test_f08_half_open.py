"""F8: a line that dies without a word, as when a phone leaves the network (DELIVERY D7, D9)."""

import asyncio

from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load, until
from tests.faults.network import namespace
from tests.faults.server import ServerProcess
from tests.faults.sockets import dial_from

HERE, FAR = 20, 3
RATE = 20.0
AWAY = 120.0
FREED, BACK, GONE = 45.0, 45.0, 60.0
"""Seconds: until the server has let go, until the client is live again, until nobody is told that they are here."""


async def test_a_dead_line_is_noticed_on_both_ends(community: Community, server: ServerProcess, figure: Figure) -> None:
    loop = asyncio.get_running_loop()
    load = Load(community, server.address)
    with namespace() as network:
        watcher = load.add(community.rooms[:1])
        load.add_all(HERE)
        far = [
            load.add(community.rooms[:4], dial=dial_from(network.make_socket), address=(network.here, server.port))
            for _ in range(FAR)
        ]
        async with load.running():
            room = community.rooms[0]
            load.send_at(RATE)
            await until(lambda: watcher.online[room] == len(load.clients))
            network.pull()
            pulled = loop.time()
            await server.until_metric("roost_connections", lambda count: count <= len(load.clients) - FAR)
            freed = loop.time() - pulled
            await until(lambda: watcher.online[room] == len(load.clients) - FAR, 2 * GONE)
            gone = loop.time() - pulled
            await asyncio.sleep(pulled + AWAY - loop.time())
            network.plug()
            plugged = loop.time()
            await until(lambda: all(client.absences for client in far), 2 * BACK)
            back = max(client.absences[0].live_at for client in far) - plugged
            await load.settle()
            assert await load.violations() == []

    figure(f"F8   freed after {freed:.0f} s, told as gone after {gone:.0f} s, back {back:.0f} s after the link; K = 0")
    assert freed <= FREED
    assert gone <= GONE
    assert back <= BACK
    assert {len(client.absences) for client in load.clients if client not in far} == {0}
