"""Jump to: any room, person or action by a few letters, and the whole way from the door to a sent message by keys."""

import re

from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, arrive

DRAWN = """async (letters) => {
    const query = document.querySelector("[data-part=query]");
    const spent = [];
    for (const letter of letters) {
        const begun = performance.now();
        query.value += letter;
        query.dispatchEvent(new InputEvent("input", { bubbles: true }));
        document.querySelector(".switcher").offsetHeight;
        spent.push(performance.now() - begun);
    }
    return spent.sort((one, other) => one - other)[Math.floor(spent.length / 2)];
}"""
# A page that has seen five thousand people.
MEET = """async () => {
    const { app } = await import("roost/core/app.js");
    const names = ["Ada", "Grace", "Mateus", "Juniper", "Sol"];
    app.store.keep(Array.from({ length: 5_000 }, (_, index) => (
        { id: 100_000 + index, handle: `person_${index}`, name: `${names[index % 5]} ${index} of the Harbour` })));
}"""
BLINK = 50
FOCUSED = "document.activeElement.textContent + (document.activeElement.labels?.[0]?.textContent ?? '')"


async def jump(page: Page, letters: str = "") -> None:
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox", name="Jump to")).to_be_focused()
    await page.keyboard.type(letters)


async def chosen(page: Page) -> str:
    """The option that the text says is the one, by its name."""
    query = page.get_by_role("combobox", name="Jump to")
    option = page.locator(f"#{await query.get_attribute('aria-activedescendant')}")
    await expect(option).to_have_attribute("aria-selected", "true")
    return await option.locator("[data-part=name]").inner_text()


async def test_a_room_is_two_letters_and_enter_away(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 12)
    await site.import_history("tide-sensors", 3)
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    page = ada.page
    await jump(page, "ts")
    assert await chosen(page) == "tide-sensors"
    await expect(page.locator("[aria-selected=true] mark")).to_have_text(["t", "s"])
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/chat/tide-sensors$"))
    await expect(ada.composer).to_be_focused()

    await page.get_by_role("button", name="Jump to…").click()
    assert await chosen(page) == "general", "where the reader was before"
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Jump to…")).to_be_focused()


async def test_people_and_actions_are_found_and_signs_narrow(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    grace = await newcomer("grace", "/chat/general")
    await grace.say("Here I am.")
    await grace.sees("Here I am.")
    ada = await newcomer("ada_l", "/chat/general")
    page = ada.page
    await jump(page, "gr")
    await expect(page.get_by_role("dialog").get_by_role("group")).to_have_count(4)
    assert await chosen(page) == "grace"
    await page.keyboard.press("ArrowDown")
    assert await chosen(page) == "general"
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    assert await chosen(page) == "Search messages for “gr”", "round the end"
    await page.keyboard.press("ArrowUp")
    assert await chosen(page) == "Copy the link to #general"
    for sign, kinds in (("@", ["People"]), ("#", ["Rooms"])):
        await page.get_by_role("combobox", name="Jump to").fill(f"{sign}gr")
        await expect(page.locator(".switcher__head")).to_have_text(kinds)
    await page.get_by_role("combobox", name="Jump to").fill("@zzz")
    await expect(page.get_by_text("Nothing by that name.")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Jump to")).to_have_attribute("aria-expanded", "false")

    await page.get_by_role("combobox", name="Jump to").fill("keyb")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(ada.composer).to_be_focused()
    await jump(page, "x")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.type("and on")
    await expect(ada.composer).to_have_value("and on")


async def test_somebody_whom_the_page_has_not_met_is_added_at_the_end(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    for handle in ("grace", "gregory"):
        await newcomer(handle, "/chat/general")
    # Narrow enough that the panel, which lists the members, is not there.
    ada = await newcomer("ada_l", "/chat/general", viewport={"width": 1000, "height": 800})
    await jump(ada.page, "greg")
    await expect(ada.page.get_by_role("option", name="gregory")).to_be_visible()
    assert await chosen(ada.page) == "gregory"


async def test_what_is_unread_comes_first(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 5)
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    grace = await newcomer("grace", "/chat/attic")
    await grace.say("Psst.")
    await expect(ada.page.locator("[data-room=attic] [data-part=unread]")).to_be_visible()
    await jump(ada.page)
    await expect(ada.page.get_by_role("group", name="Unread").get_by_role("option")).to_have_text(
        re.compile("attic\\s+1 unread")
    )
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.get_by_text("Psst.")).to_be_visible()


async def test_results_are_there_within_a_blink(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await ada.page.evaluate(MEET)
    await jump(ada.page)
    spent = await ada.page.evaluate(DRAWN, "grace harb")
    print(f"a letter in Jump to, among 5,000 people: {spent:.1f} ms")  # noqa: T201  the figure
    assert spent < 4 * BLINK, "on a machine that does much else"


async def test_from_the_door_to_a_sent_message_without_a_pointer(browser: Browser, site: Site) -> None:
    await site.import_history("attic", 5)
    await site.start()
    ada = await arrive(browser, site)
    page = ada.page
    await page.goto(site.url)
    await to(page, "Sign in with X")
    await page.keyboard.press("Enter")
    await expect(page).to_have_title("Stand-in for X")
    await to(page, "Somebody else")
    await page.keyboard.type("ada_l")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Find your perch")).to_be_visible()
    await to(page, "Take me in")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("roost-timeline:defined")
    await ada.is_live()
    await jump(page, "att")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/chat/attic$"))
    await page.keyboard.type("By keys alone")
    await page.keyboard.press("Enter")
    await expect(page.locator(".msg:not([data-state])").last).to_contain_text("By keys alone")
    assert ada.complaints == []


async def to(page: Page, words: str) -> None:
    """Tab until what has these words has the focus."""
    await page.wait_for_load_state()
    for _ in range(20):
        await page.keyboard.press("Tab")
        said = await page.evaluate(
            "document.activeElement.textContent + (document.activeElement.labels?.[0]?.textContent ?? '')"
        )
        if words in said:
            return
    raise AssertionError(f"no way to {words}")
