"""Direct messages: from somebody's card or the list of rooms, to one or several, and what the others see of it."""

import re
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def talks(page: Page) -> Locator:
    return page.locator("[data-section=talks] li")


def chooser(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^Choose {name}"))


async def write_from_card(visitor: Visitor, author: str) -> None:
    item = visitor.page.locator(".msg", has_text=f"by {author}").first
    await item.locator("[data-action=profile]").click()
    await visitor.page.get_by_role("button", name="Message", exact=True).click()
    await expect(visitor.page.locator("#room-title > bdi")).to_have_text(author)


async def jump(page: Page, letters: str) -> None:
    """To the first of what they may mean."""
    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog").get_by_role("combobox").fill(letters)
    await page.keyboard.press("Enter")


async def two(site: Site, newcomer: Newcomer, **options: Any) -> tuple[Visitor, Visitor]:
    await site.start()
    ada, grace = await newcomer("ada_l", "/chat/general", **options), await newcomer("grace_o", "/chat/general")
    for visitor, handle in ((ada, "ada_l"), (grace, "grace_o")):
        await visitor.write(f"by {handle}")
        await visitor.page.locator("[data-action=send]").click()  # on a phone Enter starts a line
    return ada, grace


async def test_a_first_message_appears_at_the_other_and_counts_for_them(site: Site, newcomer: Newcomer) -> None:
    ada, grace = await two(site, newcomer)
    await write_from_card(ada, "grace_o")
    assert re.fullmatch(rf"{re.escape(site.url)}/chat/dm-[0-9a-f]{{16}}", ada.page.url)
    await expect(ada.page.locator("[data-part=about]")).to_have_text("Here now, @grace_o")
    await expect(talks(ada.page)).to_have_text([re.compile("grace_o")])
    await expect(talks(grace.page)).to_have_count(0)
    await expect(ada.composer).to_have_attribute("placeholder", "Message grace_o")

    await ada.say("Tea?")
    row = talks(grace.page).first
    await expect(row).to_contain_text("ada_l")
    await expect(row.locator(".badge--loud")).to_have_text("1 unread, for you")
    await expect(row.locator(".presence--here")).to_be_visible()
    await expect(grace.page).to_have_title(re.compile(r"^\(1\) #general"))
    await row.locator("a").click()
    await grace.sees("Tea?")
    await grace.say("Yes.")
    await ada.sees("Tea?", "Yes.")
    await expect(grace.page).to_have_title(re.compile("^ada_l"))


async def test_both_find_the_one_room_that_they_have(site: Site, newcomer: Newcomer) -> None:
    ada, grace = await two(site, newcomer)
    await write_from_card(ada, "grace_o")
    await jump(grace.page, "ada_l")
    await grace.page.get_by_role("button", name="Message", exact=True).click()
    await expect(grace.page.locator("#room-title > bdi")).to_have_text("ada_l")
    assert grace.page.url == ada.page.url
    await grace.page.reload()
    await grace.is_live()
    await grace.say("I am here already.")
    await ada.sees("I am here already.")
    await ada.visit("/chat/general")
    await jump(ada.page, "grace")
    await ada.sees("I am here already.")


async def test_several_are_chosen_and_talk_in_one_room(site: Site, newcomer: Newcomer) -> None:
    ada, grace = await two(site, newcomer)
    tomo = await newcomer("tomo_h", "/chat/general")
    await ada.page.get_by_role("button", name="New message").click()
    await chooser(ada.page, "grace_o").click()
    await ada.page.keyboard.type("tom")
    await expect(chooser(ada.page, "tomo_h")).to_be_visible()
    await expect(chooser(ada.page, "grace_o")).to_have_count(0)
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator("[data-part=chosen] li")).to_have_count(2)
    await ada.page.keyboard.press("Enter")
    await expect(ada.composer).to_be_focused()
    await expect(ada.page.locator("#room-title > bdi")).to_have_text("grace_o, tomo_h")
    await ada.say("All of us")
    for other, called in ((grace, "ada_l, tomo_h"), (tomo, "ada_l, grace_o")):
        await talks(other.page).locator("a").click()
        await expect(other.page.locator("#room-title > bdi")).to_have_text(called)
        await other.sees("All of us")


async def test_whoever_is_blocked_is_not_heard_of_and_unblocked_from_there(site: Site, newcomer: Newcomer) -> None:
    ada, grace = await two(site, newcomer)
    await write_from_card(grace, "ada_l")
    await grace.say("Hello?")
    await talks(ada.page).locator("a").click()
    await ada.write("Half a thought")
    await ada.ask("person.block", person=await grace.person_id())
    blocked = ada.page.locator("[data-by=blocked]")
    await expect(blocked).to_contain_text("You have blocked grace_o.")
    await expect(ada.page.locator("#message")).to_be_hidden()
    await ada.visit("/chat/general")
    await expect(talks(ada.page)).to_have_count(0)
    await grace.say("Are you there?")
    await grace.sees("Hello?", "Are you there?")
    await grace.visit("/chat/general")
    await grace.say("by grace_o, for all")
    await expect(ada.page.locator(".msg", has_text="for all")).to_have_count(1)
    await expect(talks(ada.page)).to_have_count(0)
    await expect(ada.page).to_have_title(re.compile("^#general"))

    await ada.page.go_back()
    await blocked.get_by_role("button", name="Unblock").click()
    await expect(ada.composer).to_have_value("Half a thought")
    await expect(talks(ada.page)).to_have_count(1)


async def test_on_a_phone_it_is_a_row_of_the_list_and_says_who_is_here(site: Site, newcomer: Newcomer) -> None:
    ada, grace = await two(site, newcomer, **PHONE)
    await write_from_card(grace, "ada_l")
    await grace.say("On the water")
    await ada.page.get_by_role("link", name="Back to rooms").click()
    await talks(ada.page).locator("a").click()
    await ada.sees("On the water")
    await expect(ada.page.locator("[data-part=about]")).to_be_visible()
    await expect(ada.page.locator(".bar__people")).to_be_hidden()
    await ada.page.get_by_role("button", name="Room details").click()
    await expect(ada.page.locator(".person", has_text="@grace_o")).to_be_visible()
    await expect(ada.page.get_by_role("button", name="Add people")).to_have_count(0)


async def test_who_is_left_alone_reads_on(site: Site, newcomer: Newcomer) -> None:
    ada, grace = await two(site, newcomer)
    await write_from_card(grace, "ada_l")
    await grace.say("Farewell")
    await talks(ada.page).locator("a").click()
    await ada.sees("Farewell")
    await grace.page.goto(f"{site.url}/settings/data")
    await grace.page.get_by_label("Type @grace_o to confirm").fill("grace_o")
    await grace.page.get_by_role("button", name="Delete my account").click()
    await expect(ada.page.locator("[data-by=alone]")).to_be_visible()
    await expect(ada.page.locator("#room-title > bdi")).to_have_text("Former member")
    await ada.page.reload()
    await expect(ada.page.locator("[data-by=alone]")).to_be_visible()
    await ada.sees("Farewell")
