"""Typing while a room is lively: 300 messages in the document, 1,000 in memory, 50 a second arriving."""

import asyncio
from statistics import median, quantiles

from page.stage import chromium, community
from tests.browser.crowd import TALKATIVE, speaker
from tests.browser.site import Visitor, arrive, holds
from tests.browser.trace import Tracing

A_SECOND = 50
KEYS = 120
PRESSED_EVERY = 80
"""Milliseconds; a fast typist's."""


async def measure() -> dict[str, float]:
    async with community(TALKATIVE) as site, chromium() as browser:
        await site.import_history("attic", 2_000)
        await site.start()
        ada = await arrive(browser, site, viewport={"width": 1440, "height": 900})
        await ada.sign_in("ada_wires", "/chat/attic")
        await fill_memory(ada)
        async with speaker(site, "grace", "attic") as grace:
            talking = asyncio.create_task(grace.say_often(A_SECOND))
            await holds(ada.page, "document.querySelectorAll('.msg').length >= 300")
            async with Tracing(browser, ada.page) as trace:
                await ada.composer.focus()
                await ada.page.keyboard.type("the wire hums " * (KEYS // 14 + 1), delay=PRESSED_EVERY)
            talking.cancel()
        work = trace.keys()
        return {"key.median": median(work), "key.p95": quantiles(work, n=20)[-1]}


async def fill_memory(visitor: Visitor) -> None:
    """Loads history until 1,000 messages are there, and returns to the end."""
    await visitor.page.evaluate("""async () => {
        const { app } = await import("roost/core/app.js");
        const room = app.store.room(app.place.room);
        for (let last = room.tail; last > room.tail - 1000; last -= 50) await app.live.load(room.id, { before: last });
    }""")
