"""Lighthouse, by npx and Debian's chromium: the median of five runs on the sign-in page and in the chat."""

import asyncio
import json
import tempfile
from pathlib import Path
from statistics import median

from page.programs import need
from page.stage import community, profile
from stores import free_port
from tests.browser.site import Visitor
from tests.browser.stage import import_story

VERSION = "12"
RUNS = 5
CATEGORIES = ("performance", "accessibility", "best-practices")


async def measure() -> dict[str, float]:
    need(npx="npm")
    port = free_port()
    figures: dict[str, float] = {}
    async with community() as site, profile(f"--remote-debugging-port={port}") as context:
        await import_story(site)
        await site.start()
        figures |= await medians(port, "sign-in", f"{site.url}/")
        await Visitor(await context.new_page(), site, []).sign_in("ada_wires", "/chat/tide-sensors")
        figures |= await medians(port, "chat", f"{site.url}/chat/tide-sensors")
    return figures


async def medians(port: int, page: str, url: str) -> dict[str, float]:
    scores = [await scored(port, url) for _ in range(RUNS)]
    return {f"{page}.{category}": median(each[category] for each in scores) for category in CATEGORIES}


async def scored(port: int, url: str) -> dict[str, float]:
    """One run's scores, of 100."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        process = await asyncio.create_subprocess_exec(
            "npx", "--yes", f"lighthouse@{VERSION}", url, f"--port={port}", "--disable-storage-reset", "--quiet",
            f"--only-categories={','.join(CATEGORIES)}", "--output=json", f"--output-path={report}",
        )  # fmt: skip
        assert await process.wait() == 0
        categories = json.loads(report.read_text())["categories"]
    return {name: 100 * categories[name]["score"] for name in CATEGORIES}
