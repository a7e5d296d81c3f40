"""72,000 messages into one tab, half an hour of a lively room in the shortest time that the tab keeps up with."""

from playwright.async_api import CDPSession

from page.stage import chromium, community
from tests.browser.crowd import TALKATIVE, Speaker, speaker
from tests.browser.site import Site, Visitor, arrive, holds

MESSAGES = 72_000
FIRST = 12_000
AT_ONCE = 400
MIB = 1024 * 1024


async def measure() -> dict[str, float]:
    async with community(TALKATIVE) as site, chromium() as browser:
        await site.start()
        ada = await arrive(browser, site)
        await ada.sign_in("ada_wires", "/chat/general")
        first, last = await heaps(site, ada)
        return {"heap.growth": (last - first) / MIB}


async def heaps(site: Site, visitor: Visitor) -> tuple[float, float]:
    """Bytes of the tab's heap after the first FIRST messages and after all, each after a forced collection."""
    session = await visitor.page.context.new_cdp_session(visitor.page)
    async with speaker(site, "grace", "general") as grace:
        await talk(grace, visitor, FIRST)
        first = await heap(session)
        await talk(grace, visitor, MESSAGES - FIRST)
        return first, await heap(session)


async def talk(grace: Speaker, visitor: Visitor, count: int) -> None:
    """Says so much, never far ahead of what the tab has drawn."""
    for start in range(0, count, AT_ONCE):
        texts = [
            f"{number}: and the wire hums a little when the wind turns" for number in range(start, start + AT_ONCE)
        ]
        await grace.say(*texts)
        await holds(visitor.page, f"document.querySelector('.msg:last-child .text')?.textContent === '{texts[-1]}'")


async def heap(session: CDPSession) -> float:
    await session.send("HeapProfiler.collectGarbage")
    return float((await session.send("Runtime.getHeapUsage"))["usedSize"])
