"""The task that makes what was posted findable."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.bus.memory import MemoryBus
from app.chat import indexing, search
from app.models import Visitor
from app.realtime.indexer import Indexer
from app.services import Services
from app.storage import search_entries
from app.storage.database import Connection
from tests.support.gate import Gate
from tests.support.house import GENERAL, House
from tests.support.postgres import Databases
from tests.support.processes import process
from tests.support.waiting import until


@asynccontextmanager
async def working(services: Services) -> AsyncIterator[Indexer]:
    made = Indexer(services)
    made.start()
    try:
        yield made
    finally:
        await made.stop()


async def is_found(services: Services, visitor: Visitor, text: str) -> None:
    """Returns when it is."""
    async with asyncio.timeout(10):
        while not (await search.find(services, visitor, text)).hits:
            services.limits.give_back(f"search:{visitor.user.id}")
            await asyncio.sleep(0.01)


async def test_what_was_posted_before_the_start_is_found_and_what_is_posted_then(house: House) -> None:
    ada = await house.sign_in("ada")
    await house.post(ada, "before")
    async with working(house.services):
        await is_found(house.services, ada, "before")
        await house.post(ada, "then")
        await is_found(house.services, ada, "then")
    assert await indexing.rooms_behind(house.services) == []
    assert house.services.metrics.messages_indexed == 2


async def test_many_messages_are_made_findable_a_few_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "AT_ONCE", 3)
    ada = await house.sign_in("ada")
    for number in range(8):
        await house.post(ada, f"number {number}")
    async with working(house.services):
        await is_found(house.services, ada, "number 7")
    assert house.services.metrics.messages_indexed == 8


async def test_a_room_that_somebody_else_holds_is_tried_again_at_once(
    postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bool] = []
    index_some = indexing.index_some

    async def noted(services: Services, room_id: int) -> bool:
        tried.append(await index_some(services, room_id))
        return tried[-1]

    with postgres.fresh() as url:
        async with process(url, MemoryBus(), tmp_path) as here:
            ada, _ = await here.sign_in("ada")
            client = await here.connect(ada, GENERAL)
            await client.post("before")
            await index_some(here.services, GENERAL)
            gate = Gate()

            def hold(connection: Connection) -> None:
                connection.execute(search_entries.MINE.with_for_update(), {"room_id": GENERAL})
                gate.wait()

            holding = asyncio.ensure_future(here.services.store.write(hold))
            await gate.reached()
            await client.post("meanwhile")
            monkeypatch.setattr(indexing, "index_some", noted)
            async with working(here.services):
                await until(lambda: len(tried) > 1)
                assert all(tried)
                gate.open()
                await holding
                await is_found(here.services, ada, "meanwhile")
