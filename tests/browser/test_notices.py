"""Notifications: asked for once, shown once, to who is not looking."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds, until
from tests.browser.test_accessibility import STILL, violations

# What each tab shows is written down, and shown.
WRITE_DOWN = """() => {
    window.shown = [];
    const show = ServiceWorkerRegistration.prototype.showNotification;
    ServiceWorkerRegistration.prototype.showNotification = function (title, options) {
        window.shown.push(options.body);
        return show.call(this, title, options);
    };
}"""
UP = """async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const notes = await registration.getNotifications();
    return notes.map(({ title, body, tag }) => [tag, title, body]);
}"""
# A worker's own events cannot be made to wait: what it does first is done all the same.
PRESS = """async () => {
    const [notification] = await registration.getNotifications();
    dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""

# The chat hears of a choice when the settings have said that it is kept.
HEARS_NOTHING = "(await import('roost/core/app.js')).app.store.preferences.notify === 'none'"

# In place of the browser's own question, which no test can press.
ANSWER = """(() => {
    let permission = "default";
    window.asked = 0;
    Object.defineProperty(Notification, "permission", { get: () => permission });
    Notification.requestPermission = async () => {
        window.asked += 1;
        return (permission = "granted");
    };
})()"""


@pytest.fixture(scope="session")
def chromium(whole_chromium: Browser) -> Browser:
    """The shell shows no notifications."""
    return whole_chromium


@pytest.fixture
def service_workers() -> str:
    return "allow"


async def welcome(newcomer: Newcomer, site: Site, path: str = "/chat/general") -> Visitor:
    """Ada, whose browser lets us notify."""
    ada = await newcomer("ada_l", path)
    await ada.page.context.grant_permissions(["notifications"])
    await ada.page.add_init_script(f"({WRITE_DOWN})()")
    await ada.open(path)
    await ada.is_live()
    await holds(ada.page, "(await navigator.serviceWorker.getRegistration())?.active")
    return ada


async def second_tab(ada: Visitor, path: str) -> Visitor:
    page = await ada.page.context.new_page()
    await page.add_init_script(f"({WRITE_DOWN})()")
    tab = Visitor(page, ada.site, [])
    await tab.open(path)
    await tab.is_live()
    return tab


async def look_away(*tabs: Visitor) -> None:
    """Another window comes before theirs."""
    for tab in tabs:
        session = await tab.page.context.new_cdp_session(tab.page)
        await session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    other = await tabs[0].page.context.new_page()
    await other.bring_to_front()
    for tab in tabs:
        await holds(tab.page, "!document.hasFocus()")


async def is_up(visitor: Visitor, *expected: str) -> None:
    """Waits until these notifications are there, "tag | title | body", and no others."""

    async def same() -> bool:
        up = [" | ".join(note) for note in await visitor.page.evaluate(UP)]
        return up == list(expected)

    await until(same)


async def shown_by(*tabs: Visitor) -> list[str]:
    """What the tabs together have shown."""
    return [body for tab in tabs for body in await tab.page.evaluate("window.shown")]


async def test_a_message_is_shown_once_and_goes_when_it_is_read_elsewhere(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 3)
    await site.start()
    ada = await welcome(newcomer, site)
    tabs = (ada, await second_tab(ada, "/chat/attic"), await second_tab(ada, "/chat/attic"))
    phone = await newcomer("ada_l", "/chat/attic")
    grace = await newcomer("grace_o", "/chat/general")
    await look_away(*tabs)
    await grace.say("Is anybody there?")
    await is_up(ada, "room-1 | grace_o in #general | Is anybody there?")
    await expect(ada.page).to_have_title("(1) #general · Harbour Lab")
    await expect(ada.page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("unread"))
    await grace.say("Hello?")
    await is_up(ada, "room-1 | 2 new messages in #general | grace_o: Hello?")
    assert await shown_by(*tabs) == ["Is anybody there?", "grace_o: Hello?"]

    await phone.page.get_by_role("link", name="general").click()
    await is_up(ada)
    await expect(ada.page).to_have_title("#general · Harbour Lab")
    await expect(ada.page.locator("link[rel=icon]")).to_have_attribute("href", re.compile(r"favicon\.svg"))


async def test_what_one_tab_looks_at_is_shown_by_none(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 80)
    await site.start()
    ada = await welcome(newcomer, site, "/chat/attic")
    other = await second_tab(ada, "/chat/general")
    grace = await newcomer("grace_o", "/chat/attic")
    # Far from the end, so it is not read either.
    await ada.page.locator("roost-timeline").evaluate("(log) => { log.scrollTop = 0 }")
    await ada.page.bring_to_front()
    await grace.say("in the attic")
    await expect(ada.page.get_by_role("button", name="1 new")).to_be_visible()
    await grace.open("/chat/general")
    await look_away(other)
    await grace.say("in general")
    await is_up(ada, "room-1 | grace_o in #general | in general")
    assert await shown_by(ada, other) == ["in general"]


async def test_a_pressed_notification_leads_to_its_message(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 3)
    await site.start()
    ada, grace = await welcome(newcomer, site), await newcomer("grace_o", "/chat/attic")
    await grace.say("up here")
    await is_up(ada, "room-2 | grace_o in #attic | up here")
    (worker,) = ada.page.context.service_workers
    await worker.evaluate(PRESS)
    await expect(ada.page).to_have_url(f"{site.url}/chat/attic/4")
    await expect(ada.page.get_by_text("up here")).to_be_in_viewport()
    await is_up(ada)


async def test_who_does_not_want_it_is_told_nothing(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 3)
    await site.start()
    ada, grace = await welcome(newcomer, site), await newcomer("grace_o", "/chat/attic")
    settings = await ada.page.context.new_page()
    await settings.goto(f"{site.url}/settings/notifications")
    await settings.get_by_role("radio", name="Nothing").check()
    await expect(settings.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    await holds(ada.page, HEARS_NOTHING)
    await grace.say("up here")
    await expect(ada.page).to_have_title("• #general · Harbour Lab")
    await settings.get_by_role("radio", name="Every message in my rooms").check()
    await expect(ada.page).to_have_title("(1) #general · Harbour Lab")
    await grace.say("again")
    await is_up(ada, "room-2 | 2 new messages in #attic | grace_o: again")
    assert await shown_by(ada) == ["grace_o: again"]


async def test_a_room_may_tell_of_mentions_alone(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 3)
    await site.start()
    ada, grace = await welcome(newcomer, site), await newcomer("grace_o", "/chat/attic")
    await ada.ask("room.prefer", room=2, level="mentions")
    await grace.say("nothing for you")
    await expect(ada.page.locator("nav#rooms .is-unread")).to_have_count(1)
    await expect(ada.page).to_have_title("#general · Harbour Lab")
    await grace.say("@ada_l, this is", "and this is not")
    await is_up(ada, "room-2 | grace_o mentioned you in #attic | @ada_l, this is")
    await expect(ada.page).to_have_title("(1) #general · Harbour Lab")
    await ada.ask("room.prefer", room=2, level="nothing")
    await expect(ada.page).to_have_title("• #general · Harbour Lab")
    assert await shown_by(ada) == ["@ada_l, this is"]


async def test_permission_is_asked_for_by_a_button_after_the_first_message(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general", **STILL)
    await ada.page.add_init_script(ANSWER)
    await ada.open("/chat/general")
    await ada.is_live()
    line = ada.page.get_by_role("group", name="Notifications")
    await expect(line).to_have_count(0)
    await ada.say("hello")
    await expect(line.get_by_role("button", name="Allow notifications")).to_be_visible()
    assert await ada.page.evaluate("window.asked") == 0
    assert await violations(ada.page) == []
    await line.get_by_role("button", name="Allow notifications").click()
    await expect(line).to_have_count(0)
    assert await ada.page.evaluate("window.asked") == 1
    await ada.page.reload()
    await ada.is_live()
    await ada.say("hello again")
    await ada.sees("hello", "hello again")
    await expect(line).to_have_count(0)


async def test_who_says_no_is_told_how_to_change_their_mind(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await ada.page.add_init_script(ANSWER.replace('"granted"', '"denied"'))
    await ada.open("/chat/general")
    await ada.is_live()
    await ada.say("hello")
    line = ada.page.get_by_role("group", name="Notifications")
    await line.get_by_role("button", name="Allow notifications").click()
    await expect(line.get_by_role("status")).to_contain_text("blocks notifications")
    await line.get_by_role("button", name="Not now").click()
    await expect(line).to_have_count(0)
    await expect(ada.composer).to_be_focused()
