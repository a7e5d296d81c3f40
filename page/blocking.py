"""The first load of the chat on a processor four times slower: how long nothing else could be done."""

import json
from statistics import median
from typing import Any

from playwright.async_api import Browser

from page.stage import chromium, community
from tests.browser.site import Visitor, arrive
from tests.browser.stage import import_story

RUNS = 5
SLOWER = 4
LONG = 50.0
"""Milliseconds. Total blocking time: what tasks take beyond that, from the first paint on (web.dev/tbt)."""
CATEGORIES = ["toplevel", "loading"]
TASK, PAINTED = "ThreadControllerImpl::RunTask", "firstContentfulPaint"
OURS = "blink.mojom.DevToolsSession"
"""Tasks in which the browser does what this program asks it to; nobody else's page has them."""

Event = dict[str, Any]


async def measure() -> dict[str, float]:
    async with community() as site, chromium() as browser:
        await import_story(site)
        await site.import_history("attic", 200)
        await site.start()
        blocked = []
        for _ in range(RUNS):
            ada = await arrive(browser, site, viewport={"width": 390, "height": 844})
            await ada.enter("ada_wires")
            await ada.page.goto(f"{site.url}/welcome")
            blocked.append(blocking_time(await first_load(browser, ada)))
            await ada.page.context.close()
        return {"blocking": median(blocked)}


async def first_load(browser: Browser, ada: Visitor) -> list[Event]:
    """What the browser noted (the Trace Event Format) until the page was at rest."""
    await browser.start_tracing(page=ada.page, categories=CATEGORIES)
    await ada.open("/chat/attic")
    await ada.is_live()
    await ada.page.wait_for_load_state("networkidle")
    events: list[Event] = json.loads(await browser.stop_tracing())["traceEvents"]
    return events


def blocking_time(events: list[Event]) -> float:
    """Of the page's main thread, in milliseconds of processor time, times SLOWER: what else the machine does meanwhile
    is not the page's."""
    painted = next(event for event in reversed(events) if event["name"] == PAINTED)
    ours = [event for event in events if event["pid"] == painted["pid"] and event["tid"] == painted["tid"]]
    asked = [event["ts"] for event in ours if OURS in json.dumps(event.get("args", {}))]
    # Chromium notes no processor time for some of the shortest.
    timed = [event for event in ours if event["name"] == TASK and "tdur" in event]
    tasks = [event for event in timed if end_of(event) > painted["ts"]]
    own = [task for task in tasks if not any(task["ts"] <= at <= end_of(task) for at in asked)]
    return sum(max(0.0, float(task["tdur"]) / 1000 * SLOWER - LONG) for task in own)


def end_of(task: Event) -> float:
    return float(task["ts"]) + float(task["dur"])
