"""The task that makes what was posted findable."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.chat import indexing, search
from app.models import Visitor
from app.realtime.indexer import Indexer
from tests.support.house import House


@asynccontextmanager
async def working(house: House) -> AsyncIterator[Indexer]:
    made = Indexer(house.services)
    made.start()
    try:
        yield made
    finally:
        await made.stop()


async def is_found(house: House, visitor: Visitor, text: str) -> None:
    """Returns when it is."""
    async with asyncio.timeout(10):
        while not (await search.find(house.services, visitor, text)).hits:
            house.services.limits.give_back(f"search:{visitor.user.id}")
            await asyncio.sleep(0.01)


async def test_what_was_posted_before_the_start_is_found_and_what_is_posted_then(house: House) -> None:
    ada = await house.sign_in("ada")
    await house.post(ada, "before")
    async with working(house):
        await is_found(house, ada, "before")
        await house.post(ada, "then")
        await is_found(house, ada, "then")
    assert await indexing.rooms_behind(house.services) == []
    assert house.services.metrics.messages_indexed == 2


async def test_many_messages_are_made_findable_a_few_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "AT_ONCE", 3)
    ada = await house.sign_in("ada")
    for number in range(8):
        await house.post(ada, f"number {number}")
    async with working(house):
        await is_found(house, ada, "number 7")
    assert house.services.metrics.messages_indexed == 8
