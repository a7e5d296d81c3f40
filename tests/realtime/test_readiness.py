import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from app.realtime import readiness
from app.realtime.readiness import Readiness
from app.storage.sqlite import READERS
from tests.support.house import House
from tests.support.waiting import until


def questions(house: House) -> int:
    waits = house.services.store.waits
    return waits.now + sum(waits.seconds.counts().values())


@pytest.fixture
async def silence(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[threading.Event]:
    """The database does not answer a question before this is set."""
    monkeypatch.setattr(readiness, "PATIENCE", 0.05)
    speak = threading.Event()
    held = [house.services.store.database.read(lambda _: speak.wait()) for _ in range(READERS)]
    yield speak
    speak.set()
    await asyncio.gather(*held)


async def test_a_thousand_who_ask_at_once_are_one_question(house: House) -> None:
    ready = Readiness()
    before = questions(house)
    answers = await asyncio.gather(*[ready.database_answers(house.services) for _ in range(1_000)])
    assert all(answers)
    assert questions(house) == before + 1


async def test_an_answer_holds_for_a_second(house: House) -> None:
    ready = Readiness()
    before = questions(house)
    for seconds, asked in ((0, 1), (0.5, 1), (0.49, 1), (0.02, 2)):
        house.clock.advance(seconds)
        assert await ready.database_answers(house.services)
        assert questions(house) == before + asked


async def test_a_database_that_is_gone_is_noticed(house: House) -> None:
    ready = Readiness()
    assert await ready.database_answers(house.services)
    await house.services.store.database.close()
    house.clock.advance(1.0)
    assert not await ready.database_answers(house.services)


async def test_a_database_that_keeps_silent_is_not_waited_for_nor_asked_again(
    house: House, silence: threading.Event
) -> None:
    ready = Readiness()
    before = questions(house)
    for _ in range(5):
        house.clock.advance(1.0)
        assert not await ready.database_answers(house.services)
    assert questions(house) == before + 1

    silence.set()
    await until(lambda: house.services.store.waits.now == 0)
    house.clock.advance(1.0)
    assert await ready.database_answers(house.services)
    assert questions(house) == before + 2
