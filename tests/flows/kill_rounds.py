"""kill -9 in the middle of a burst, restart on the same database, and K: `python -m tests.flows.kill_rounds 10`."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.faults.community import found_community
from tests.faults.load import Load
from tests.faults.server import ServerProcess
from tests.support.waiting import until

CLIENTS = 40
BURST = 200
"""Sends begun before each kill, as fast as they can be written."""


async def kill_rounds(rounds: int, folder: Path) -> list[str]:
    """One line of figures for each round. AssertionError when something acknowledged is not there once, or a client
    does not see what the database holds."""
    community = await asyncio.to_thread(found_community, folder)
    server = ServerProcess(community)
    await server.start()
    load = Load(community, server.address)
    load.add_all(CLIENTS)
    try:
        async with load.running():
            return [await _round(number, load, server) for number in range(1, rounds + 1)]
    finally:
        await server.kill()


async def _round(number: int, load: Load, server: ServerProcess) -> str:
    acked_before = load.count_acked()
    sent = 0
    while load.count_acked() == acked_before or sent < BURST:
        load.send_one()
        sent += 1
        if sent % 20 == 0:
            await asyncio.sleep(0)
    await server.kill()
    acked = load.count_acked() - acked_before
    under_way = sum(client.pending for client in load.clients)
    await until(lambda: not any(client.live for client in load.clients))
    await server.start()
    await load.all_live()
    await load.settle()
    assert await load.violations() == [], f"round {number}"
    resets = sum(client.resets for client in load.clients)
    assert resets == 0
    return f"round {number}: killed with {acked} of {sent} acknowledged and {under_way} under way; K = 0"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for line in asyncio.run(kill_rounds(int(sys.argv[1]), Path(folder))):
            print(line)  # noqa: T201


if __name__ == "__main__":
    main()
