"""What the page costs beside what it may cost (docs/page.md): a line for each figure, and a failure at the end."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from page import blocking, keys, lighthouse, memory, switching

Measure = Callable[[], Awaitable[dict[str, float]]]


@dataclass(frozen=True)
class Target:
    text: str
    bound: float
    at_least: bool = False
    unit: str = ""

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


TARGETS = {
    **{
        f"{page}.{category}": Target(f"Lighthouse, {page}: {category}", bound, at_least=True)
        for page in ("sign-in", "chat")
        for category, bound in (("performance", 98), ("accessibility", 100), ("best-practices", 100))
    },
    "blocking": Target("total blocking time of the first load, processor 4 times slower", 100, unit="ms"),
    "key.median": Target("work for a key, 50 messages a second arriving: median", 8, unit="ms"),
    "key.p95": Target("the same: 95 of 100", 16, unit="ms"),
    "switch.seen": Target("to a room that was seen before: median", 100, unit="ms"),
    "switch.cold": Target("to a room for the first time: median", 300, unit="ms"),
    "heap.growth": Target("heap after 72,000 messages, above that after 12,000", 2, unit="MiB"),
}
PARTS: dict[str, Measure] = {
    "lighthouse": lighthouse.measure,
    "blocking": blocking.measure,
    "keys": keys.measure,
    "switching": switching.measure,
    "memory": memory.measure,
}


async def measure() -> None:
    """Prints a table in Markdown; exits with 1 when a target is missed."""
    figures: dict[str, float] = {}
    for name, part in PARTS.items():
        print(f"measuring: {name}", file=sys.stderr)
        figures |= await part()
    print("| | target | measured |\n| --- | --- | --- |")
    for name, target in TARGETS.items():
        sign = "≥" if target.at_least else "≤"
        print(f"| {target.text} | {sign} {target.bound:g} {target.unit} | {figures[name]:.4g} {target.unit} |")
    missed = [name for name, target in TARGETS.items() if not target.met(figures[name])]
    if missed:
        raise SystemExit(f"missed: {', '.join(missed)}")
