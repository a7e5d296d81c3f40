"""Who somebody is: what they were called before, who else was called so, and how they look."""

from urllib.parse import urlsplit

from playwright.async_api import Locator, Page, Request, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds


async def renamed(visitor: Visitor, handle: str, new: str) -> None:
    """They take another handle on X, and sign in again."""
    page = visitor.page
    await page.goto(f"{visitor.site.url}/login?again&next=/chat/general")
    await page.locator("summary").click()
    await page.get_by_label("Who").select_option(label=f"@{handle}")
    await page.get_by_label("New handle").fill(new)
    await page.get_by_role("button", name="Rename").click()
    await page.get_by_role("button", name=f"@{new}").click()
    await page.wait_for_url(visitor.site.url + "/**")


async def open_card(page: Page, message: str) -> None:
    await page.keyboard.press("Escape")
    item = page.locator(".msg", has_text=message)
    await item.locator("[data-action=profile]").click()


async def test_a_handle_that_changed_hands_is_two_people(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    first, reader = await newcomer("wanderer", "/chat/general"), await newcomer("reader_p", "/chat/general")
    await first.say("by the first")
    await renamed(first, "wanderer", "wandered")
    second = await newcomer("wanderer", "/chat/general")
    await second.say("by the second")

    page = reader.page
    authors = page.locator(".msg [data-part=author][title]")
    await expect(authors).to_have_count(2)
    await expect(authors.nth(0)).to_have_attribute("title", "@wandered")
    await expect(authors.nth(1)).to_have_attribute("title", "@wanderer")

    await open_card(page, "by the first")
    facts = page.locator("[data-part=facts] li")
    await expect(facts.nth(0)).to_contain_text("Formerly @wanderer, until")
    await expect(facts.nth(1)).to_contain_text("Here since")
    await open_card(page, "by the second")
    await expect(facts.nth(0)).to_contain_text("@wanderer was wandered, who is somebody else.")
    await expect(facts).to_have_count(2)


def picture(where: Locator) -> Locator:
    return where.locator(".egg > img").first


async def is_drawn(page: Page, image: Locator) -> None:
    await expect(image).to_be_visible()
    handle = await image.element_handle()
    await page.evaluate("(image) => { window.image = image }", handle)
    await holds(page, "window.image.complete && window.image.naturalWidth > 0")


async def test_a_picture_is_shown_wherever_its_person_is_and_comes_from_here(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    reader = await newcomer("reader_p", "/chat/general", viewport={"width": 1440, "height": 900})
    asked: set[str] = set()

    def note(request: Request) -> None:
        if request.resource_type == "image":
            asked.add(urlsplit(request.url).netloc)

    reader.page.on("request", note)
    ada = await newcomer("ada_wires", "/chat/general")
    await ada.say("See me?")

    page = reader.page
    await is_drawn(page, picture(page.locator(".msg")))
    await is_drawn(page, picture(page.locator("roost-details .person", has_text="@ada_wires")))
    await is_drawn(ada.page, picture(ada.page.locator(".self")))
    await open_card(page, "See me?")
    await is_drawn(page, picture(page.locator(".profile")))
    await page.keyboard.press("Escape")
    await reader.composer.press_sequentially("@ada")
    await is_drawn(page, picture(page.locator(".suggestion")))
    await page.reload()
    await is_drawn(page, picture(page.locator(".msg")))
    assert asked == {urlsplit(site.url).netloc}


async def test_where_a_picture_does_not_come_the_initials_are(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    reader = await newcomer("reader_p", "/chat/general")
    await reader.page.context.route("**/avatars/**", lambda route: route.abort())
    ada = await newcomer("ada_wires", "/chat/general")
    await ada.say("See me?")
    await is_drawn(ada.page, picture(ada.page.locator(".msg")))
    await reader.sees("See me?")
    await expect(reader.page.locator(".msg .egg")).to_have_text("AM")
    await expect(reader.page.locator(".msg .egg > img")).to_have_count(0)
    await reader.page.reload()
    await reader.sees("See me?")
    await expect(reader.page.locator(".msg .egg > img")).to_have_count(0)
