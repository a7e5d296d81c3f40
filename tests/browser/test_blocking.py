"""Blocking somebody: folded on all devices at once, shown when asked, and unseen by who is blocked."""

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor

PHONE = {"width": 390, "height": 844}


async def press_on_card(visitor: Visitor, name: str, button: str) -> None:
    page = visitor.page
    await page.locator(".msg:not(.msg--folded, .msg--grouped)").get_by_role("button", name=name).first.click()
    await page.get_by_role("dialog", name=name).get_by_role("button", name=button, exact=True).click()


def folds(page: Page) -> Locator:
    return page.locator("[data-part=fold]")


async def test_what_a_blocked_person_writes_is_folded_on_all_devices_and_shown_when_asked(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    desk, phone = await newcomer("ada_l", "/chat/general"), await newcomer("ada_l", "/chat/general", viewport=PHONE)
    troll = await newcomer("troll_t", "/chat/general")
    await troll.say("one", "two")
    await desk.sees("one", "two")
    await press_on_card(desk, "troll_t", "Block")
    for each in (desk, phone):
        await expect(folds(each.page)).to_have_count(2)
        await expect(each.page.get_by_text("one", exact=True)).to_be_hidden()
        await expect(each.page.locator(".msg .egg:visible")).to_have_count(0)
    await expect(folds(troll.page)).to_have_count(0)

    await troll.composer.press_sequentially("three")
    await troll.composer.press("Enter")
    await expect(folds(desk.page)).to_have_count(3)
    await expect(desk.page.locator("[data-part=typing]")).to_be_empty()
    await expect(desk.page.locator("[id=announce]")).not_to_contain_text("three")
    await desk.page.reload()
    await expect(folds(desk.page)).to_have_count(3)

    item = desk.page.locator(".msg").first
    await item.get_by_role("button", name="Show").click()
    await expect(desk.page.get_by_text("one", exact=True)).to_be_visible()
    await expect(item).to_be_focused()
    await expect(folds(desk.page)).to_have_count(2)
    await expect(folds(phone.page)).to_have_count(3)

    await desk.composer.press_sequentially("@tro")
    await expect(desk.page.locator(".suggestion")).to_have_count(0)
    await desk.write("")
    await press_on_card(desk, "troll_t", "Unblock")
    for each in (desk, phone):
        await expect(folds(each.page)).to_have_count(0)
        await each.sees("one", "two", "three")


async def test_a_block_is_taken_back_at_once(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, troll = await newcomer("ada_l", "/chat/general"), await newcomer("troll_t", "/chat/general")
    await troll.say("one")
    await ada.sees("one")
    await press_on_card(ada, "troll_t", "Block")
    await expect(folds(ada.page)).to_have_count(1)
    await ada.page.get_by_role("button", name="Undo").click()
    await expect(folds(ada.page)).to_have_count(0)


async def test_the_settings_list_whom_one_has_blocked_as_it_is(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, troll = await newcomer("ada_l", "/chat/general"), await newcomer("troll_t", "/chat/general")
    settings = await ada.page.context.new_page()
    await settings.goto(f"{site.url}/settings/blocked")
    await expect(settings.get_by_text("You have blocked nobody.")).to_be_visible()
    await troll.say("one")
    await press_on_card(ada, "troll_t", "Block")
    row = settings.locator("[data-part=list] > li")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("@troll_t")
    await settings.get_by_role("button", name="Unblock troll_t").click()
    await expect(row).to_have_count(0)
    await expect(settings.get_by_role("status")).to_have_text("Unblocked")
    await expect(settings.get_by_role("heading", name="People you have blocked")).to_be_focused()
    await expect(settings.get_by_text("You have blocked nobody.")).to_be_visible()
    await expect(folds(ada.page)).to_have_count(0)


async def test_keys_reach_what_is_folded(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, troll = await newcomer("ada_l", "/chat/general"), await newcomer("troll_t", "/chat/general")
    await troll.say("one")
    await press_on_card(ada, "troll_t", "Block")
    await expect(folds(ada.page)).to_have_count(1)
    await expect(ada.page.locator(".msg")).to_be_focused()
    await ada.page.keyboard.press("Tab")
    await expect(ada.page.get_by_role("button", name="Show")).to_be_focused()
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.get_by_text("one", exact=True)).to_be_visible()
