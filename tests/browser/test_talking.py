"""Two people in two browsers, and what happens to networks and servers meanwhile."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site


@pytest.fixture
def service_workers() -> str:
    return "allow"


async def test_two_people_talk_one_reloads_one_loses_the_network_and_both_see_the_same(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("Is anybody on the wire?")
    await grace.say("I am")
    await ada.page.reload()
    await ada.say("So I see")
    await grace.sees("Is anybody on the wire?", "I am", "So I see")

    await grace.offline()
    await ada.say("one", "two", "three")
    await grace.say("four from the tunnel", "five from the tunnel")
    await expect(grace.page.locator(".msg[data-state=waiting]")).to_have_count(2)
    await ada.sees("Is anybody on the wire?", "I am", "So I see", "one", "two", "three")
    await grace.online()

    live = ("Is anybody on the wire?", "I am", "So I see", "one", "two", "three")
    everything = (*live, "four from the tunnel", "five from the tunnel")
    for person in (ada, grace):
        await person.sees(*everything)
        assert await person.numbers() == [1, 2, 3, 4, 5, 6, 7, 8]
    await expect(grace.page.locator("roost-banner > *")).to_have_count(2)
    await expect(grace.page.locator("roost-banner > :not([hidden])")).to_have_count(0)
    await ada.page.reload()
    await ada.sees(*everything)


async def test_what_waits_survives_a_killed_server_and_a_closed_page(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say("before")
    await ada.sees("before")
    await site.kill()
    await ada.say("while it was down", "and this")
    await expect(ada.page.locator(".msg[data-state=waiting]")).to_have_count(2)
    await ada.page.goto("about:blank")
    await site.start()
    await ada.open("/chat")
    await ada.sees("before", "while it was down", "and this")


async def test_a_session_that_ends_elsewhere_leads_to_the_door_and_keeps_the_draft(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.write("half a thought")
    other_tab = await ada.page.context.new_page()
    await other_tab.goto(f"{site.url}/chat")
    await other_tab.get_by_role("button", name="Sign out").click()
    await ada.page.wait_for_url("**/?notice=signed_out")
    await ada.sign_in("ada_l")
    await expect(ada.composer).to_have_value("half a thought")


async def test_somebody_writing_is_named_and_a_message_of_two_tabs_is_sent_once(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await grace.composer.press_sequentially("Hm")
    await expect(ada.page.locator("[data-part=typing]")).to_have_text("grace is typing")
    await expect(ada.page.locator("[data-part=online]")).to_have_text("2 online")

    second_tab = await grace.page.context.new_page()
    await second_tab.goto(f"{site.url}/chat")
    await grace.offline()
    await grace.say("from one tab")
    await grace.online()
    await ada.sees("from one tab")
    await expect(second_tab.locator(".msg [data-part=body]")).to_have_text(["from one tab"])
    await expect(ada.page.locator("[data-part=typing]")).to_have_text("")
