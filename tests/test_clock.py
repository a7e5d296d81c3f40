"""The two clocks, and the one between them (DELIVERY D14)."""

from tests.support.house import SetClock


def test_the_steady_clock_goes_on_when_somebody_sets_the_other() -> None:
    clock = SetClock()
    begun = clock.now()
    clock.advance(60)
    clock.set_back(3600)
    assert clock.now() == begun + 60_000 - 3_600_000
    assert clock.steady() == begun + 60_000
