"""Reading without an account: what comes by itself, the way in from there, and the page without its script."""

import re
from base64 import b64encode
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, arrive
from tests.browser.test_doors import consent
from tests.support.files import photo

BODY = "[data-part=body]"
ADDRESS = re.compile(r"^/files/[0-9a-f]{32}$")
SEND = """async ([given, alts]) => {
  const { xsrf } = JSON.parse(document.getElementById("boot").textContent);
  const nonce = () => crypto.randomUUID();
  const post = async (address, body, headers = {}) =>
    (await fetch(address, { method: "POST", body, headers: { "X-Xsrftoken": xsrf, ...headers } })).json();
  const files = [];
  for (const [name, bytes] of given) {
    const body = Uint8Array.from(atob(bytes), (each) => each.charCodeAt(0));
    const headers = { "X-File-Name": encodeURIComponent(name), "Idempotency-Key": nonce() };
    files.push((await post("/files?room=1", body, headers)).id);
  }
  const message = { type: "message.send", ref: 1, room: 1, nonce: nonce(), text: "", files, alts };
  await post("/command", JSON.stringify(message));
}"""
"""As a page sends files and then their message."""


async def owner(site: Site, newcomer: Newcomer) -> Visitor:
    await site.expect("juniper", "owner")
    return await newcomer("juniper")


async def sees(page: Page, *texts: str) -> None:
    await expect(page.locator(f".msg {BODY}")).to_have_text(texts)


async def is_at_the_end(page: Page) -> None:
    await expect(page.locator(".msg").last).to_be_in_viewport()


async def test_what_is_posted_comes_to_a_strangers_page_by_itself(
    browser: Browser, site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    juniper = await owner(site, newcomer)
    await site.publish("general")
    await juniper.say("Before")
    await juniper.sees("Before")
    stranger = await arrive(browser, site)
    loaded: list[str] = []
    stranger.page.on("request", lambda request: loaded.append(request.url))
    await stranger.page.goto(f"{site.url}/chat/general")
    await sees(stranger.page, "Before")
    await juniper.say(*(f"Line {number}" for number in range(40)), "See https://example.org")
    await sees(stranger.page, "Before", *(f"Line {number}" for number in range(40)), "See https://example.org")
    await is_at_the_end(stranger.page)
    last = stranger.page.locator(".msg").last
    await expect(last.get_by_role("link", name="https://example.org")).to_have_attribute("rel", re.compile("nofollow"))
    await expect(last).to_have_class(re.compile("msg--grouped"))
    await expect(stranger.page.locator(".msg .msg__author").first).to_have_text("Juniper Okafor")
    assert len([url for url in loaded if urlsplit(url).path.endswith(".js")]) == 1
    assert [url for url in loaded if not url.startswith(site.url)] == []
    assert stranger.complaints == []


async def test_files_come_with_their_message_and_are_there_when_the_page_is_loaded(
    browser: Browser, site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    juniper = await owner(site, newcomer)
    await site.publish("general")
    stranger = await arrive(browser, site)
    await stranger.page.goto(f"{site.url}/chat/general")
    files = [("buoy.jpg", photo(1200, 900)), ("notes.txt", b"wind: none")]
    given = [[name, b64encode(body).decode()] for name, body in files]
    await juniper.page.evaluate(SEND, [given, ["An orange buoy"]])
    for _ in range(2):
        picture = stranger.page.get_by_role("img", name="An orange buoy")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 800
        await expect(stranger.page.get_by_role("link", name="notes.txt")).to_have_attribute("href", ADDRESS)
        await stranger.page.reload()
    assert stranger.complaints == []


async def test_a_page_whose_stream_broke_makes_up_for_what_it_missed(
    browser: Browser, site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    juniper = await owner(site, newcomer)
    await site.publish("general")
    stranger = await arrive(browser, site)
    await stranger.page.goto(f"{site.url}/chat/general")
    await juniper.say("One")
    await sees(stranger.page, "One")
    await site.stop()
    await site.start()
    await juniper.say("Two")
    # Readers come back over some seconds, and once more if the server was not there yet.
    await expect(stranger.page.locator(f".msg {BODY}")).to_have_text(["One", "Two"], timeout=60_000)
    assert stranger.complaints == []


async def test_a_room_is_opened_to_readers_in_its_settings_and_whoever_replies_is_in_it(
    browser: Browser, site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    juniper = await owner(site, newcomer)
    await juniper.page.goto(f"{site.url}/settings/door")
    await juniper.page.get_by_role("switch", name="Rooms may be read without an account").check()
    form = juniper.page.locator("form", has=juniper.page.get_by_role("switch"))
    await form.get_by_role("button", name="Save").click()
    await expect(juniper.page.get_by_role("switch")).to_be_checked()
    await juniper.open("/chat/general")
    await juniper.is_live()
    await juniper.ask("room.create", name="boats", kind="public")
    await juniper.visit("/chat/boats")
    await juniper.say("Who has varnish?")
    await juniper.page.locator("[data-action=room-settings]").click()
    await juniper.page.get_by_role("switch", name="May be read without an account").check()
    await juniper.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(juniper.page.get_by_role("dialog")).to_have_count(0)

    stranger = await arrive(browser, site)
    page = stranger.page
    await page.goto(f"{site.url}/chat/boats")
    await sees(page, "Who has varnish?")
    await page.get_by_role("link", name="Sign in with X to reply").click()
    await consent(page)
    await expect(page).to_have_url(f"{site.url}/chat/boats")
    await stranger.is_live()
    await stranger.say("I do")
    await juniper.sees("Who has varnish?", "I do")
    assert stranger.complaints == []
    assert juniper.complaints == []


async def test_turned_off_the_page_leads_to_the_door(browser: Browser, site: Site, newcomer: Newcomer) -> None:
    await site.start()
    juniper = await owner(site, newcomer)
    await site.publish("general")
    stranger = await arrive(browser, site)
    await stranger.page.goto(f"{site.url}/chat/general")
    await juniper.say("Hello")
    await sees(stranger.page, "Hello")
    await juniper.ask("room.change", room=1, is_readable=False, topic="Ours")
    await expect(stranger.page).not_to_have_url(f"{site.url}/chat/general")
    await expect(stranger.page.locator(".msg")).to_have_count(0)


async def test_without_a_script_all_of_it_can_be_read(browser: Browser, site: Site) -> None:
    await site.import_history("general", 120)
    await site.start()
    await site.publish("general")
    reader = await arrive(browser, site, java_script_enabled=False)
    page = reader.page
    await page.goto(f"{site.url}/chat/general")
    await expect(page.locator(".msg")).to_have_count(50)
    await is_at_the_end(page)
    await page.get_by_role("link", name="14 November 2025").first.click()
    await expect(page.locator(".msg")).to_have_count(120)
    await expect(page.locator(".msg").first).to_be_in_viewport()
    await page.locator("#m-60 a[data-part=permalink]:visible").click()
    await expect(page).to_have_url(f"{site.url}/chat/general/60#m-60")
    await expect(page.locator(".is-target")).to_be_in_viewport()


async def test_a_link_to_a_message_shows_it(browser: Browser, site: Site) -> None:
    await site.import_history("general", 300)
    await site.start()
    await site.publish("general")
    reader = await arrive(browser, site)
    await reader.page.goto(f"{site.url}/chat/general/150")
    await expect(reader.page.locator("#m-150.is-target")).to_be_in_viewport()
    assert reader.complaints == []
