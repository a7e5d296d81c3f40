"""F10 with clients that are our library: a nonce that is sent again gives the first message (DELIVERY D3)."""

from collections import defaultdict

from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.history import Send
from tests.faults.library_client import LibraryClient
from tests.faults.load import Load
from tests.faults.server import ServerProcess
from tests.faults.test_f10_repeats import send_and_repeat

SENDERS = 10


async def test_what_the_library_repeats_is_stored_once(
    community: Community, server: ServerProcess, long: bool, figure: Figure
) -> None:
    load = Load(community, server.address, kind=LibraryClient)
    load.add_all(SENDERS)
    async with load.running():
        for _ in range(100 if long else 20):
            for client in load.clients:
                send_and_repeat(client, client)
            await load.all_answered()
        await server.kill()
        await server.start()
        await load.all_live()
        for client in load.clients:
            for first in client.history.sends[:10]:
                client.repeat(first, "This was never said.")
        await load.all_answered()
        await load.settle()
        assert await load.violations() == []

    by_nonce: defaultdict[str, list[Send]] = defaultdict(list)
    for send in load.sends:
        by_nonce[send.nonce].append(send)
    figure(
        f"F10  library: {len(load.sends)} sends of {len(by_nonce)} nonces, {len(community.truth().rows)} rows; K = 0"
    )
    assert len(community.truth().rows) == len(by_nonce)
    assert all(len({send.number for send in same}) == 1 for same in by_nonce.values())
