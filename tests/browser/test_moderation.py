"""Keeping the peace, as moderators do it and as the others see it."""

import asyncio

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, until

CLEAN = 2.0
"""Seconds from the second click until nobody reads the spammer."""


async def moderator(site: Site, newcomer: Newcomer) -> Visitor:
    await site.expect("mod", "moderator")
    return await newcomer("mod")


async def test_who_is_muted_reads_on_and_is_told_until_when(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    mod, grace = await moderator(site, newcomer), await newcomer("grace")
    await grace.say("So there")
    await grace.write("And what is more")
    await mod.sees("So there")
    await mod.page.locator(".msg").press("Enter")
    await mod.page.get_by_role("menuitem", name="Mute who wrote it").click()
    dialog = mod.page.get_by_role("dialog", name="Mute grace?")
    await expect(dialog.get_by_role("radio", name="1 hour")).to_be_focused()
    await dialog.get_by_role("radio", name="7 days").check()
    await dialog.get_by_role("button", name="Mute").click()

    shut = grace.page.locator(".shut[data-by=muted]")
    await expect(shut).to_contain_text("A moderator has muted you for a while. You can read, and write again from")
    await expect(grace.composer).to_be_hidden()
    await mod.say("We talk about it tomorrow")
    await grace.sees("So there", "We talk about it tomorrow")
    await grace.page.reload()
    await grace.is_live()
    await expect(shut).to_be_visible()

    await open_card(mod.page, "grace")
    card = mod.page.get_by_role("dialog", name="grace")
    await expect(card).to_contain_text("Muted until")
    await card.get_by_role("button", name="Unmute").click()
    await expect(mod.page.locator("roost-toast")).to_contain_text("grace may write again.")
    await expect(shut).to_be_hidden()
    await expect(grace.composer).to_have_value("And what is more")


async def test_a_mute_is_taken_back_from_the_toast(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    mod, grace = await moderator(site, newcomer), await newcomer("grace")
    await grace.say("Hm")
    await open_card(mod.page, "grace")
    await mod.page.get_by_role("button", name="Mute…").click()
    await mod.page.get_by_role("button", name="Mute", exact=True).click()
    await expect(grace.composer).to_be_hidden()
    await mod.page.get_by_role("button", name="Undo").click()
    await expect(grace.composer).to_be_visible()


async def test_members_are_offered_none_of_it(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    grace, wren = await newcomer("grace"), await newcomer("wren")
    await grace.say("Hm")
    await open_card(wren.page, "grace")
    await expect(wren.page.get_by_role("button", name="Block")).to_be_visible()
    await expect(wren.page.get_by_role("button", name="Mute…")).to_be_hidden()
    await wren.page.keyboard.press("Escape")
    await wren.page.locator(".msg").press("Enter")
    await expect(wren.page.get_by_role("menuitem", name="Copy link")).to_be_visible()
    await expect(wren.page.get_by_role("menuitem", name="Mute")).to_have_count(0)


async def test_a_report_comes_to_moderators_at_once_and_goes_when_it_is_answered(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    mod, grace, wren = await moderator(site, newcomer), await newcomer("grace"), await newcomer("wren")
    await grace.say("Buy eggs")
    await wren.sees("Buy eggs")
    badge = mod.page.locator("[data-part=reports]")
    await expect(badge).to_be_hidden()
    await wren.page.locator(".msg").press("Enter")
    await wren.page.get_by_role("menuitem", name="Report").click()
    dialog = wren.page.get_by_role("dialog", name="Report a message of grace")
    await dialog.get_by_role("radio", name="Spam").check()
    await dialog.get_by_label("In your words").fill("They write it everywhere")
    await dialog.get_by_role("button", name="Report").click()
    await expect(wren.page.locator("roost-toast")).to_contain_text("nobody learns that it was you")

    await expect(badge).to_have_text("1 open")
    await expect(mod.page.locator("roost-toast")).to_contain_text("Something was reported")
    await mod.page.get_by_role("button", name="Look").click()
    await mod.page.wait_for_url("**/moderation")
    await expect(mod.page.locator(".case")).to_contain_text("Reported by 1 person")
    await expect(mod.page.locator(".case")).to_contain_text("They write it everywhere")
    await expect(mod.page.locator(".case")).not_to_contain_text("wren")
    await expect(badge).to_have_text("1 open")
    await mod.page.get_by_role("button", name="Remove the message").click()
    await expect(mod.page.get_by_text("Nothing is reported just now.")).to_be_visible()
    await wren.sees("")
    await mod.page.get_by_role("navigation", name="Settings").get_by_role("link", name="Log").click()
    await expect(mod.page.locator(".device").first).to_contain_text("mod removed a message of grace in #general")
    await mod.page.get_by_role("button", name="Undo").first.click()
    await expect(mod.page.locator(".device .tag")).to_have_text("Taken back")
    await wren.sees("Buy eggs")


@pytest_asyncio.fixture(loop_scope="session")
async def wary(site: Site) -> Site:
    """A community in which newcomers are new for a day."""
    site._environment["NEW_MEMBER_HOURS"] = "24"
    await site.start()
    return site


async def test_who_is_new_is_told_so_before_they_are_refused_and_keeps_what_they_wrote(
    wary: Site, newcomer: Newcomer
) -> None:
    grace = await newcomer("grace")
    line = grace.page.locator("[data-part=new]")
    await expect(line).to_have_text("Links open for you in 24 hours")
    await grace.say("See https://example.org/eggs")
    message = grace.page.locator(".msg[data-state=failed]")
    await expect(message).to_contain_text("See https://example.org/eggs")
    await expect(message).to_contain_text("You are new here: links open for you in 24 h.")
    await grace.say("Never mind")
    await expect(grace.page.locator(".msg:not([data-state])")).to_have_count(1)
    await wary.give_role("grace", "moderator")
    await grace.page.reload()
    await grace.is_live()
    await expect(line).to_be_hidden()


async def open_card(page: Page, name: str) -> None:
    await page.locator(".msg:not(.msg--grouped) [data-action=profile]", has_text=name).last.click()


async def test_two_clicks_from_a_spammer_to_a_clean_room(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("lab", 1)
    await site.start()
    mod, wren, juniper = await moderator(site, newcomer), await newcomer("wren"), await newcomer("juniper")
    spammer = await newcomer("grace")
    await spammer.say("Buy eggs", "Buy more eggs")
    for person in (mod, wren, juniper):
        await person.sees("Buy eggs", "Buy more eggs")
    await wren.say("Not here, please")
    await spammer.visit("/chat/lab")
    await spammer.say("Buy eggs here, too")
    await spammer.write("And now")
    await juniper.visit("/chat/lab")
    await juniper.sees("history 1", "Buy eggs here, too")

    message = mod.page.locator(".msg", has_text="Buy more eggs")
    await message.hover()
    await message.get_by_role("button", name="Ban who wrote it").click()
    await mod.page.get_by_role("dialog", name="Ban grace?").get_by_role("button", name="Ban", exact=True).click()
    begun = asyncio.get_running_loop().time()
    await gather_gone(mod, wren, juniper)
    took = asyncio.get_running_loop().time() - begun
    print(f"two clicks, and it is clean in three browsers after {took:.2f} s")  # noqa: T201  a figure to be read
    assert took < CLEAN
    await mod.sees("", "", "Not here, please")
    await juniper.sees("history 1", "")

    await spammer.page.wait_for_url("**/?notice=banned")
    await expect(spammer.page.get_by_role("alert")).to_contain_text("You were banned from this community")
    await spammer.page.get_by_role("link", name="Sign in with X").click()
    form = spammer.page.locator("form", has=spammer.page.get_by_label("Somebody else"))
    await form.get_by_label("Somebody else").fill("grace")
    await form.get_by_role("button", name="Sign in").click()
    await expect(spammer.page.get_by_role("heading", name="You were banned from this community")).to_be_visible()
    for person in (mod, wren, juniper):
        await expect(person.page.locator("[data-part=online]")).to_have_text("3 online")

    await mod.page.get_by_role("button", name="Undo").click()
    await expect(mod.page.locator("roost-toast")).to_contain_text("Taken back.")
    await mod.sees("Buy eggs", "Buy more eggs", "Not here, please")
    await juniper.sees("history 1", "Buy eggs here, too")
    await spammer.sign_in("grace", "/chat/lab")
    await expect(spammer.composer).to_have_value("And now")


async def gather_gone(*readers: Visitor) -> None:
    """Returns when none of them is shown what the spammer wrote."""
    await asyncio.gather(*(until(lambda reader=reader: is_clean(reader)) for reader in readers))  # type: ignore[misc]


async def is_clean(reader: Visitor) -> bool:
    return await reader.page.locator(".msg", has_text="eggs").count() == 0
