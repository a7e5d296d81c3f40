"""A page that is older than its server gives way to a fresh one, and loses nothing by it. How it becomes the new one:
test_installed.py."""

import asyncio

from playwright.async_api import Page, Route, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds
from tests.browser.test_files import payload, pick, tiles
from tests.browser.test_installed import RELEASE

LOOK = """(hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
ALL_ARE_READY = "document.querySelector('#announce').textContent === 'The file is ready.'"


async def look_away(visitor: Visitor, seconds: int) -> None:
    """In steps, after an answer of the server: else the page leaves a line on which nothing came by its fast clock."""
    await visitor.page.evaluate(LOOK, True)
    await visitor.ask("ping")
    for _ in range(seconds):
        await visitor.page.clock.run_for(1_000)


async def look_again(page: Page) -> None:
    await page.evaluate(LOOK, False)


async def test_a_page_stays_while_files_of_it_are_on_their_way_or_something_is_written_over_it(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", clock=True)
    release = await ada.page.evaluate(RELEASE)
    gate = asyncio.Event()

    async def age(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=(await answer.text()).replace(f'"{release}"', '"before"'))

    async def hold(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await ada.page.route(f"{site.url}/chat/general", age)
    await ada.page.route("**/files?*", hold)
    # The soonest it may be.
    await ada.page.add_init_script("Math.random = () => 0")
    await ada.open("/chat/general")
    await ada.is_live()
    assert await ada.page.evaluate(RELEASE) == "before"
    name = ada.page.get_by_role("dialog", name="Create a room").get_by_role("textbox", name="Name")

    await ada.page.get_by_role("button", name="Create a room").click()
    await name.fill("Tide sen")
    await look_away(ada, 31)
    await expect(name).to_have_value("Tide sen")
    await look_again(ada.page)
    await ada.page.keyboard.press("Escape")
    await expect(name).to_have_count(0)

    await pick(ada, payload("wave.webm", b"a long one"))
    await expect(tiles(ada)).to_have_count(1)
    await look_away(ada, 31)
    await expect(tiles(ada)).to_contain_text("0% of 10 B")
    await look_again(ada.page)
    gate.set()
    await holds(ada.page, ALL_ARE_READY)
    await look_away(ada, 29)
    async with ada.page.expect_navigation():
        await ada.page.clock.run_for(2_000)
    await expect(tiles(ada)).to_contain_text("10 B")
