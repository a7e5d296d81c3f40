import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import TooFast
from app.memory import limits as limits_module
from app.memory.limits import Limit, Limits
from tests.support.house import SetClock

TEN = Limit(10, 5.0)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def limits(clock: SetClock) -> Limits:
    return Limits(clock.monotonic)


def refused(limits: Limits, key: str = "ana", limit: Limit = TEN) -> float:
    """The seconds to wait, 0 when it was let through."""
    try:
        limits.take(key, limit)
    except TooFast as error:
        return error.retry_after
    return 0.0


def test_a_burst_of_the_whole_limit_is_let_through_and_one_more_is_not(limits: Limits) -> None:
    assert [refused(limits) for _ in range(10)] == [0.0] * 10
    assert refused(limits) == 0.5


def test_after_the_time_told_the_next_one_is_let_through(limits: Limits, clock: SetClock) -> None:
    for _ in range(10):
        refused(limits)
    clock.advance(refused(limits))
    assert refused(limits) == 0.0
    assert refused(limits) == 0.5


def test_a_refused_act_costs_nothing(limits: Limits, clock: SetClock) -> None:
    for _ in range(10):
        refused(limits)
    for _ in range(100):
        assert refused(limits) == 0.5
    clock.advance(0.5)
    assert refused(limits) == 0.0


def test_a_spread_of_the_whole_limit_is_never_refused(limits: Limits, clock: SetClock) -> None:
    for _ in range(10_000):
        assert refused(limits) == 0.0
        clock.advance(0.5)


def test_after_a_rest_the_whole_burst_is_there_again_and_not_more(limits: Limits, clock: SetClock) -> None:
    for _ in range(10):
        refused(limits)
    clock.advance(3600)
    assert [refused(limits) > 0 for _ in range(11)] == [False] * 10 + [True]


def test_keys_do_not_count_for_each_other(limits: Limits) -> None:
    for _ in range(10):
        refused(limits, "ana")
    assert refused(limits, "ana") > 0
    assert refused(limits, "bo") == 0.0


def test_a_limit_of_one(limits: Limits, clock: SetClock) -> None:
    one = Limit(1, 60.0)
    assert refused(limits, limit=one) == 0.0
    assert refused(limits, limit=one) == 60.0
    clock.advance(59.9)
    assert refused(limits, limit=one) > 0
    clock.advance(0.1)
    assert refused(limits, limit=one) == 0.0


def test_what_is_paid_off_is_forgotten_and_what_is_not_stays(clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "SWEEP_ABOVE", 100)
    limits = Limits(clock.monotonic)
    for number in range(100):
        limits.take(f"stranger {number}", TEN)
    clock.advance(10)
    for _ in range(10):
        limits.take("ana", TEN)
    assert len(limits._paid_off) == 1
    assert refused(limits) > 0


def test_many_busy_keys_are_not_looked_through_at_every_act(clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "SWEEP_ABOVE", 100)
    limits = Limits(clock.monotonic)
    sweeps = 0
    sweep = limits._sweep

    def count(now: float) -> None:
        nonlocal sweeps
        sweeps += 1
        sweep(now)

    monkeypatch.setattr(limits, "_sweep", count)
    for number in range(10_000):
        limits.take(f"stranger {number}", TEN)
    assert sweeps < 10


def test_what_is_given_back_was_never_counted(limits: Limits) -> None:
    once = Limit(1, 60.0)
    assert refused(limits, limit=once) == 0.0
    assert refused(limits, limit=once) == 60.0
    limits.give_back("ana")
    limits.give_back("bo")
    assert refused(limits, limit=once) == 0.0


def test_one_that_is_given_back_does_not_count_and_the_others_do(limits: Limits) -> None:
    twice = Limit(2, 60.0)
    for _ in range(5):
        assert refused(limits, limit=twice) == 0.0
        limits.give_one_back("ana", twice)
    assert [refused(limits, limit=twice) for _ in range(3)] == [0.0, 0.0, 30.0]


@given(st.lists(st.floats(0, 3), max_size=200), st.integers(1, 20), st.floats(0.1, 10))
def test_no_window_ever_holds_more_than_twice_the_limit(pauses: list[float], most: int, seconds: float) -> None:
    """A burst and what is paid off meanwhile: in any window of `seconds` at most `most` and the refill of as many."""
    clock, let_through = SetClock(), []
    clock.seconds = 0.0
    limits = Limits(clock.monotonic)
    for pause in pauses:
        clock.advance(pause)
        if refused(limits, limit=Limit(most, seconds)) == 0.0:
            let_through.append(clock.seconds)
    for start in let_through:
        assert sum(start <= time < start + seconds for time in let_through) <= 2 * most


def test_it_tells_how_many_are_left_and_when_all_are_again(limits: Limits, clock: SetClock) -> None:
    assert limits.left("ana", TEN) == (10, 0.0)
    for _ in range(10):
        refused(limits)
    assert limits.left("ana", TEN) == (0, 5.0)
    clock.advance(0.5)
    assert limits.left("ana", TEN) == (1, 4.5)
    assert refused(limits) == 0.0
    assert limits.left("bo", TEN) == (10, 0.0)
