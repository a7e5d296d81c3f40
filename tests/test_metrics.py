from math import inf

import pytest

from app.metrics import Spread, Waits


def test_a_value_counts_for_the_first_bound_that_it_does_not_exceed() -> None:
    spread = Spread((1, 2, 4))
    for value in (0, 1, 1.5, 2, 4, 4.5, 100):
        spread.add(value)
    assert spread.counts() == {1: 2, 2: 2, 4: 1, inf: 2}
    assert spread.total == 113


def test_a_wait_counts_while_it_lasts_and_for_its_time_after_even_when_it_ends_in_an_error() -> None:
    waits = Waits()
    with waits.timed(), waits.timed():
        assert waits.now == 2
    with pytest.raises(KeyError), waits.timed():
        raise KeyError
    assert waits.now == 0
    assert sum(waits.seconds.counts().values()) == 3
    assert waits.seconds.total >= 0
