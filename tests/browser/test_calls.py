"""@all and @here: how many they tell is said before, and who is named and not in the room is told of after."""

from typing import Any

from playwright.async_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site
from tests.browser.test_accessibility import STILL, violations


def reach(page: Page) -> Any:
    return page.locator("roost-composer [data-part=reach]")


def note(page: Page) -> Any:
    return page.locator("roost-composer [data-part=note]")


async def test_how_many_are_told_is_said_before_and_they_are_mentioned(site: Site, newcomer: Newcomer) -> None:
    await site.add_people(["absent"])
    await site.start()
    grace, ada = await newcomer("grace"), await newcomer("ada_l", **STILL)
    await grace.visit("/mentions")
    await ada.composer.press_sequentially("Tea? @al")
    await expect(ada.page.get_by_role("option", name="Everybody in this room")).to_be_visible()
    await ada.composer.press("Enter")
    await expect(reach(ada.page)).to_have_text("This tells 2 people.")
    assert await violations(ada.page) == []
    await ada.composer.press("Enter")
    await ada.sees("Tea? @all")
    await expect(reach(ada.page)).to_be_hidden()
    await expect(ada.page.locator(".msg--for-me")).to_have_count(0)
    await expect(grace.page.locator(".mentioned")).to_contain_text("Tea? @all")
    await expect(grace.page.locator("[data-part=mentions-count]").first).to_have_text("1")
    await grace.open("/chat/general")
    await expect(grace.page.locator(".msg--for-me .mention")).to_have_text("@all")
    await ada.write("`@all` is a word, @here")
    await expect(reach(ada.page)).to_have_text("This tells 1 person.")
    await ada.write("`@all` is a word")
    await expect(reach(ada.page)).to_be_hidden()


async def test_many_are_told_only_after_a_question_which_enter_answers(site: Site, newcomer: Newcomer) -> None:
    await site.add_people(f"person_{place}" for place in range(25))
    await site.expect("ada_l", "owner")
    await site.start()
    ada = await newcomer("ada_l", **STILL)
    await ada.say("@all, the tide turns")
    dialog = ada.page.get_by_role("dialog", name="Tell 25 people?")
    await expect(dialog.get_by_role("button", name="Send message")).to_be_focused()
    assert await violations(ada.page) == []
    await dialog.get_by_role("button", name="Keep writing").click()
    await expect(ada.composer).to_be_focused()
    await expect(ada.composer).to_have_value("@all, the tide turns")
    await ada.composer.press("Enter")
    await expect(dialog).to_be_visible()
    await ada.page.keyboard.press("Enter")
    await ada.sees("@all, the tide turns")
    await expect(ada.composer).to_be_focused()


async def test_whom_a_crowd_does_not_let_call_writes_a_word(site: Site, newcomer: Newcomer) -> None:
    await site.add_people(f"person_{place}" for place in range(25))
    await site.start()
    ada = await newcomer("ada_l")
    await ada.write("@all, hello")
    await expect(reach(ada.page)).to_have_text("@all tells nobody here: in a room of this size only moderators use it.")
    await ada.composer.press("Enter")
    await ada.sees("@all, hello")
    await expect(ada.page.locator(".mention")).to_have_count(0)


async def test_who_is_named_and_not_in_the_room_can_be_brought_in(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    grace, ada = await newcomer("grace"), await newcomer("ada_l", **STILL)
    made = await ada.ask("room.create", name="Attic", kind="private")
    await ada.visit(f"/chat/{made['room']['slug']}")
    await ada.is_live()
    await ada.say("Look, @grace and @ada_l")
    await expect(note(ada.page)).to_contain_text("grace is not in this room.")
    assert await violations(ada.page) == []
    await ada.composer.press_sequentially("and")
    await expect(note(ada.page)).to_be_visible()
    await note(ada.page).get_by_role("button", name="Invite").click()
    await expect(ada.page.locator("roost-toast")).to_contain_text("grace is in #Attic now.")
    await expect(note(ada.page)).to_be_hidden()
    await expect(grace.page.locator("nav#rooms")).to_contain_text("Attic")
