"""How much goes into one answer (DELIVERY D8)."""

import msgspec
import pytest

from app.chat.portions import PORTION, first_that_fit, last_that_fit, middle_that_fits
from app.models import Message


def message(number: int, size: int) -> Message:
    """`size` is that of its text and its HTML together."""
    half = "m" * (size // 2)
    return Message(1, number, number, 1, "n" * 16, "msg", half, half, 0)


def numbers(messages: list[Message]) -> list[int]:
    return [each.number for each in messages]


def room(count: int, size: int) -> list[Message]:
    return [message(number, size) for number in range(1, count + 1)]


def test_what_is_short_goes_whole() -> None:
    short = room(100, 200)
    assert first_that_fit(short) == last_that_fit(short) == middle_that_fits(short, 50) == short
    assert first_that_fit([]) == last_that_fit([]) == middle_that_fits([], 1) == []


def test_of_what_is_long_goes_what_fits() -> None:
    long = room(100, PORTION // 4)
    assert numbers(first_that_fit(long)) == [1, 2, 3, 4]
    assert numbers(last_that_fit(long)) == [97, 98, 99, 100]
    assert numbers(middle_that_fits(long, 50)) == [48, 49, 50, 51]


@pytest.mark.parametrize("number", [1, 100])
def test_the_middle_may_lie_at_an_edge(number: int) -> None:
    assert number in numbers(middle_that_fits(room(100, PORTION // 4), number))


def test_one_goes_however_long_it_is() -> None:
    giants = room(3, 2 * PORTION)
    assert numbers(first_that_fit(giants)) == [1]
    assert numbers(last_that_fit(giants)) == [3]
    assert 2 in numbers(middle_that_fits(giants, 2))


def test_bytes_count_and_not_characters() -> None:
    wide = [Message(1, n, n, 1, "n" * 16, "msg", "\N{BIRD}" * (PORTION // 16), "", 0) for n in range(1, 9)]
    assert numbers(first_that_fit(wide)) == [1, 2, 3, 4]


def test_what_a_message_has_besides_counts_as_well() -> None:
    extras = "x" * (PORTION // 2)
    full = [msgspec.structs.replace(each, extras=extras) for each in room(3, 10)]
    assert numbers(first_that_fit(full)) == [1]
