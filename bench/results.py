"""The figures of one run: of each measurement, each peer and each repetition."""

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bench.figures import ratios

Figures = dict[str, float]


@dataclass
class Results:
    machine: str
    commit: str
    began: str
    left_out: list[str] = field(default_factory=list)
    """A line for each peer that could not be measured here."""
    failures: list[str] = field(default_factory=list)
    """A line for each measurement that went wrong; it counts for nothing."""
    figures: dict[str, dict[str, list[Figures]]] = field(default_factory=dict)

    def add(self, measurement: str, peer: str, outcome: Figures | str) -> None:
        """Figures, or why there are none."""
        if isinstance(outcome, str):
            self.failures.append(f"{measurement}, {peer}: {outcome}")
            outcome = {}
        self.figures.setdefault(measurement, {}).setdefault(peer, []).append(outcome)

    def values(self, measurement: str, peer: str, figure: str) -> list[float | None]:
        """One for each repetition, None where there is none."""
        return [each.get(figure) for each in self.figures.get(measurement, {}).get(peer, [])]

    def median(self, measurement: str, peer: str, figure: str) -> float | None:
        known = [value for value in self.values(measurement, peer, figure) if value is not None]
        return median(known) if known else None

    def range(self, measurement: str, peer: str, figure: str) -> tuple[float, float] | None:
        """The least and the most of the repetitions."""
        known = [value for value in self.values(measurement, peer, figure) if value is not None]
        return (min(known), max(known)) if known else None

    def ratio(self, measurement: str, peer: str, other: str, figure: str) -> float | None:
        """The median over the repetitions of one peer's figure against another's of the same repetition."""
        each = ratios(self.values(measurement, peer, figure), self.values(measurement, other, figure))
        return median(each) if each else None

    def added(self, measurement: str, peer: str, other: str, figure: str) -> float | None:
        """The same for what one peer's figure is above the other's."""
        pairs = zip(self.values(measurement, peer, figure), self.values(measurement, other, figure), strict=False)
        each = [value - base for value, base in pairs if value is not None and base is not None]
        return median(each) if each else None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
