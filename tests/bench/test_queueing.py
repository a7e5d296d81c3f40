import json
from itertools import pairwise
from pathlib import Path

import pytest

from bench.queueing import CPU, Outcome, at_most, at_rate

SAMPLE = json.loads((Path(__file__).parents[2] / "bench" / "results" / "sample.json").read_text())["figures"]
DISK = 0.0003
"""Seconds."""


def measured(name: str) -> tuple[float, Outcome]:
    """Seconds of processor time of a message, and what came of it."""
    (figures, *_) = SAMPLE[name]["roost"]
    waits = (figures["answer_p50_ms"] / 1000, figures["answer_p99_ms"] / 1000)
    outcome = Outcome(figures["messages_per_second"], 0.0, *waits, figures["server_busy"])
    return figures["cpu_us_per_message"] / 1e6, outcome


def test_what_was_measured_in_calm_foretells_what_was_measured_under_load() -> None:
    """Of a calm server's answer, what is not processor time is the commit. With that number alone the simulation meets
    a sender with 16 under way, whose messages share commits."""
    cpu, calm = measured("answer")
    commit = calm.p50 - cpu
    cpu, seen = measured("lone-sender")
    foretold = at_most(cpu, commit, 16)
    assert foretold.rate == pytest.approx(seen.rate, rel=0.3)
    assert foretold.busy == pytest.approx(seen.busy, rel=0.3)
    assert foretold.p50 == pytest.approx(seen.p50, rel=0.3)
    assert seen.p99 / 2 < foretold.p99 < 2 * seen.p99


def test_a_lone_message_waits_for_its_own_commit_and_no_other() -> None:
    calm = at_rate(CPU, 0.001, 10, 2_000)
    assert calm.p50 == pytest.approx(0.001 + CPU, rel=0.01)
    assert calm.batch < 1.1


def test_nothing_is_lost_or_answered_before_it_was_sent() -> None:
    outcome = at_most(CPU, DISK, 64, 5_000)
    assert outcome.p99 >= outcome.p50 >= CPU + DISK
    assert 0 < outcome.busy <= 1


def test_who_has_many_under_way_hides_a_slow_commit() -> None:
    """With few, ten times the commit is a tenth of the messages; with many it costs little, and the processor is the
    limit."""
    few = [at_most(CPU, commit, 64).rate for commit in (0.001, 0.01)]
    many = [at_most(CPU, commit, 4_000, 100_000).rate for commit in (0.001, 0.01)]
    assert few[0] / few[1] > 5
    assert many[0] / many[1] < 1.6
    assert many[0] < 1 / CPU


def test_the_wait_grows_with_the_load_and_steeply_at_the_end() -> None:
    waits = [at_rate(CPU, DISK, rate).p50 for rate in (1_000, 20_000, 34_000)]
    assert all(later > earlier for earlier, later in pairwise(waits))
    assert waits[2] > 2 * waits[1]
