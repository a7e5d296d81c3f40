"""The community as an app on a phone or a desk: what it is made of, what it shows without a network, and that it never
shows yesterday's news."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import ROOT, Ports, Site, arrive, holds, until

PROGRAM = ("app", "locale", "migrations", "static", "templates", "manage.py")
WORKER_IS_THERE = "(await navigator.serviceWorker.ready).active.state === 'activated'"
KEPT = """async () => {
    const addresses = [];
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys()) addresses.push(new URL(request.url).pathname);
    return [...new Set(addresses)];
}"""
STORED = {"asked", "draft", "edit", "emoji", "files", "outbox", "place", "recent"}
"""What is begun, unsent or used often: reviewed, and nothing by which anybody is known."""
CACHES = "async () => await caches.keys()"
# Asked for again and again, the browser puts off its look for a newer worker.
NEXT_WAITS = """async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 20));
}"""
IS_CUT_OFF = "!(await import('roost/core/app.js')).app.socket.live"
CHANGE_THE_KEPT_SCRIPT = """async () => {
    const [name] = await caches.keys();
    const cache = await caches.open(name);
    const kept = (await cache.keys()).find(({ url }) => url.includes("/static/js/main.js"));
    const { headers } = await cache.match(kept);
    await cache.put(kept, new Response("window.changed = true;", { headers }));
}"""
RELEASE = "async () => (await import('roost/core/app.js')).app.boot.release"


@pytest.fixture
def service_workers() -> str:
    return "allow"


async def test_a_browser_finds_everything_it_needs_to_install_it(site: Site, whole_chromium: Browser) -> None:
    """The shell, which installs nothing, has no errors to tell of whatever the page."""
    await site.start()
    ada = await arrive(whole_chromium, site)
    await ada.sign_in("ada_l")
    session = await ada.page.context.new_cdp_session(ada.page)
    found = await session.send("Page.getAppManifest")
    assert found["url"] == f"{site.url}/manifest.webmanifest"
    assert found["errors"] == []
    errors = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    # Each test has a browser of its own, as a private window is one.
    assert {error["errorId"] for error in errors} == {"in-incognito"}
    assert ada.complaints == []
    await ada.page.context.close()


async def test_without_a_network_a_reload_shows_the_offline_page_and_returns_by_itself(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await holds(ada.page, WORKER_IS_THERE)
    await ada.page.context.set_offline(True)
    await ada.page.reload()
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("No wire between us")
    await expect(ada.page.locator(".art")).to_be_visible()
    font = await ada.page.evaluate("getComputedStyle(document.body).fontFamily")
    assert "system-ui" in font, "its style came along"
    await ada.page.get_by_role("link", name="Try now").click()
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("No wire between us")
    assert ada.page.url == f"{site.url}/chat/general"
    await ada.page.context.set_offline(False)
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("general")
    await ada.is_live()


async def test_a_server_that_is_away_and_comes_back_is_found_again(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await holds(ada.page, WORKER_IS_THERE)
    await site.kill()
    await ada.page.goto(f"{site.url}/chat/general")
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("No wire between us")
    await site.start()
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("general")


async def test_try_now_leads_back_at_once(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await holds(ada.page, WORKER_IS_THERE)
    await site.kill()
    await ada.page.goto(f"{site.url}/chat/general")
    # It would return by itself too: not while it cannot ask whether the server is there.
    await ada.page.route("**/readyz", lambda route: route.abort())
    await site.start()
    await ada.page.get_by_role("link", name="Try now").click()
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("general")


async def test_nothing_personal_is_kept_and_nothing_old_is_shown(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", "/chat/general"), await newcomer("grace", "/chat/general")
    await holds(ada.page, WORKER_IS_THERE)
    await ada.page.reload()
    await ada.say("first")
    await ada.sees("first")
    await ada.page.goto(f"{site.url}/rules")
    await grace.say("second")
    await ada.open("/chat/general")
    await ada.sees("first", "second")
    await ada.page.reload()
    await ada.sees("first", "second")
    kept: list[str] = await ada.page.evaluate(KEPT)
    assert "/offline" in kept
    assert [path for path in kept if path != "/offline" and not path.startswith("/static/")] == []


async def test_signing_out_leaves_the_worker_and_no_page_of_the_one_who_left(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await holds(ada.page, WORKER_IS_THERE)
    await ada.page.evaluate("document.querySelector('form[action=\"/logout\"]').submit()")
    await expect(ada.page.get_by_text("You’re signed out")).to_be_visible()
    await ada.page.context.set_offline(True)
    await ada.page.goto(f"{site.url}/chat/general")
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("No wire between us")
    await ada.page.context.set_offline(False)


async def test_a_script_that_was_changed_where_the_worker_keeps_it_is_not_run(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await holds(ada.page, WORKER_IS_THERE)
    await ada.page.evaluate(CHANGE_THE_KEPT_SCRIPT)
    async with ada.page.expect_console_message(lambda said: "integrity" in said.text) as refused:
        await ada.page.reload()
    assert "/static/js/main.js" in (await refused.value).text
    assert await ada.page.evaluate("window.changed") is None


async def test_what_a_browser_stores_signs_nobody_in(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await ada.say("said")
    await ada.sees("said")
    await ada.write("begun")
    await ada.page.evaluate("dispatchEvent(new Event('pagehide'))")
    stored: dict[str, str] = await ada.page.evaluate("({ ...localStorage, ...sessionStorage })")
    assert "begun" in "".join(stored.values())
    assert [key for key in stored if not key.startswith(tuple(f"roost.{kind}." for kind in STORED))] == []
    boot = await ada.page.evaluate("JSON.parse(document.getElementById('boot').textContent)")
    cookies = {cookie["name"]: cookie["value"] for cookie in await ada.page.context.cookies()}
    secrets = [boot["xsrf"], cookies["session"], cookies["xsrf"]]
    assert [secret for secret in secrets if secret in "".join([*stored, *stored.values()])] == []
    assert await ada.page.evaluate("document.cookie") == ""


# Releases


@pytest_asyncio.fixture(loop_scope="session")
async def next_release(tmp_path: Path, ports: Ports) -> AsyncIterator[Site]:
    """The same community, address and database, of a program with another stylesheet."""
    root = tmp_path / "next"
    for name in PROGRAM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        else:
            shutil.copy(source, root / name)
    (root / "static/css/base.css").write_text((ROOT / "static/css/base.css").read_text() + "\n/* changed */\n")
    site = Site(tmp_path, ports, root=root)
    yield site
    await site.stop()


async def test_the_files_of_an_old_release_stay_while_a_page_of_it_is_open_and_then_go(
    site: Site, next_release: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await holds(ada.page, WORKER_IS_THERE)
    (before,) = await ada.page.evaluate(CACHES)
    release = await ada.page.evaluate(RELEASE)
    assert release in before
    await site.stop()
    await holds(ada.page, IS_CUT_OFF)
    await next_release.start()
    await ada.is_live()
    second = await ada.page.context.new_page()
    await second.goto(f"{site.url}/chat/general")
    await second.evaluate(NEXT_WAITS)
    assert await second.evaluate(RELEASE) != release
    loaded = await ada.page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    old_style = next(url for url in loaded if "roost.css" in url)
    assert "changed" not in await text_of(ada.page, old_style)
    newer = ada.page.context.service_workers[-1]
    await second.close()
    await ada.page.goto("about:blank")

    async def is_tidy() -> bool:
        (*others, name) = await newer.evaluate(CACHES)
        return not others and name != before

    await until(is_tidy)


async def text_of(page: Page, url: str) -> str:
    text: str = await page.evaluate("async (url) => (await fetch(url)).text()", url)
    return text


async def test_an_open_page_becomes_the_new_release_while_nobody_looks(
    browser: Browser, site: Site, next_release: Site
) -> None:
    """When not: tests/js/upgrade.test.mjs."""
    await site.start()
    ada = await arrive(browser, site)
    await ada.page.clock.install()
    # The soonest it may be.
    await ada.page.add_init_script("Math.random = () => 0")
    await ada.sign_in("ada_l", "/chat/general")
    release = await ada.page.evaluate(RELEASE)
    await site.stop()
    # Else what is live below may be the line that just ended.
    await holds(ada.page, IS_CUT_OFF)
    await next_release.start()
    await ada.page.clock.run_for(5_000)
    await ada.is_live()
    await look_away(ada.page)
    # In steps: a server that answers nothing for 30 s is left, and a page that is not live stays as it is.
    for _ in range(29):
        await ada.page.clock.run_for(1_000)
    async with ada.page.expect_navigation():
        await ada.page.clock.run_for(2_000)
    assert await ada.page.evaluate(RELEASE) != release


async def look_away(page: Page) -> None:
    """Headless Chromium shows every page; what a page is told of it is told here."""
    await page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
