import asyncio
from collections import Counter

from app.turns import MOST, Turns


async def test_what_there_is_room_for_begins_at_once() -> None:
    paced = Turns()
    assert [paced.take() for _ in range(MOST)] == [None] * MOST


async def test_the_others_begin_in_later_turns_in_their_order() -> None:
    paced = Turns()
    begun: list[int] = []
    turn_of: dict[int, int] = {}
    now = 0

    def count() -> None:
        nonlocal now
        now += 1
        if len(begun) < 3 * MOST:
            asyncio.get_running_loop().call_soon(count)

    async def begin(number: int) -> None:
        if (turn := paced.take()) is not None:
            await turn
        begun.append(number)
        turn_of[number] = now

    count()
    async with asyncio.timeout(10):
        await asyncio.gather(*(begin(number) for number in range(3 * MOST)))
    assert begun == list(range(3 * MOST))
    assert max(Counter(turn_of.values()).values()) == MOST


async def test_who_has_left_takes_nobodys_turn() -> None:
    paced = Turns()
    for _ in range(MOST):
        paced.take()
    left, *others = [paced.take() for _ in range(MOST + 1)]
    assert left is not None
    left.cancel()
    async with asyncio.timeout(10):
        await asyncio.gather(*filter(None, others))
