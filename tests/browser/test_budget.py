"""What the first look at the chat costs, where it comes from, and what the page's policy has to say about it."""

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Route

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, arrive, holds

FIRST_LOAD, ITS_SCRIPTS = 120 * 1024, 60 * 1024
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


@pytest.fixture
def service_workers() -> str:
    return "allow"


class Ledger:
    """What a page asked of the network: the hosts. And the bytes that came, packed, of each path."""

    def __init__(self) -> None:
        self.hosts: set[str] = set()
        self.bytes: Counter[str] = Counter()
        self._paths: dict[str, str] = {}

    async def watch(self, page: Page) -> None:
        session = await page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", lambda event: self._asked(event["request"]["url"], event["requestId"]))
        session.on("Network.dataReceived", self._got)
        session.on("Network.webSocketCreated", lambda event: self._asked(event["url"]))
        await session.send("Network.enable")
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def of_scripts(self) -> int:
        return sum(count for path, count in self.bytes.items() if path.endswith(".js"))

    def _asked(self, url: str, request: str = "") -> None:
        self.hosts.add(urlsplit(url).netloc)
        self._paths[request] = urlsplit(url).path

    def _got(self, event: dict[str, Any]) -> None:
        # Of what was asked before we watched nobody knows the path.
        self.bytes[self._paths.get(event["requestId"], "")] += int(event["encodedDataLength"])


async def test_the_first_load_of_the_chat_is_small_and_from_here_alone(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 60)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic")
    ledger = Ledger()
    await ledger.watch(ada.page)
    await ada.page.add_init_script(f"({VIOLATIONS})()")
    await ada.open("/chat/attic")
    await ada.is_live()
    # What may be opened is fetched two seconds later, when nobody waits for it.
    await ada.page.wait_for_load_state("networkidle")
    scripts, everything = ledger.of_scripts(), ledger.bytes.total()
    await ada.say("https://example.org/birds and <b>bold</b> <img src=x onerror=alert(1)>")
    await ada.page.wait_for_load_state("networkidle")
    print(f"first load of the chat: {everything / 1024:.1f} KiB, scripts {scripts / 1024:.1f}")  # noqa: T201  the figure
    assert 20_000 < scripts < ITS_SCRIPTS
    assert scripts < everything < FIRST_LOAD
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


async def test_a_script_that_was_changed_on_the_way_is_not_run(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    for path, script in (("/chat/general", "main"), ("/settings", "settings"), ("/offline", "offline")):
        await ada.page.route(f"**/static/js/{script}.js?*", _changed)
        async with ada.page.expect_console_message(lambda said: "integrity" in said.text) as refused:
            await ada.page.goto(site.url + path)
        assert f"/static/js/{script}.js" in (await refused.value).text
        assert await ada.page.evaluate("window.changed") is None


async def _changed(route: Route) -> None:
    answer = await route.fetch()
    await route.fulfill(response=answer, body=await answer.text() + "\nwindow.changed = true;")


async def test_who_reads_without_an_account_loads_one_small_script(browser: Browser, site: Site) -> None:
    await site.import_history("general", 60)
    await site.start()
    await site.publish("general")
    reader = await arrive(browser, site)
    ledger = Ledger()
    await ledger.watch(reader.page)
    await reader.page.add_init_script(f"({VIOLATIONS})()")
    await reader.page.goto(f"{site.url}/chat/general")
    await holds(reader.page, "document.readyState === 'complete'")
    assert 1_000 < ledger.of_scripts() < 4 * 1024
    assert ledger.bytes.total() < 60 * 1024
    assert ledger.hosts == {urlsplit(site.url).netloc}
    assert await reader.page.evaluate("window.violations") == []
    assert await reader.page.evaluate(INLINE) == []
