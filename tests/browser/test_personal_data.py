"""One's own data in a browser: a file that comes, and an account that goes."""

import json
import re
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site


async def test_a_file_comes_and_the_page_stays(site: Site, newcomer: Newcomer, tmp_path: Path) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", service_workers="allow")
    await ada.say("Take me along")
    await ada.sees("Take me along")
    await ada.page.goto(f"{site.url}/settings/data")
    async with ada.page.expect_download() as coming:
        await ada.page.get_by_role("button", name="Download my data").click()
    download = await coming.value
    assert download.suggested_filename == "roost-ada_l.json"
    await download.save_as(tmp_path / "data.json")
    found = json.loads((tmp_path / "data.json").read_text())
    assert [each["text"] for each in found["messages"]] == ["Take me along"]
    await expect(ada.page.get_by_role("heading", name="Take it with you")).to_be_visible()


async def test_who_deletes_their_account_is_out_everywhere_and_a_former_member_to_others(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    desk, phone = await newcomer("leaver", "/chat/general"), await newcomer("leaver", "/chat/general")
    reader = await newcomer("reader_p", "/chat/general")
    await phone.say("I was here")
    await reader.sees("I was here")
    await desk.page.goto(f"{site.url}/settings/data")
    await desk.page.get_by_label("Type @leaver to confirm").fill("leave")
    await desk.page.get_by_role("button", name="Delete my account").click()
    await expect(desk.page.get_by_role("alert")).to_have_text(
        "This is not your handle. Type @leaver to delete your account."
    )
    await expect(desk.page.get_by_label("Type @leaver to confirm")).to_be_focused()
    await desk.page.get_by_label("Type @leaver to confirm").fill("leaver")
    await desk.page.get_by_role("button", name="Delete my account").click()
    await expect(desk.page).to_have_url(re.compile(r"/\?notice=deleted$"))
    await expect(desk.page.get_by_text("Your account is deleted")).to_be_visible()
    await phone.page.wait_for_url("**/?notice=signed_out")

    await expect(reader.page.locator(".msg [data-part=author]").first).to_have_text("Former member")
    await reader.sees("I was here")
    await reader.page.reload()
    await expect(reader.page.locator(".msg [data-part=author]").first).to_have_text("Former member")
    await reader.page.locator(".msg [data-action=profile]").click()
    card = reader.page.get_by_role("dialog", name="Former member")
    await expect(card).to_be_visible()
    await expect(card.get_by_role("button")).to_have_count(0)
