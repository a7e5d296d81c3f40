import re
from xml.etree import ElementTree as ET

import pytest

from bench.chart import draw
from bench.report import aligned, number, write
from bench.results import Results
from bench.targets import shown


@pytest.fixture
def results() -> Results:
    """Three repetitions, in the second of which the machine was twice as slow for everybody."""
    results = Results("a machine", "abc1234", "2026-11-24T06:00:00+00:00", ["ngIRCd is left out: it is not here."])
    for slower in (1.0, 2.0, 1.1):
        for peer, cost in (("roost", 0.6), ("epoll", 0.3), ("node-ws", 6.0)):
            figures = {"cpu_us_per_delivery": cost * slower, "deliveries_per_second": 1e6 / cost, "server_busy": 1.0}
            results.add("saturation-1000", peer, figures)
        for peer, cost, wait in (("roost-postgres", 7.0, 5.0), ("roost-2-redis", 7.7, 20.0)):
            figures = {"cpu_us_per_delivery": cost * slower, "latency_p99_ms": wait + slower, "beside_busy": 0.04}
            results.add("rate-20", peer, figures | {"cpu_us_of_dearest": cost * slower + 0.1})
    for size, cost in ((10, 110.0), (1_000, 1_100.0)):
        results.add(f"growth-{size}", "roost", {"cpu_us_per_delivery": cost / size, "cpu_us_per_message": cost})
    results.add("rate-300", "node-ws", {"cpu_us_per_delivery": 9.0, "messages_per_second": 200.0, "others_busy": 0.5})
    results.add("rate-300", "roost", "Unexpected: 3 members lacked messages")
    return results


def line_of(report: str, title: str, peer: str) -> str:
    after = report[report.index(title) :].splitlines()
    return next(line for line in after if line.startswith(peer))


def test_the_cheapest_comes_first_with_median_range_and_ratios(results: Results) -> None:
    report = write(results)
    rows = report[report.index("Saturated room") :].splitlines()[2:5]
    assert [row.split("  ")[0] for row in rows] == ["bare epoll loop (floor)", "Roost", "Node ws"]
    words = line_of(report, "Saturated room", "Roost").split()
    assert words[:5] == ["Roost", "0.66", "(0.60-1.20)", "2.00", "0.10"]


def test_a_ratio_is_not_moved_by_a_slow_minute(results: Results) -> None:
    assert results.ratio("saturation-1000", "roost", "epoll", "cpu_us_per_delivery") == pytest.approx(2.0)


def test_who_fell_behind_and_who_was_disturbed_is_said(results: Results) -> None:
    line = line_of(write(results), "300 messages a second", "Node ws")
    assert line.endswith("~; fell behind")


def test_what_went_wrong_and_what_was_left_out_is_said(results: Results) -> None:
    report = write(results)
    assert "Went wrong. rate-300, roost: Unexpected: 3 members lacked messages" in report
    assert "Left out. ngIRCd is left out: it is not here." in report


def test_growth_is_a_line(results: Results) -> None:
    assert line_of(write(results), "a + b x members", "Roost").split()[1:3] == ["100", "1.00"]


def test_a_target_is_met_or_missed_and_one_without_a_figure_is_not_claimed(results: Results) -> None:
    judged = {(each.target.what, each.met) for each in shown(results)}
    assert ("1,000: CPU us per delivery", True) in judged
    assert not any(what.startswith("300/s") for what, _ in judged)


def test_two_processes_are_judged_by_the_dearer_against_one(results: Results) -> None:
    judged = {each.target.what: each for each in shown(results)}
    assert judged["Redis, 20/s: CPU of the dearer, times one's"].value == pytest.approx(1.1, abs=0.03)
    assert judged["Redis, 20/s: p99 ms more from one to the other"].value == pytest.approx(15)
    assert judged["Redis, 20/s: p99 ms more from one to the other"].met


def test_columns_that_say_nothing_are_left_out(results: Results) -> None:
    report = write(results)
    heads = {title: line_of(report, title, " ") for title in ("Saturated room", "20 messages a second")}
    assert "server busy" in heads["Saturated room"]
    assert not {"dearer process", "beside busy"} & set(re.split(" {2,}", heads["Saturated room"]))
    assert {"dearer process", "beside busy"} <= set(re.split(" {2,}", heads["20 messages a second"]))


def test_the_chart_is_svg_and_names_those_it_shows(results: Results) -> None:
    picture = ET.fromstring(draw(results))  # noqa: S314  our own
    texts = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Roost", "Node ws", "bare epoll loop (floor)", "0.66"} <= texts


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "-"), (0.614, "0.61"), (12.34, "12.3"), (1_234_567.8, "1,234,568"), (0.0, "0.00")]
)
def test_a_number_has_three_figures_that_matter(value: float | None, shown: str) -> None:
    assert number(value) == shown


def test_figures_stand_to_the_right() -> None:
    assert aligned([["", "a", ""], ["x", "1,000", "why"]]) == "       a\nx  1,000  why"
