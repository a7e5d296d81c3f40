"""Work that is done for many at once."""

import asyncio
from collections.abc import Sequence

import pytest

from app.errors import MessageRemoved, NotFound, RoostError, Unavailable
from app.memory import batches
from app.memory.batches import Batches
from tests.support.waiting import until


class Work:
    """Keeps what it was given, round by round. It ends when it is let, and then with `outcome` for each."""

    def __init__(self) -> None:
        self.rounds: list[list[str]] = []
        self.outcomes: dict[str, RoostError] = {}
        self.go = asyncio.Event()

    async def do(self, items: Sequence[str]) -> list[RoostError | None]:
        self.rounds.append(list(items))
        await self.go.wait()
        if "break" in items:
            raise Unavailable
        return [self.outcomes.get(item) for item in items]


@pytest.fixture
def work() -> Work:
    return Work()


def begin(gathered: Batches[str], work: Work, items: str) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(gathered.join(item, work.do)) for item in items.split()]


async def test_what_comes_in_during_a_round_shares_the_next_one(work: Work) -> None:
    gathered: Batches[str] = Batches()
    tasks = begin(gathered, work, "a")
    await until(lambda: work.rounds)
    tasks += begin(gathered, work, "b c d")
    await asyncio.sleep(0)
    work.go.set()
    await asyncio.gather(*tasks)
    assert work.rounds == [["a"], ["b", "c", "d"]]
    await asyncio.gather(*begin(gathered, work, "e"))
    assert work.rounds[2:] == [["e"]]


async def test_a_round_has_an_end_and_the_rest_follows(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    work.go.set()
    await asyncio.gather(*begin(Batches(), work, "a b c d e"))
    assert work.rounds == [["a", "b"], ["c", "d"], ["e"]]


async def test_each_is_told_what_came_of_its_own(work: Work) -> None:
    work.outcomes = {"b": NotFound(), "c": MessageRemoved()}
    work.go.set()
    outcomes = await asyncio.gather(*begin(Batches(), work, "a b c"), return_exceptions=True)
    assert [type(each) for each in outcomes] == [type(None), NotFound, MessageRemoved]


async def test_what_breaks_the_work_is_told_to_all_of_the_round_and_the_next_goes_on(work: Work) -> None:
    gathered: Batches[str] = Batches()
    work.go.set()
    outcomes = await asyncio.gather(*begin(gathered, work, "a break"), return_exceptions=True)
    assert [type(each) for each in outcomes] == [Unavailable, Unavailable]
    await asyncio.gather(*begin(gathered, work, "b"))


async def test_who_goes_away_harms_nobody(work: Work) -> None:
    gathered: Batches[str] = Batches()
    first, second = begin(gathered, work, "a b")
    await until(lambda: work.rounds)
    first.cancel()
    work.go.set()
    await second
    assert work.rounds == [["a", "b"]]
