"""What the page's main thread was busy with, from a trace of Chromium."""

import json
from bisect import bisect_left
from dataclasses import dataclass
from typing import Self

from playwright.async_api import Browser, Page

CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]
KEY = {"keydown", "rawKeyDown"}
MILLISECOND = 1_000
"""In the units of a trace."""


@dataclass
class Event:
    name: str
    start: float
    length: float
    work: float
    """Of the length, what the thread had a processor for: on a busy machine it waits for one."""
    about: str = ""

    @property
    def end(self) -> float:
        return self.start + self.length


class Tracing:
    """`async with` traces the page; `keys` is read afterwards."""

    def __init__(self, browser: Browser, page: Page) -> None:
        self._browser = browser
        self._page = page

    async def __aenter__(self) -> Self:
        await self._browser.start_tracing(page=self._page, categories=CATEGORIES)
        return self

    async def __aexit__(self, *failure: object) -> None:
        self._events = main_thread(json.loads(await self._browser.stop_tracing()))

    def keys(self) -> list[float]:
        """Milliseconds that the main thread worked, for each key that was pressed, from its event until what it did was
        handed over to be seen, whatever the work was for."""
        tasks = sorted((each for each in self._events if each.name == "RunTask"), key=lambda each: each.start)
        commits = sorted(each.end for each in self._events if each.name == "Commit")
        pressed = sorted(each.start for each in self._events if each.name == "EventDispatch" and each.about in KEY)
        spans = [(start, commits[bisect_left(commits, start)]) for start in pressed if start < commits[-1]]
        return [busy(tasks, *span) / MILLISECOND for span in spans]


def main_thread(trace: dict[str, list[dict[str, object]]]) -> list[Event]:
    """The events of the thread on which keys were pressed."""
    events = trace["traceEvents"]
    (thread,) = {
        (event["pid"], event["tid"]) for event in events if event["name"] == "EventDispatch" and about(event) in KEY
    }
    return [
        Event(str(event["name"]), number(event, "ts"), number(event, "dur"), number(event, "tdur"), about(event))
        for event in events
        if (event["pid"], event["tid"]) == thread and event["ph"] == "X"
    ]


def number(event: dict[str, object], key: str) -> float:
    return float(str(event.get(key, 0)))


def about(event: dict[str, object]) -> str:
    arguments = event.get("args")
    data = arguments.get("data") if isinstance(arguments, dict) else None
    return str(data.get("type", "")) if isinstance(data, dict) else ""


def busy(tasks: list[Event], start: float, end: float) -> float:
    """What the tasks of a span worked; they do not overlap each other."""
    shares = ((task, min(task.end, end) - max(task.start, start)) for task in tasks)
    return sum(task.work * share / task.length for task, share in shares if share > 0)
