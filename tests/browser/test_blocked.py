"""People behind something that refuses WebSockets talk like everybody else."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect

from stores import free_port
from tests.browser.conftest import Newcomer
from tests.browser.middlebox import Middlebox
from tests.browser.site import Site, Visitor


@pytest_asyncio.fixture(loop_scope="session")
async def middlebox(site: Site) -> AsyncIterator[Middlebox]:
    """In front of the site, whose address stays the same."""
    behind = free_port()
    site._environment["PORT"] = str(behind)
    middlebox = Middlebox(site.port, behind)
    await middlebox.open()
    yield middlebox
    await middlebox.close()


async def shows_no_banner(visitor: Visitor) -> None:
    await expect(visitor.page.locator("roost-banner > :not([hidden])")).to_have_count(0)


async def test_two_people_talk_and_nothing_tells_that_the_way_is_another(
    site: Site, middlebox: Middlebox, newcomer: Newcomer
) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    assert middlebox.refused >= 4, "each tried twice"
    await ada.say("Is anybody behind the wall?")
    await grace.say("I am", "and so are you")
    everything = ("Is anybody behind the wall?", "I am", "and so are you")
    for person in (ada, grace):
        await person.sees(*everything)
        assert await person.numbers() == [1, 2, 3]
        await shows_no_banner(person)
    await grace.composer.press_sequentially("Hm")
    await expect(ada.page.locator("[data-part=typing]")).to_have_text("grace is typing")
    await expect(ada.page.locator("[data-part=online]")).to_have_text("2 online")


async def test_what_waits_is_sent_once_when_the_server_is_back(
    site: Site, middlebox: Middlebox, newcomer: Newcomer
) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("before")
    await grace.sees("before")
    await site.kill()
    await ada.say("while it was down", "and this")
    await expect(ada.page.locator(".msg[data-state=waiting]")).to_have_count(2)
    await site.start()
    for person in (ada, grace):
        await person.sees("before", "while it was down", "and this")
        await shows_no_banner(person)


async def test_another_room_is_heard_from_where_it_is_entered(
    site: Site, middlebox: Middlebox, newcomer: Newcomer
) -> None:
    await site.import_history("lab", 1)
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace", "/chat/lab")
    await ada.page.get_by_role("link", name="lab").click()
    await ada.page.wait_for_url("**/chat/lab")
    await grace.say("hello lab")
    await ada.sees("history 1", "hello lab")
    await ada.say("hello grace")
    await grace.sees("history 1", "hello lab", "hello grace")


async def test_a_session_that_ends_elsewhere_leads_to_the_door(
    site: Site, middlebox: Middlebox, newcomer: Newcomer
) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    other_tab = await ada.page.context.new_page()
    await other_tab.goto(f"{site.url}/chat")
    await other_tab.get_by_role("button", name="Sign out").click()
    await ada.page.wait_for_url("**/?notice=signed_out")
