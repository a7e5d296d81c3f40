"""A run as a table of text for each measurement."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from bench import plan
from bench.figures import fit_line
from bench.modes.talk import keeps_up
from bench.plan import Measurement
from bench.results import Results
from bench.servers import FLOOR, NODE_WS, SERVERS
from bench.targets import shown

NOISY = 0.1
"""Of one core, taken by others: beyond, a figure is marked."""
LIMIT = 0.9
"""Of one core: who is this busy is the limit."""


class Column(NamedTuple):
    head: str
    figure: str


CPU = Column("CPU us/delivery", "cpu_us_per_delivery")
PER_MESSAGE = Column("CPU us/message", "cpu_us_per_message")
RATES = (Column("deliveries/s", "deliveries_per_second"), Column("messages/s", "messages_per_second"))
LATENCY = (Column("p50 ms", "latency_p50_ms"), Column("p99 ms", "latency_p99_ms"))
ANSWER = (Column("answer p50", "answer_p50_ms"), Column("answer p99", "answer_p99_ms"))
COLUMNS: dict[str, Sequence[Column]] = {
    "saturation": (CPU, *RATES, *LATENCY),
    "rate": (CPU, *RATES[1:], *LATENCY, *ANSWER),
    "growth": (CPU, PER_MESSAGE, *LATENCY),
    "small_room": (PER_MESSAGE, *RATES[1:], *LATENCY, *ANSWER),
    "lone_sender": (PER_MESSAGE, *RATES[1:], *LATENCY, *ANSWER),
    "idle": (
        Column("KiB/connection", "kib_per_connection"),
        Column("after traffic", "kib_after_traffic"),
        Column("after return", "kib_after_return"),
        Column("base MiB", "base_mib"),
    ),
    "connect": (
        Column("CPU us/connection", "cpu_us_per_connection"),
        Column("connections/s", "connections_per_second"),
        Column("p50 ms", "join_p50_ms"),
        Column("p99 ms", "join_p99_ms"),
    ),
    "comeback": (
        Column("CPU us/connection", "cpu_us_per_connection"),
        Column("s until all live", "seconds_until_all_live"),
        Column("p50 s", "join_p50_seconds"),
        Column("private MiB", "private_mib"),
    ),
    "start": (
        Column("s until listening", "listening_seconds"),
        Column("s until ready", "ready_seconds"),
        Column("resident MiB", "resident_mib"),
        Column("private MiB", "private_mib"),
    ),
    "fairness": (
        Column("pairs p50 ms", "beside_p50_ms"),
        Column("pairs p99 ms", "beside_p99_ms"),
        Column("alone p50 ms", "alone_p50_ms"),
        Column("alone p99 ms", "alone_p99_ms"),
        Column("crowd p50 ms", "crowd_p50_ms"),
        Column("crowd p99 ms", "crowd_p99_ms"),
    ),
}
"""By the name of the mode. Rows are sorted by the first column, which the ratios are of."""
DEAREST = Column("dearer process", "cpu_us_of_dearest")
SHARES = (Column("server busy", "server_busy"), Column("beside busy", "beside_busy"))


def write(results: Results) -> str:
    """The whole report."""
    known = {each.name: each for each in [*plan.short(), *plan.full()]}
    parts = [head(results), targets(results)]
    parts += [table(results, known[name]) for name in results.figures]
    parts += [growth(results), *map("Left out. {}".format, results.left_out)]
    parts += map("Went wrong. {}".format, results.failures)
    return "\n\n".join(filter(None, parts)) + "\n"


def head(results: Results) -> str:
    return (
        f"Roost {results.commit} and its peers, {results.began}\n{results.machine}\n"
        "One core for the server, one for the load. Medians; in brackets the least and the most of the repetitions.\n"
        "Every delivery was verified: none missing, doubled, out of order or altered.\n"
        f"~ other work on this machine took more than {NOISY:.0%} of a core: trust the ratios, not the milliseconds."
    )


def targets(results: Results) -> str:
    rows = [
        [target.name, target.what, number(value), bound(target.most, target.least), "met" if met else "MISSED"]
        for target, value, met in shown(results)
    ]
    return "Roost's targets\n" + aligned([["", "", "figure", "target", ""], *rows]) if rows else ""


def table(results: Results, measurement: Measurement) -> str:
    columns = COLUMNS[measurement.mode.__name__]
    first = columns[0].figure
    peers = sorted(
        (
            peer
            for peer in results.figures[measurement.name]
            if results.median(measurement.name, peer, first) is not None
        ),
        key=lambda peer: results.median(measurement.name, peer, first) or 0.0,
    )
    if any(SERVERS[peer].processes > 1 for peer in peers):
        columns = [*columns, DEAREST]
    shares = [share for share in SHARES if any(results.median(measurement.name, peer, share.figure) for peer in peers)]
    heads = [
        "",
        columns[0].head,
        "",
        "x floor",
        "x Node ws",
        *(column.head for column in [*columns[1:], *shares]),
        "",
    ]
    rows = [row(results, measurement, peer, columns, shares) for peer in peers]
    return measurement.title + "\n" + aligned([heads, *rows])


def row(
    results: Results, measurement: Measurement, peer: str, columns: Sequence[Column], shares: Sequence[Column]
) -> list[str]:
    def middle(figure: str) -> float | None:
        return results.median(measurement.name, peer, figure)

    first = columns[0].figure
    between = results.range(measurement.name, peer, first)
    return [
        SERVERS[peer].title,
        number(middle(first)),
        f"({number(between[0])}-{number(between[1])})" if between and between[0] != between[1] else "",
        number(results.ratio(measurement.name, peer, FLOOR.name, first)),
        number(results.ratio(measurement.name, peer, NODE_WS.name, first)),
        *(number(middle(column.figure)) for column in columns[1:]),
        *(share(middle(column.figure) or None) for column in shares),
        "; ".join(remarks(measurement, middle)),
    ]


def remarks(measurement: Measurement, middle: Callable[[str], float | None]) -> Iterable[str]:
    """What a reader must know before believing the row."""
    if (middle("others_busy") or 0.0) > NOISY:
        yield "~"
    if (middle("generator_busy") or 0.0) > LIMIT and (middle("server_busy") or 0.0) < LIMIT:
        yield "the generator was the limit"
    reached, seconds = middle("messages_per_second"), middle("seconds")
    if "rate" in measurement.numbers and reached is not None:
        phase = {"messages_per_second": reached, "seconds": seconds or 1.0}
        if not keeps_up(measurement.numbers["rate"], phase):
            yield "fell behind"


def growth(results: Results) -> str:
    """CPU per lone message = a + b x members."""
    rows = []
    for peer in SERVERS:
        sizes = [
            (size, results.median(f"growth-{size}", peer, PER_MESSAGE.figure)) for size in (10, 100, 1_000, 10_000)
        ]
        points = [(float(size), cost) for size, cost in sizes if cost]
        if len(points) > 1:
            a, b = fit_line(points)
            rows.append([SERVERS[peer].title, number(a), number(b), *(number(cost) for _, cost in sizes)])
    heads = ["", "a us", "b us/member", "10", "100", "1,000", "10,000"]
    return "CPU of a lone message = a + b x members\n" + aligned([heads, *rows]) if rows else ""


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell: the first to the left, figures to the right, remarks to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell.ljust(width) if index in {0, len(cells) - 1} else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        for cells in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def number(value: float | None) -> str:
    """Three figures that matter, thousands apart."""
    if value is None:
        return "-"
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{decimals}f}"


def share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def bound(most: float | None, least: float | None) -> str:
    return f"<= {number(most)}" if most is not None else f">= {number(least)}"
