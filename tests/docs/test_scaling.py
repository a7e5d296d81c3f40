"""docs/scaling.md agrees with the sample of the bench, with the simulation, and with arithmetic."""

import json
import re
from pathlib import Path

import pytest

from bench.queueing import CPU, at_most

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scaling.md").read_text()
SAMPLE = json.loads((ROOT / "bench" / "results" / "sample.json").read_text())["figures"]
MEASURED = re.findall(r"^\| .+ \| ([\d.,]+) \| \w+ \| `([\w-]+)` `(\w+)` \|$", PAGE, re.MULTILINE)
SIMULATED = re.findall(r"^" + r"\| ([\d.,]+) " * 6 + r"\| (\d+) % \|$", PAGE, re.MULTILINE)
CALCULATED = re.findall(r"`([\d(][^`=]*) = (\d[^`]*)`", PAGE)
UNITS = {"us": 1e-6, "s": 1, "KiB": 1024, "MiB": 2**20, "MB": 1e6, "GB": 1e9, "million": 1e6}


def number(text: str) -> float:
    return float(text.replace(",", ""))


def value(expression: str) -> float:
    """`10,000 × 3.43 KiB`: only numbers, units and signs are in it."""
    plain = expression.replace(",", "").replace("×", "*")
    plain = re.sub(r"([\d.]+) ?([A-Za-z]+)", lambda found: f"({found[1]}*{UNITS[found[2]]})", plain)
    assert re.fullmatch(r"[\d.e()*/+\- ]+", plain), plain
    return float(eval(plain))  # noqa: S307  it was looked at


def test_something_was_found() -> None:
    assert (len(MEASURED), len(SIMULATED)) == (11, 8)
    assert len(CALCULATED) >= 8


@pytest.mark.parametrize(("figure", "measurement", "name"), MEASURED)
def test_a_measured_figure_is_that_of_the_sample(figure: str, measurement: str, name: str) -> None:
    assert number(figure) == pytest.approx(SAMPLE[measurement]["roost"][0][name], rel=0.25)


@pytest.mark.parametrize("row", SIMULATED, ids=lambda row: f"{row[0]} ms, {row[1]}")
def test_a_simulated_figure_is_that_of_the_simulation(row: tuple[str, ...]) -> None:
    commit, under_way, *said = map(number, row)
    rate, batch, p50, p99, busy = at_most(CPU, commit / 1000, int(under_way))
    assert said == pytest.approx([rate, batch, 1000 * p50, 1000 * p99, 100 * busy], rel=0.06)


@pytest.mark.parametrize(("left", "right"), CALCULATED)
def test_what_is_calculated_is_right(left: str, right: str) -> None:
    assert value(left) == pytest.approx(value(right), rel=0.03)


def test_every_measurement_that_is_named_exists() -> None:
    named = re.findall(r"`([a-z]+-[\w-]*\d+|fairness|start|answer|lone-sender|small-room)`", PAGE)
    assert set(named) <= SAMPLE.keys()
