"""What one has begun to write: here at once, on the other devices soon, and never lost."""

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor
from tests.browser.test_rooms import annex
from tests.browser.test_threads import answer, field, replies

PHONE = {"width": 390, "height": 844}
ANOTHER = "You wrote something else here on another device."


async def told_draft(visitor: Visitor, room: str, *, waits: bool) -> None:
    pencil = visitor.page.locator(f"[data-room={room}] [data-part=draft]")
    await expect(pencil).to_be_visible() if waits else await expect(pencil).to_be_hidden()


async def test_a_draft_from_the_phone_goes_on_at_the_desk_and_is_nowhere_once_it_is_sent(
    site: Site, newcomer: Newcomer
) -> None:
    await site.import_history("attic", 3)
    await site.start()
    desk = await newcomer("ada_l", "/chat/general")
    phone = await newcomer("ada_l", "/chat/attic", viewport=PHONE)
    await phone.write("On my way, will")
    await told_draft(desk, "attic", waits=True)
    await desk.page.get_by_role("link", name="attic").click()
    await expect(desk.composer).to_have_value("On my way, will")
    await desk.composer.press_sequentially(" be there at nine")
    await expect(phone.composer).to_have_value("On my way, will be there at nine")

    tablet = await newcomer("ada_l", "/chat/attic")
    await expect(tablet.composer).to_have_value("On my way, will be there at nine")
    await desk.composer.press("Enter")
    for device in (phone, tablet):
        await expect(device.page.get_by_text("On my way, will be there at nine")).to_be_visible()
        await expect(device.composer).to_have_value("")
    await desk.page.get_by_role("link", name="general").click()
    await told_draft(desk, "attic", waits=False)


async def test_a_draft_written_without_a_network_survives_a_reload_and_is_everywhere_on_return(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    phone, desk = await newcomer("ada_l"), await newcomer("ada_l")
    await phone.offline()
    await phone.write("written in a tunnel")
    await phone.page.evaluate("dispatchEvent(new Event('pagehide'))")
    await expect(desk.composer).to_have_value("")
    await phone.online()
    await expect(desk.composer).to_have_value("written in a tunnel")
    await site.kill()
    await phone.composer.press_sequentially(", and more")
    await phone.page.goto("about:blank")
    await site.start()
    await phone.open("/chat")
    await expect(phone.composer).to_have_value("written in a tunnel, and more")
    await expect(desk.composer).to_have_value("written in a tunnel, and more")


async def test_a_text_of_ones_own_is_never_replaced_by_that_of_another_device(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    phone, desk = await newcomer("ada_l"), await newcomer("ada_l")
    await desk.offline()
    await desk.is_cut_off()
    await desk.write("from the desk")
    await phone.write("from the phone, and later")
    await expect(phone.page.get_by_text(ANOTHER)).to_be_hidden()
    await told_draft(phone, "general", waits=False)
    newest = await newcomer("ada_l")
    await expect(newest.composer).to_have_value("from the phone, and later")

    await desk.online()
    await expect(desk.page.get_by_text(ANOTHER)).to_be_visible()
    await expect(desk.composer).to_have_value("from the desk")
    await desk.page.get_by_role("button", name="Show it").click()
    await expect(desk.composer).to_have_value("from the phone, and later")
    await desk.page.get_by_role("button", name="Show it").click()
    await expect(desk.composer).to_have_value("from the desk")
    await expect(phone.composer).to_have_value("from the desk")
    await desk.composer.press("Enter")
    await desk.page.get_by_role("button", name="Show it").click()
    await expect(desk.composer).to_have_value("from the phone, and later")
    await expect(desk.page.get_by_text(ANOTHER)).to_be_hidden()


async def test_two_tabs_write_one_draft_also_without_a_network(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 3)
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    other = Visitor(await ada.page.context.new_page(), site, ada.complaints)
    await other.open("/chat/attic")
    await other.is_live()
    await ada.offline()
    await ada.write("begun in one tab")
    await told_draft(other, "general", waits=True)
    await other.page.get_by_role("link", name="general").click()
    await expect(other.composer).to_have_value("begun in one tab")
    await other.composer.press_sequentially(", ended in the other")
    await expect(ada.composer).to_have_value("begun in one tab, ended in the other")
    await other.composer.press("Enter")
    await expect(ada.composer).to_have_value("")
    await expect(ada.page.get_by_text("begun in one tab, ended in the other")).to_have_count(1)
    await ada.online()
    for tab in (ada, other):
        await tab.sees("begun in one tab, ended in the other")


async def test_of_what_was_written_without_a_network_only_what_is_in_a_room_that_is_gone_cannot_be_sent(
    site: Site, newcomer: Newcomer
) -> None:
    """The server lists no thread that was read, and no talk in which nothing was said, and holds no draft so long."""
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    room, her = await annex(grace, ada), await ada.person_id()
    talk = f"/chat/{(await ada.ask('direct.open', people=[await grace.person_id()]))['room']['slug']}"
    await ada.say("who has the key?")
    await ada.sees("who has the key?")
    await ada.visit("/chat/general/1/thread")
    await answer(ada, "I do")
    await expect(replies(ada.page)).to_have_text(["I do"])
    long = "a thought " * 1_100
    await field(ada.page).fill(long)
    link = ada.page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Annex")
    await ada.offline()
    await ada.is_cut_off()
    await link.click()
    await ada.write("to the annex")
    await ada.visit(talk)
    await ada.write("hello, grace")
    await ada.page.goto("about:blank")
    await grace.ask("room.remove", room=room, person=her)
    await ada.online()
    await ada.open("/chat/general")
    await ada.page.get_by_role("button", name="Show it").click()
    dialog = ada.page.get_by_role("dialog", name="This can’t be sent")
    await expect(dialog.get_by_role("textbox")).to_have_value("to the annex")
    await dialog.get_by_role("button", name="Delete it").click()
    await expect(dialog).to_have_count(0)
    await ada.visit("/chat/general/1/thread")
    await expect(field(ada.page)).to_have_value(long)
    await ada.open(talk)
    await expect(ada.composer).to_have_value("hello, grace")
