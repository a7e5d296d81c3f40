"""A run as one picture: for each headline figure a row of dots on a logarithmic scale, for what differs a hundredfold
would leave nothing of the small ones on a plain scale."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

from bench.report import number
from bench.results import Results
from bench.servers import FLOOR, ROOST, SERVERS

WIDTH, LEFT, RIGHT, LINE, GAP = 860, 190, 70, 22, 62
TOP = 86
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #26221c }
.title { font-size: 19px; font-weight: 600 } .head { font-size: 14px; font-weight: 600 }
.small { font-size: 11px; fill: #6d675d }
.roost { fill: #b4491f; font-weight: 600 } .floor { fill: #6d675d } .grid { stroke: #e6e1d8 } .lead { stroke: #d0c9bd }
circle { fill: #4b6a88 } circle.roost { fill: #b4491f } circle.floor { fill: #fff; stroke: #6d675d; stroke-width: 2 }
"""


class Panel(NamedTuple):
    title: str
    measurements: Sequence[str]
    """The first of these that was measured."""
    figure: str


PANELS = (
    Panel("Saturated room of 1,000: CPU microseconds per delivery", ["saturation-1000"], "cpu_us_per_delivery"),
    Panel("20 messages a second to 1,000: CPU microseconds per delivery", ["rate-20"], "cpu_us_per_delivery"),
    Panel("20 messages a second to 1,000: p99 in milliseconds", ["rate-20"], "latency_p99_ms"),
    Panel("300 messages a second to 1,000: p99 in milliseconds", ["rate-300"], "latency_p99_ms"),
    Panel("Room of four: CPU microseconds per message", ["small-room"], "cpu_us_per_message"),
    Panel("An idle connection: KiB", ["idle-10000", "idle-1000"], "kib_per_connection"),
    Panel("Coming in: CPU microseconds", ["connect-2000", "connect-200"], "cpu_us_per_connection"),
)


def draw(results: Results) -> str:
    """An SVG picture."""
    y, parts = TOP, []
    for panel in PANELS:
        rows = ranked(results, panel)
        if rows:
            parts.append(f'<g transform="translate(0 {y})">{drawn(panel.title, rows)}</g>')
            y += GAP + LINE * len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}">'
        f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fffdf9"/>'
        '<text class="title" x="20" y="30">Roost beside other servers: further left is better</text>'
        f'<text class="small" x="20" y="48">{escape(f"{results.machine}; {results.began}; logarithmic scales")}</text>'
        f"{''.join(parts)}</svg>\n"
    )


def ranked(results: Results, panel: Panel) -> list[tuple[str, float]]:
    """Peers with their figure, the least first."""
    for measurement in panel.measurements:
        known = [(peer, results.median(measurement, peer, panel.figure)) for peer in SERVERS]
        rows = [(peer, value) for peer, value in known if value is not None and value > 0]
        if rows:
            return sorted(rows, key=lambda row: row[1])
    return []


def drawn(title: str, rows: Sequence[tuple[str, float]]) -> str:
    lowest, highest = floor(log10(rows[0][1])), ceil(log10(rows[-1][1]) + 1e-9)

    def place(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (log10(value) - lowest) / (highest - lowest)

    grid = "".join(tick(place(10.0**power), 10.0**power, len(rows)) for power in range(lowest, highest + 1))
    dots = "".join(dot(peer, value, place(value), LINE * index + LINE) for index, (peer, value) in enumerate(rows))
    return f'<text class="head" x="20" y="0">{escape(title)}</text>{grid}{dots}'


def tick(x: float, value: float, rows: int) -> str:
    bottom = LINE * rows + LINE / 2
    return (
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="8" y2="{bottom}"/>'
        f'<text class="small" x="{x:.1f}" y="{bottom + 12}" text-anchor="middle">{value:g}</text>'
    )


def dot(peer: str, value: float, x: float, y: float) -> str:
    kind = {ROOST.name: "roost", FLOOR.name: "floor"}.get(peer, "")
    return (
        f'<text class="{kind}" x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(SERVERS[peer].title)}</text>'
        f'<line class="lead" x1="{LEFT}" x2="{x:.1f}" y1="{y}" y2="{y}"/>'
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y}" r="5"/>'
        f'<text class="{kind}" x="{x + 10:.1f}" y="{y + 4}">{number(value)}</text>'
    )
