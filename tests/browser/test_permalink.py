"""/chat/ROOM/NUMBER: a link to one message."""

import re

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site
from tests.browser.walk import walk

COUNT = 1_300


async def test_a_permalink_opens_around_its_message_and_leads_down_to_the_present(
    site: Site, newcomer: Newcomer
) -> None:
    await site.import_history("attic", COUNT)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic/1234")
    page = ada.page
    await page.reload()
    target = page.locator("#m-1234")
    await expect(target).to_have_class(re.compile("is-target"))
    await expect(target).to_be_in_viewport()
    await expect(page.locator(".is-target")).to_have_count(0)
    await expect(target).to_be_in_viewport()
    await expect(page.get_by_role("button", name="Jump to latest")).to_be_visible()
    seen = await walk(page, 1, COUNT)
    assert seen == list(range(seen[0], COUNT + 1))
    await ada.say("So that is what happened")
    await expect(page.locator(f"#m-{COUNT + 1}")).to_be_in_viewport()


async def test_a_time_is_a_permalink_and_the_way_back_leads_back(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", COUNT)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic")
    page = ada.page
    await page.evaluate("window.sameDocument = true")
    await page.evaluate("(path) => document.querySelector('.msg__link').setAttribute('href', path)", "/chat/attic/700")
    await page.evaluate("document.querySelector('.msg__link').click()")
    await expect(page.locator("#m-700.is-target")).to_be_in_viewport()
    await page.go_back()
    await expect(page.locator(f"#m-{COUNT}")).to_be_in_viewport()
    assert await page.evaluate("window.sameDocument")


async def test_a_number_that_nobody_has_is_a_page_that_says_so(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 3)
    await site.start()
    ada = await newcomer("ada_l")
    for path in ("/chat/attic/4", "/chat/attic/99999999999999", "/chat/attic/0", "/chat/nowhere", "/chat/nowhere/1"):
        answer = await ada.page.goto(site.url + path)
        assert answer is not None
        assert answer.status == 404, path
        await expect(ada.page.get_by_role("heading", name="This perch is empty")).to_be_visible()
    await ada.page.get_by_role("link", name="Back to the rooms").click()
    await ada.page.wait_for_url("**/chat/*")
