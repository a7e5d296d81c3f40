"""What takes a fresh sign-in, to who has an old one: they are led to X and back, and what they typed is there again."""

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site

AGAIN = re.compile("^Sign in with X")
SECRET_SHOWN = "It is shown this once"


async def opened(site: Site, newcomer: Newcomer, path: str) -> Page:
    """By an owner whose sign-in has grown old."""
    await site.expect("juniper", "owner")
    await site.start()
    page = (await newcomer("juniper")).page
    await site.kill()
    site.age_sign_ins()
    await site.start()
    await page.goto(site.url + path)
    return page


async def sign_in_again(page: Page) -> None:
    await page.get_by_role("link", name=AGAIN).first.click()
    await expect(page).to_have_title("Stand-in for X")
    await page.get_by_role("button", name="Juniper Okafor").click()
    await expect(page).not_to_have_title("Stand-in for X")


async def test_a_webhook_is_made_of_what_was_typed_before(site: Site, newcomer: Newcomer) -> None:
    page = await opened(site, newcomer, "/chat/general/webhooks")
    name, make = page.locator("#incoming-name"), page.locator("form:has(#incoming-name) button")
    await name.fill("Ferry times")
    await make.click()
    await expect(page.get_by_role("alert")).to_contain_text("This takes a fresh sign-in.")
    await name.fill("Ferries & trains")
    await sign_in_again(page)
    await expect(name).to_have_value("Ferries & trains")
    await expect(page.get_by_role("status")).to_have_text("Not saved yet.")
    assert "Ferries" not in page.url

    await make.click()
    await expect(page.get_by_text(SECRET_SHOWN)).to_be_visible()
    await expect(name).to_have_value("")
    await page.goto(f"{site.url}/chat/general/webhooks")
    await expect(page.locator(".device b bdi")).to_have_text("Ferries & trains")
    await expect(name).to_have_value("")


async def test_a_new_secret_for_one_leaves_what_was_typed_for_another(site: Site, newcomer: Newcomer) -> None:
    await site.expect("juniper", "owner")
    await site.start()
    page = (await newcomer("juniper")).page
    await page.goto(f"{site.url}/chat/general/webhooks")
    name = page.locator("#incoming-name")
    await name.fill("Ferry times")
    await page.locator("form:has(#incoming-name) button").click()
    await expect(page.get_by_text(SECRET_SHOWN)).to_be_visible()
    await name.fill("Trains")
    await page.get_by_role("button", name="New secret Ferry times").click()
    await expect(page.get_by_text(SECRET_SHOWN)).to_be_visible()
    await expect(name).to_have_value("Trains")


async def test_the_terms_of_an_invite_link_are_those_that_were_chosen_before(site: Site, newcomer: Newcomer) -> None:
    page = await opened(site, newcomer, "/settings/invites")
    await page.get_by_label("How many days it works").fill("3")
    await page.get_by_label("They come in as").select_option("moderator")
    await page.get_by_label("general").check()
    await page.get_by_role("button", name="Make a link").click()
    await expect(page.get_by_role("alert")).to_contain_text("This takes a fresh sign-in.")
    await sign_in_again(page)
    await page.get_by_role("button", name="Make a link").click()
    row = page.locator(".device")
    await expect(row).to_contain_text("#general")
    await expect(row).to_contain_text("Moderator")


async def test_a_door_that_was_chosen_is_chosen_again_and_said_not_to_be_saved(site: Site, newcomer: Newcomer) -> None:
    page = await opened(site, newcomer, "/settings/door")
    await page.get_by_label("Who was invited").check()
    await page.locator("form:has([name=door]) button").click()
    await sign_in_again(page)
    await expect(page.get_by_label("Who was invited")).to_be_checked()
    await expect(page.get_by_role("status")).to_have_text("Not saved yet.")
    await page.reload()
    await expect(page.get_by_label("Whoever signs in with X is in.")).to_be_checked()


async def test_who_types_their_handle_too_late_finds_it_after_signing_in_again(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    page = (await newcomer("juniper")).page
    await page.goto(f"{site.url}/settings/data")
    handle = page.get_by_label("Type @juniper to confirm")
    await handle.fill("juniper")
    await site.kill()
    site.age_sign_ins()
    await site.start()
    await page.get_by_role("button", name="Delete my account").click()
    await expect(handle).to_have_count(0)
    await sign_in_again(page)
    await expect(handle).to_have_value("juniper")


async def test_the_code_of_a_program_is_there_after_signing_in_again(site: Site, newcomer: Newcomer) -> None:
    page = await opened(site, newcomer, "/device")
    answer = await page.request.post(f"{site.url}/device/code", data={"name": "tui", "scope": "read"})
    code = (await answer.json())["user_code"]
    await page.get_by_label("Code from the program").fill(code)
    await page.get_by_role("button", name="Go on").click()
    await sign_in_again(page)
    await expect(page.get_by_text(f"It shows {code}.")).to_be_visible()
    await page.get_by_role("button", name="Approve").click()
    await expect(page.get_by_role("heading", name="The program is in")).to_be_visible()
