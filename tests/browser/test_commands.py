"""What is written with a slash: what is listed, done and refused, and that no word of it is lost."""

from typing import Any

from playwright.async_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds
from tests.browser.test_accessibility import STILL, violations


def listed(visitor: Visitor) -> Any:
    return visitor.page.get_by_role("listbox", name="Commands").get_by_role("option")


def note(page: Page) -> Any:
    return page.locator("roost-composer [data-part=note]")


async def command(visitor: Visitor, text: str) -> None:
    await visitor.write(text)
    await visitor.composer.press("Enter")


async def test_a_slash_lists_the_commands_for_this_person_by_the_keyboard(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", **STILL)
    await ada.composer.press_sequentially("/")
    await expect(listed(ada).locator("[data-part=name]")).to_have_text(
        ["/me", "/shrug", "/invite", "/join", "/leave", "/msg", "/mute", "/unmute", "/help"]
    )
    assert await violations(ada.page) == []
    await ada.composer.press_sequentially("m")
    await expect(listed(ada).locator("[data-part=name]")).to_have_text(["/me", "/msg", "/mute"])
    await ada.composer.press("ArrowDown")
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("/msg ")
    await expect(listed(ada)).to_have_count(0)
    await command(ada, "/help")
    await expect(ada.composer).to_have_value("/")
    await expect(listed(ada)).to_have_count(9)


async def test_what_somebody_does_stands_behind_their_name_everywhere(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("hello", "/me waves", "back")
    for visitor in (ada, grace):
        await visitor.sees("hello", "waves", "back")
        act = visitor.page.locator(".msg--me")
        await expect(act).to_have_count(1)
        await expect(act.locator(".msg__author")).to_be_visible()
        await expect(visitor.page.locator(".msg--grouped")).to_have_count(0)
    await grace.page.reload()
    await expect(grace.page.locator(".msg--me .msg__author")).to_be_visible()
    await expect(grace.page.locator(".msg--grouped")).to_have_count(0)


async def test_two_slashes_are_one_and_paths_are_words(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say("//topic", "/usr/bin is full", "/shrug who knows", "/ alone")
    await ada.sees("/topic", "/usr/bin is full", "who knows ¯\\_(ツ)_/¯", "/ alone")


async def test_an_unknown_command_is_sent_only_as_words(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", **STILL)
    await command(ada, "/dance now")
    await expect(note(ada.page)).to_contain_text("There is no /dance. Send //dance for the words.")
    await expect(ada.composer).to_have_value("/dance now")
    assert await violations(ada.page) == []
    await ada.composer.press("x")
    await expect(note(ada.page)).to_be_hidden()
    await ada.composer.press("Enter")
    await ada.page.get_by_role("button", name="Send as message").click()
    await ada.sees("/dance nowx")
    await expect(ada.composer).to_be_focused()
    await expect(ada.composer).to_have_value("")


async def test_a_command_that_fails_tells_its_writer_alone_and_keeps_the_text(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    for text, why in (
        ("/invite", "Write it so: /invite @name"),
        ("/invite @nobody", "Nobody whom you share a room with is called @nobody."),
        ("/topic tides", "/topic is not for you here."),
        ("/mute @grace 10m", "Only moderators do this to people."),
        ("/join #nowhere", "There is no room called #nowhere that you can join."),
    ):
        await command(ada, text)
        await expect(note(ada.page)).to_contain_text(why)
        await expect(ada.composer).to_have_value(text)
    await ada.sees()


async def test_commands_need_a_connection_and_actions_do_not(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.page.evaluate("""async () => Promise.all([import("roost/layers/commands.js")])""")
    await ada.offline()
    await ada.is_cut_off()
    await command(ada, "/invite @grace")
    await expect(note(ada.page)).to_contain_text("You’re offline. Send /invite again when you’re back.")
    await expect(ada.composer).to_have_value("/invite @grace")
    await command(ada, "/me waits")
    await expect(ada.page.locator(".msg--me[data-state=waiting]")).to_have_count(1)
    await ada.page.get_by_role("button", name="Edit").click()
    await expect(ada.composer).to_have_value("/me waits")
    await ada.composer.press("Enter")
    await ada.online()
    await ada.sees("waits")
    await expect(ada.page.locator(".msg--me:not([data-state])")).to_have_count(1)


async def test_moderators_change_the_topic_mute_and_let_write_again(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    grace = await newcomer("grace")
    await site.expect("ada_l", "owner")
    ada = await newcomer("ada_l")
    await command(ada, "/topic The tides of today")
    await expect(grace.page.locator("#room-topic, .bar__topic").first).to_have_text("The tides of today")
    await expect(ada.composer).to_have_value("")
    await command(ada, "/mute @grace 10m")
    await expect(grace.page.get_by_text("A moderator has muted you for a while.")).to_be_visible()
    await expect(ada.page.locator("roost-toast")).to_contain_text("is muted until")
    await command(ada, "/unmute @grace")
    await expect(grace.composer).to_be_visible()


async def test_rooms_and_talks_are_reached_by_commands(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    grace, ada = await newcomer("grace"), await newcomer("ada_l")
    await grace.ask("room.create", name="Harbour", kind="public")
    await command(ada, "/join #harbour")
    await expect(ada.page.locator("#room-title")).to_have_text("Harbour")
    await ada.is_live()
    await command(ada, "/mute")
    await holds(
        ada.page,
        """(async () => {
        const { app } = await import("roost/core/app.js");
        return app.store.room(app.place.room).muted;
    })()""",
    )
    await command(ada, "/leave")
    await ada.page.get_by_role("dialog").get_by_role("button", name="Leave room").click()
    await expect(ada.page.locator("#room-title")).to_have_text("general")
    await command(ada, "/msg @grace are you there?")
    await ada.sees("are you there?")
    await expect(ada.page.locator("#room-title")).to_contain_text("grace")
