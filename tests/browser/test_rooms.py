"""Rooms that change under their readers, readers who are in them no longer, and the way to others."""

import re
from urllib.parse import urlsplit

from playwright.async_api import ViewportSize, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds

LEAVE = """() => {
    const leave = ({ app }) => app.socket.request({ type: "room.leave", room: app.place.room });
    import("roost/core/app.js").then(leave).catch(() => {});
}"""
STRAYS = """async () => {
    const { app } = await import("roost/core/app.js");
    return (await import("roost/core/stray.js")).strayTexts(app);
}"""
WIDE: ViewportSize = {"width": 1280, "height": 800}


async def annex(grace: Visitor, ada: Visitor) -> int:
    """A private room of Grace's with Ada in it."""
    room: int = (await grace.ask("room.create", name="Annex", kind="private", topic="Tea"))["room"]["id"]
    await grace.ask("room.add", room=room, person=await ada.person_id())
    return room


async def test_what_a_room_becomes_is_seen_at_once(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace")
    room = await annex(grace, ada)
    page, rooms = ada.page, ada.page.get_by_role("navigation", name="Rooms")
    await rooms.get_by_role("link", name="Annex").click()
    await ada.is_live()
    await grace.ask("room.change", room=room, name="Attic", slug="attic", topic="Dust", kind="public")
    await expect(page).to_have_url(re.compile("/chat/attic$"))
    await expect(page).to_have_title(re.compile("^#Attic"))
    await expect(rooms.get_by_role("link", name="Attic")).to_have_attribute("href", "/chat/attic")
    await expect(page.get_by_role("heading", name="Attic", level=1).first).to_be_visible()
    await expect(page.get_by_role("complementary").locator("[data-part=room-topic]")).to_have_text("Dust")
    await expect(page.locator(".bar [data-part=members]")).to_have_text("2 members")

    await ada.write("half a thou")
    await grace.ask("room.change", room=room, posting="moderators", slow_seconds=30)
    await expect(page.get_by_text("Only moderators post in this room.")).to_be_visible()
    await expect(ada.composer).to_be_hidden()
    await expect(page.get_by_role("button", name="Copy it")).to_be_visible()
    await ada.page.reload()
    await expect(page.get_by_text("Only moderators post in this room.")).to_be_visible()
    await grace.visit("/chat/attic")
    await expect(grace.composer).to_be_visible()

    await grace.ask("room.change", room=room, posting="everybody")
    await expect(page.get_by_text("30 seconds between your messages")).to_be_visible()
    await expect(ada.composer).to_have_value("half a thou")
    await ada.say("half a thought", "and the rest")
    await expect(page.locator(".msg[data-state=waiting]")).to_contain_text("Goes out at")
    await grace.ask("room.leave", room=room)
    await expect(page.locator(".bar [data-part=members]")).to_have_text("1 member")


async def test_who_is_taken_out_is_led_away_and_keeps_what_they_wrote(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    room = await annex(grace, ada)
    page, link = ada.page, ada.page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Annex")
    await link.click()
    await ada.is_live()
    await grace.visit(await link.get_attribute("href") or "")
    await grace.say("Sorry, this is about your present.")
    await expect(page.get_by_text("about your present")).to_be_visible()
    await ada.write("What is it?")
    await grace.ask("room.remove", room=room, person=await ada.person_id())
    await expect(page.locator("roost-toast")).to_contain_text("grace took you out of #Annex.")
    await expect(page).to_have_url(re.compile("/chat/general$"))
    await expect(link).to_have_count(0)
    dialog = page.get_by_role("dialog", name="This can’t be sent")
    await expect(dialog.get_by_role("textbox")).to_have_value("What is it?")
    await page.keyboard.press("Escape")
    await ada.say("Hello")
    await expect(page.get_by_text("Hello", exact=True)).to_be_visible()

    await page.reload()
    await page.get_by_role("button", name="Show it").click()
    await dialog.get_by_role("button", name="Delete it").click()
    await expect(dialog).to_have_count(0)
    await page.reload()
    await ada.is_live()
    assert await page.evaluate(STRAYS) == []


async def test_rooms_are_found_joined_and_left_in_the_directory(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    for name in ("Tea", "Tide sensors", "Boats"):
        await grace.ask("room.create", name=name, kind="public", topic=f"All about {name}")
    page = ada.page
    await page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Browse rooms").click()
    found, mine = page.locator(".listed h2 bdi"), page.locator("nav#rooms [data-part=rooms]")
    await expect(found).to_have_text(["Boats", "general", "Tea", "Tide sensors"])
    await page.get_by_role("searchbox", name="Find a room").press_sequentially("t")
    await expect(found).to_have_text(["Tea", "Tide sensors"])
    await page.get_by_role("button", name="Join Tea").press("Enter")
    await expect(page.get_by_role("status").first).to_have_text("Joined #Tea.")
    await expect(page.get_by_role("link", name="Open Tea")).to_be_focused()
    await expect(mine).to_contain_text("Tea")
    await page.get_by_role("button", name="Leave Tea").click()
    await expect(mine).not_to_contain_text("Tea")
    await expect(page.get_by_role("button", name="Join Tea")).to_be_focused()
    await grace.ask("room.change", room=2, name="Teatime")
    await page.get_by_role("button", name="Join Tea").click()
    await page.get_by_role("link", name="Open Teatime").click()
    await expect(page.get_by_role("heading", name="Teatime", level=1)).to_be_visible()


async def test_who_leaves_their_last_room_is_shown_where_others_are(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    # The answer may find another page.
    await ada.page.evaluate(LEAVE)
    await expect(ada.page).to_have_url(re.compile("/rooms$"))
    await expect(ada.page.get_by_text("You’re in no room just now.")).to_be_visible()
    await ada.page.get_by_role("button", name="Join general").click()
    await expect(ada.page.get_by_text("You’re in no room just now.")).to_be_hidden()
    await ada.page.get_by_role("link", name="Open general").click()
    await expect(ada.composer).to_be_visible()


async def test_a_room_is_made_and_what_cannot_be_is_said_beside_the_name(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    page = ada.page
    await page.get_by_role("button", name="Create a room").click()
    dialog = page.get_by_role("dialog", name="Create a room")
    name = dialog.get_by_role("textbox", name="Name")
    await expect(name).to_be_focused()
    await page.keyboard.type("General")
    await expect(dialog).to_contain_text("/chat/general")
    await dialog.get_by_role("textbox", name="Topic").fill("Second try")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("General")
    await expect(name).to_be_focused()
    await expect(name).to_have_attribute("aria-invalid", "true")
    await expect(dialog.get_by_role("textbox", name="Topic")).to_have_value("Second try")

    await name.fill("Tide sensors")
    await expect(dialog.get_by_role("alert")).to_have_count(0)
    await dialog.get_by_role("radio", name="Added people").check()
    await expect(dialog).to_contain_text("/chat/tide-sensors, and a few letters")
    await dialog.get_by_role("button", name="Create room").click()
    await expect(page).to_have_url(re.compile("/chat/tide-sensors-[a-z2-9]{6}$"))
    await expect(page.get_by_role("heading", name="Tide sensors", level=1).first).to_be_visible()
    await ada.is_live()
    await ada.say("First!")
    await ada.sees("First!")


async def test_who_moderates_a_room_sets_it_and_others_are_not_offered_to(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l", viewport=WIDE), await newcomer("grace", viewport=WIDE)
    await ada.ask("room.create", name="Boats", kind="public")
    page, details = ada.page, ada.page.get_by_role("complementary")
    await expect(details.get_by_role("button", name="Leave")).to_be_visible()
    await expect(details.get_by_role("button", name="Room settings")).to_be_hidden()
    await page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Boats").click()
    await details.get_by_role("button", name="Room settings").click()
    dialog = page.get_by_role("dialog", name="Room settings")
    leads_to = await dialog.get_by_role("link", name="Webhooks").get_attribute("href")
    assert leads_to == f"{urlsplit(page.url).path}/webhooks"
    await expect(dialog.get_by_role("switch", name="Newcomers join it")).to_have_count(0)
    await dialog.get_by_role("textbox", name="Name").fill("general")
    await dialog.get_by_role("textbox", name="Description").fill("Plans,\nvarnish")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("general")
    await expect(dialog.get_by_role("textbox", name="Description")).to_have_value("Plans,\nvarnish")
    await dialog.get_by_role("textbox", name="Name").fill("Tiny boats")
    await dialog.get_by_label("Wait between two messages").select_option("5 minutes")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await expect(details.locator("[data-part=description]")).to_have_text("Plans,\nvarnish")
    await expect(details.get_by_role("heading", name="Tiny boats")).to_be_visible()

    await details.get_by_role("button", name="Add people").click()
    await page.keyboard.type("gra")
    await page.get_by_role("button", name="Add grace").click()
    await expect(page.get_by_text("Added", exact=True)).to_be_visible()
    await page.keyboard.press("Escape")
    await grace.page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Tiny boats").click()
    await expect(grace.page.get_by_role("button", name="Room settings")).to_be_hidden()
    await expect(grace.page.get_by_text("5 minutes between your messages")).to_be_visible()

    await details.get_by_role("button", name="grace").click()
    await page.get_by_role("button", name="Take out of #Tiny boats").click()
    await expect(page.get_by_role("button", name="Let them stay")).to_be_focused()
    await page.get_by_role("dialog").get_by_role("button", name="Take out").click()
    await expect(page.locator("roost-toast")).to_contain_text("grace is out of #Tiny boats.")
    await expect(details.locator("[data-part=name]")).to_have_text(["ada_l"])
    await expect(grace.page).to_have_url(re.compile("/chat/general$"))

    await details.get_by_role("button", name="Leave").click()
    await page.get_by_role("dialog", name="Leave #Tiny boats?").get_by_role("button", name="Leave").click()
    await expect(page.locator("roost-toast")).to_contain_text("You left #Tiny boats.")
    await expect(page).to_have_url(re.compile("/chat/general$"))


async def test_newcomers_are_led_into_public_rooms_only(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", viewport=WIDE)
    page = ada.page
    await page.evaluate("async () => { window.app = (await import('roost/core/app.js')).app }")
    await site.give_role("ada_l", "admin")
    await holds(page, "app.store.person.role === 'admin'")
    await ada.ask("room.create", name="Boats", kind="public")
    await ada.visit("/chat/boats")
    await page.get_by_role("button", name="Room settings").click()
    dialog = page.get_by_role("dialog", name="Room settings")
    await dialog.get_by_role("switch", name="Newcomers join it").check()
    await dialog.get_by_role("radio", name="Added people").check()
    await expect(dialog.get_by_role("switch", name="Newcomers join it")).to_be_disabled()
    await dialog.get_by_role("switch", name="Archived").check()
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("This room is archived")).to_be_visible()
    await page.get_by_role("button", name="Room settings").click()
    await expect(dialog.get_by_role("switch", name="Newcomers join it")).not_to_be_checked()
    await expect(dialog.get_by_role("radio", name="Added people")).to_be_checked()
