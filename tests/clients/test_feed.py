import asyncio

import pytest

from clients.failures import RoomGone
from clients.feed import Feed


async def test_each_reader_has_its_own_pace() -> None:
    feed: Feed[int] = Feed(3)
    for item in (10, 11, 12, 13):
        feed.append(item)
    assert (feed.begin, feed.end) == (1, 4)
    assert [await feed.at(place) for place in (1, 2, 3)] == [11, 12, 13]
    waiting = asyncio.create_task(feed.at(4))
    await asyncio.sleep(0)
    feed.append(14)
    assert await waiting == 14


async def test_its_end_comes_after_what_is_in_it() -> None:
    feed: Feed[int] = Feed(3)
    feed.append(10)
    waiting = asyncio.create_task(feed.at(1))
    await asyncio.sleep(0)
    feed.finish(RoomGone())
    with pytest.raises(RoomGone):
        await waiting
    assert await feed.at(0) == 10
