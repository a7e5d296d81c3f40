"""Keeping the peace, as moderators do it and as the others see it."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor


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


async def open_card(page: Page, name: str) -> None:
    await page.locator(".msg:not(.msg--grouped) [data-action=profile]", has_text=name).last.click()
