"""From the press of a room's link to its messages on the screen."""

from statistics import median

from page.stage import chromium, community
from tests.browser.site import arrive

ROOMS = 8
ROUNDS = 5
# To the frame after the one in which the room's last message is there.
SWITCH = """async (slug) => {
    const { app } = await import("roost/core/app.js");
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const link = document.querySelector(`[data-room="${slug}"]`);
    const { id } = app.store.roomBySlug(slug);
    const start = performance.now();
    link.click();
    const last = () => document.querySelector(`.msg[data-number="${app.store.room(id).number}"]`);
    const drawn = () => app.place.room === id && last();
    while (!drawn()) await frame();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - start;
}"""


async def measure() -> dict[str, float]:
    async with community() as site, chromium() as browser:
        slugs = [f"room-{number}" for number in range(ROOMS)]
        for slug in slugs:
            await site.import_history(slug, 300, f"{slug} {{}}".format)
        await site.start()
        ada = await arrive(browser, site, viewport={"width": 1440, "height": 900})
        await ada.sign_in("ada_wires", "/chat/general")
        cold = [float(await ada.page.evaluate(SWITCH, slug)) for slug in slugs]
        seen = [float(await ada.page.evaluate(SWITCH, slug)) for _ in range(ROUNDS) for slug in slugs]
        return {"switch.cold": median(cold), "switch.seen": median(seen)}
