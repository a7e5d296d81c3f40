"""What Roost has set itself, and whether a run has shown it."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from bench.results import Results
from bench.servers import EVENTS, EVENTS_DOWN, FLOOR, ON_NOTIFY, ON_REDIS, OVER_TCP, POSTGRES, ROOST


class Target(NamedTuple):
    """`figure` of `measurement` is at most, or at least, so much, for the peer that it is `of`; `against`: that many
    times that peer's figure; `above`: that much more than that peer's."""

    name: str
    what: str
    measurement: str
    figure: str
    most: float | None = None
    least: float | None = None
    of: str = ROOST.name
    against: str | None = None
    above: str | None = None


class Shown(NamedTuple):
    target: Target
    value: float
    met: bool


ON_POSTGRES = partial(Target, "P8", of=POSTGRES.name)
OVER_EVENTS = partial(Target, "P12", most=1.2, of=EVENTS.name, against=ROOST.name)
"""Times the figure over WebSocket."""
BY_TCP = partial(Target, "tcp", most=1.0, of=OVER_TCP.name, against=ROOST.name)
"""The same."""


def of_two(bus: str, two: str) -> Iterable[Target]:
    """Of two processes, against one on the same database."""
    dearer = partial(Target, "two", figure="cpu_us_of_dearest", most=1.1, of=two, against=POSTGRES.name)
    yield dearer(f"{bus}, 20/s: CPU of the dearer, times one's", "rate-20")
    yield dearer(f"{bus}, 1,000: CPU of the dearer, times one's", "saturation-1000")
    what = f"{bus}, 20/s: p99 ms more from one to the other"
    yield Target("two", what, "rate-20", "latency_p99_ms", most=20, of=two, above=POSTGRES.name)


TARGETS = (
    Target("P1", "1,000: CPU us per delivery", "saturation-1000", "cpu_us_per_delivery", most=0.9),
    Target("P1", "1,000: deliveries a second", "saturation-1000", "deliveries_per_second", least=1_000_000),
    Target("P1", "100: CPU us per delivery", "saturation-100", "cpu_us_per_delivery", most=1.2),
    Target("P1", "100: deliveries a second", "saturation-100", "deliveries_per_second", least=800_000),
    Target("P2", "20/s: CPU, times the floor's", "rate-20", "cpu_us_per_delivery", most=1.45, against=FLOOR.name),
    Target("P2", "20/s: p50, times the floor's", "rate-20", "latency_p50_ms", most=1.5, against=FLOOR.name),
    Target("P2", "20/s: p99, times the floor's", "rate-20", "latency_p99_ms", most=2.0, against=FLOOR.name),
    Target("P3", "300/s: p99 ms", "rate-300", "latency_p99_ms", most=90),
    Target("P3", "100/s: p99 ms", "rate-100", "latency_p99_ms", most=60),
    Target("P4", "200/s: p50 ms to the answer", "answer", "answer_p50_ms", most=2),
    Target("P4", "200/s: p99 ms to the answer", "answer", "answer_p99_ms", most=10),
    Target("P4", "room of 4: durable messages a second", "small-room", "messages_per_second", least=40_000),
    Target("P5", "room of 4: CPU us per message", "small-room", "cpu_us_per_message", most=25),
    Target("P5", "alone: CPU us per message", "lone-sender", "cpu_us_per_message", most=55),
    Target("P6", "KiB per idle connection", "idle-10000", "kib_per_connection", most=6),
    Target("P6", "after traffic", "idle-10000", "kib_after_traffic", most=6),
    Target("P6", "after all left and came back", "idle-10000", "kib_after_return", most=6),
    Target("P7", "CPU us to come in", "connect-2000", "cpu_us_per_connection", most=900),
    Target("P7", "seconds until 10,000 are back", "comeback-10000", "seconds_until_all_live", most=15),
    Target("P10", "seconds until it listens", "start", "listening_seconds", most=2),
    Target("P10", "MiB resident at rest", "start", "resident_mib", most=90),
    Target("P11", "p99 ms in rooms of 2 beside 10,000", "fairness", "beside_p99_ms", most=25),
    ON_POSTGRES("256 under way: durable messages a second", "small-room-256", "messages_per_second", least=20_000),
    ON_POSTGRES("200/s: p50 ms more to the answer", "answer", "answer_p50_ms", most=3, above=ROOST.name),
    ON_POSTGRES("1,000: CPU us per delivery", "saturation-1000", "cpu_us_per_delivery", most=0.9),
    ON_POSTGRES("1,000: deliveries a second", "saturation-1000", "deliveries_per_second", least=1_000_000),
    ON_POSTGRES("20/s: CPU, times the floor's", "rate-20", "cpu_us_per_delivery", most=1.45, against=FLOOR.name),
    OVER_EVENTS("1,000, events down: CPU", "saturation-1000", "cpu_us_per_delivery", of=EVENTS_DOWN.name),
    OVER_EVENTS("1,000, commands by POST, too: CPU", "saturation-1000", "cpu_us_per_delivery"),
    OVER_EVENTS("20/s, commands by POST, too: CPU", "rate-20", "cpu_us_per_delivery"),
    OVER_EVENTS("20/s, commands by POST, too: p99", "rate-20", "latency_p99_ms"),
    OVER_EVENTS("memory of an idle connection", "idle-10000", "kib_per_connection"),
    BY_TCP("1,000, over TCP: CPU", "saturation-1000", "cpu_us_per_delivery"),
    BY_TCP("20/s, over TCP: CPU", "rate-20", "cpu_us_per_delivery"),
    BY_TCP("memory of an idle connection, over TCP", "idle-10000", "kib_per_connection"),
    *of_two("NOTIFY", ON_NOTIFY.name),
    *of_two("Redis", ON_REDIS.name),
)
GROWTH = Target("P9", "10,000: CPU, times that at 1,000", "growth-10000", "cpu_us_per_delivery", most=2)


def shown(results: Results) -> list[Shown]:
    """Those targets that this run has a figure for."""
    values = [(target, value_of(results, target)) for target in TARGETS]
    return [judged(target, value) for target, value in [*values, (GROWTH, growth(results))] if value is not None]


def value_of(results: Results, target: Target) -> float | None:
    if target.against is not None:
        return results.ratio(target.measurement, target.of, target.against, target.figure)
    if target.above is not None:
        return results.added(target.measurement, target.of, target.above, target.figure)
    return results.median(target.measurement, target.of, target.figure)


def growth(results: Results) -> float | None:
    many, few = (results.median(f"growth-{size}", ROOST.name, GROWTH.figure) for size in (10_000, 1_000))
    return many / few if many and few else None


def judged(target: Target, value: float) -> Shown:
    met = (target.most is None or value <= target.most) and (target.least is None or value >= target.least)
    return Shown(target, value, met)
