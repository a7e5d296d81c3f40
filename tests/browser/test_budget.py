"""What the first look at the chat costs, where it comes from, and what the page's policy has to say about it."""

from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, arrive, holds

FIRST_LOAD = 150 * 1024
VIOLATIONS = """() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
}"""
INLINE = """() => [
    ...document.querySelectorAll("style, [style]"),
    ...[...document.scripts].filter((each) => !each.src && !["importmap", "application/json"].includes(each.type)),
    ...[...document.querySelectorAll("*")].filter((each) => each.getAttributeNames().some((name) => /^on/.test(name))),
].map((each) => each.outerHTML)"""


class Ledger:
    """What a page asked of the network: the hosts, and the bytes on the wire, headers and all."""

    def __init__(self) -> None:
        self.hosts: set[str] = set()
        self.bytes = 0

    async def watch(self, page: Page) -> None:
        session = await page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", lambda event: self._asked(event["request"]["url"]))
        session.on("Network.webSocketCreated", lambda event: self._asked(event["url"]))
        session.on("Network.loadingFinished", self._got)
        await session.send("Network.enable")
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _asked(self, url: str) -> None:
        self.hosts.add(urlsplit(url).netloc)

    def _got(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


async def test_the_first_load_of_the_chat_is_small_and_from_here_alone(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 60)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic")
    ledger = Ledger()
    await ledger.watch(ada.page)
    await ada.page.add_init_script(f"({VIOLATIONS})()")
    await ada.open("/chat/attic")
    await ada.is_live()
    await ada.say("https://example.org/birds and <b>bold</b> <img src=x onerror=alert(1)>")
    await ada.page.wait_for_load_state("networkidle")
    print(f"first load of the chat: {ledger.bytes / 1024:.1f} KiB")  # noqa: T201  the figure
    assert 20_000 < ledger.bytes < FIRST_LOAD
    assert ledger.hosts == {urlsplit(site.url).netloc}
    assert await ada.page.evaluate("window.violations") == []
    assert await ada.page.evaluate(INLINE) == []


async def test_the_door_asks_nobody_else_either(browser: Browser, site: Site) -> None:
    await site.start()
    visitor = await arrive(browser, site)
    ledger = Ledger()
    await ledger.watch(visitor.page)
    await visitor.page.add_init_script(f"({VIOLATIONS})()")
    for path in ("/", "/rules", "/privacy", "/offline", "/nowhere"):
        await visitor.page.goto(site.url + path)
        assert await visitor.page.evaluate(INLINE) == []
        assert await visitor.page.evaluate("window.violations") == []
    assert ledger.hosts == {urlsplit(site.url).netloc}
    assert visitor.complaints == []


async def test_the_policy_is_in_force(site: Site, newcomer: Newcomer) -> None:
    """Without this the other tests would also pass with no policy at all."""
    await site.start()
    ada = await newcomer("ada_l")
    await ada.page.evaluate(VIOLATIONS)
    await ada.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=https://example.org/x.png>')")
    await holds(ada.page, "window.violations.length > 0")
    assert (await ada.page.evaluate("window.violations"))[0].startswith("img-src https://example.org")
    ada.complaints.clear()
