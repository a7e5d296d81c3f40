"""Arithmetic on measurements."""

from collections.abc import Sequence
from math import ceil
from statistics import median

__all__ = ["fit_line", "median", "percentile", "ratios"]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed. ValueError when there are none."""
    if not values:
        raise ValueError("no values, no percentile")
    ordered = sorted(values)
    return ordered[max(0, ceil(round(len(ordered) * share, 6)) - 1)]


def ratios(values: Sequence[float | None], others: Sequence[float | None]) -> list[float]:
    """Each value against the other of the same repetition, which was measured in the same minutes."""
    return [value / other for value, other in zip(values, others, strict=False) if value is not None and other]


def fit_line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(a, b) of y = a + b x with the least squares of *relative* errors: with plain ones the largest x decides alone.

    ValueError with fewer than two different x, or a y that is not above zero."""
    if len({x for x, _ in points}) < 2 or any(y <= 0 for _, y in points):
        raise ValueError("a line needs two different x and values above zero")
    weights = [1 / (y * y) for _, y in points]
    total = sum(weights)
    mean_x = sum(weight * x for weight, (x, _) in zip(weights, points, strict=True)) / total
    mean_y = sum(weight * y for weight, (_, y) in zip(weights, points, strict=True)) / total
    spread = sum(weight * (x - mean_x) ** 2 for weight, (x, _) in zip(weights, points, strict=True))
    common = sum(weight * (x - mean_x) * (y - mean_y) for weight, (x, y) in zip(weights, points, strict=True))
    slope = common / spread
    return mean_y - slope * mean_x, slope
