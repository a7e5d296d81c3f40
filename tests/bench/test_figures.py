import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import fit_line, percentile, ratios


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert percentile([float(each) for each in range(1, 101)], 0.99) == 99.0
    assert percentile([7.0], 0.99) == 7.0


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_ratios_pair_what_was_measured_in_the_same_repetition() -> None:
    assert ratios([2.0, None, 9.0], [1.0, 5.0, 3.0]) == [2.0, 3.0]
    assert ratios([2.0], [None]) == []


@given(st.floats(0.1, 1e4), st.floats(0.01, 1e3))
def test_a_line_is_found_again(a: float, b: float) -> None:
    found = fit_line([(x, a + b * x) for x in (10.0, 100.0, 1_000.0, 10_000.0)])
    assert found == pytest.approx((a, b), rel=1e-4)


def test_small_rooms_count_as_much_as_large_ones() -> None:
    """With plain least squares an error of 5 % at 10,000 would drown the fixed cost that shows at 10."""
    a, b = fit_line([(10.0, 110.0), (100.0, 200.0), (1_000.0, 1_100.0), (10_000.0, 10_600.0)])
    assert a == pytest.approx(100, rel=0.1)
    assert b == pytest.approx(1, rel=0.1)


def test_one_point_makes_no_line() -> None:
    with pytest.raises(ValueError, match="two different x"):
        fit_line([(10.0, 1.0), (10.0, 2.0)])
