"""Every screen there is. In test_screens.py axe looks at each in every window and theme, and each is read in Russian;
`make screenshots` takes their pictures. So nothing here is found by its English words.
A new screen is a line in SCREENS, and a line in docs/screens.md."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Literal

from playwright.async_api import Page, expect

from tests.browser.site import holds
from tests.browser.stage import Stage
from tests.browser.story import LIVE

AriaRole = Literal["complementary", "dialog", "menu"]
Show = Callable[[Stage], AbstractAsyncContextManager[Page]]

# A form from nowhere, as another site would make one.
FORGE = """() => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/logout" });
    document.body.append(form);
    form.submit();
}"""

ME = """async () => (await import("roost/core/app.js")).app.store.person.id"""
SET_BLOCKED = """async ([id, blocked]) => (await import("roost/core/app.js")).app.live.block(id, blocked)"""


def outside(path: str) -> Show:
    """A page for everybody."""

    @asynccontextmanager
    async def show(stage: Stage) -> AsyncIterator[Page]:
        await stage.guest.page.goto(stage.site.url + path)
        yield stage.guest.page

    return show


def inside(path: str) -> Show:
    """A page for who is signed in."""

    @asynccontextmanager
    async def show(stage: Stage) -> AsyncIterator[Page]:
        await stage.ada.page.goto(stage.site.url + path)
        yield stage.ada.page

    return show


@asynccontextmanager
async def forbidden(stage: Stage) -> AsyncIterator[Page]:
    await stage.guest.page.goto(stage.site.url)
    await stage.guest.page.evaluate(FORGE)
    await expect(stage.guest.page.get_by_text("403")).to_be_visible()
    yield stage.guest.page


@asynccontextmanager
async def broken(stage: Stage) -> AsyncIterator[Page]:
    """The server cannot read what it wrote."""
    async with stage.site.without_table("memberships"):
        await stage.ada.page.goto(f"{stage.site.url}/chat/general")
        await expect(stage.ada.page.get_by_text("500")).to_be_visible()
        yield stage.ada.page


@asynccontextmanager
async def catch_up(stage: Stage) -> AsyncIterator[Page]:
    """Two have written in two rooms while Ada was away."""
    await stage.ada.page.goto(f"{stage.site.url}/welcome")
    await stage.zoe.say("The first ferry has gone. Nobody missed it this time.")
    await stage.juniper.visit("/chat/off-topic")
    await stage.juniper.say("Soup at the harbour on Friday? Who is in?", "There will be bread.")
    await stage.juniper.visit("/chat/tide-sensors")
    await stage.ada.page.goto(f"{stage.site.url}/catch-up")
    await expect(stage.ada.page.locator("[data-part=digest] > li")).to_have_count(2)
    yield stage.ada.page


@asynccontextmanager
async def mentions(stage: Stage) -> AsyncIterator[Page]:
    """One mention was read, one is new."""
    await stage.juniper.visit("/chat/off-topic")
    await stage.juniper.say("Who has the soup pot? @ada_wires had it last.")
    await stage.ada.open("/chat/off-topic")
    await stage.ada.is_live()
    await expect(stage.ada.page.locator(".msg--for-me").last).to_be_visible()
    await holds(stage.ada.page, "(await import('roost/core/app.js')).app.store.forMe === 0")
    await stage.ada.page.goto(f"{stage.site.url}/welcome")
    await stage.zoe.say("@ada_wires the gasket is here. @juniper signed for it.")
    await stage.juniper.visit("/chat/tide-sensors")
    await stage.ada.page.goto(f"{stage.site.url}/mentions")
    await expect(stage.ada.page.locator(".mentioned.is-new").first).to_be_visible()
    yield stage.ada.page


@asynccontextmanager
async def mentioned(stage: Stage) -> AsyncIterator[Page]:
    """In the room itself."""
    await stage.zoe.say("@ada_wires or @juniper, one of you has the key.")
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await expect(stage.ada.page.locator(".msg--for-me").last).to_be_visible()
    yield stage.ada.page


@asynccontextmanager
async def chat(stage: Stage) -> AsyncIterator[Page]:
    """Two have written while Ada was away, and one writes on."""
    await stage.ada.page.goto(f"{stage.site.url}/welcome")
    await stage.juniper.say(LIVE[0])
    await stage.zoe.say(*LIVE[1:])
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await stage.juniper.composer.press_sequentially("Hm")
    await expect(stage.ada.page.locator("[data-part=typing]")).not_to_be_empty()
    yield stage.ada.page
    await stage.juniper.write("")


def over(do: Callable[[Page], Awaitable[None]], role: AriaRole) -> Show:
    """What opens over the chat, found by its role, when somebody does something."""

    @asynccontextmanager
    async def show(stage: Stage) -> AsyncIterator[Page]:
        await stage.ada.open("/chat/tide-sensors")
        await stage.ada.is_live()
        await do(stage.ada.page)
        await expect(stage.ada.page.get_by_role(role).first).to_be_visible()
        yield stage.ada.page

    return show


def press(keys: str) -> Callable[[Page], Awaitable[None]]:
    return lambda page: page.keyboard.press(keys)


async def open_message_menu(page: Page) -> None:
    await page.locator(".msg").last.press("Enter")


async def open_profile(page: Page) -> None:
    await page.locator(".msg:not(.msg--mine, .msg--grouped) [data-action=profile]").last.click()


async def open_room_menu(page: Page) -> None:
    await page.locator(".bar [data-action=room-menu]").click()


async def open_new_room(page: Page) -> None:
    """The button is in the list of rooms, which a phone shows in the room's place."""
    await page.locator("[data-action=new-room]").evaluate("(button) => button.click()")


async def open_details(page: Page) -> None:
    if not await page.get_by_role("complementary").is_visible():
        await page.locator(".bar [data-action=details]:visible").first.click()


def in_own_room(action: str) -> Show:
    """What opens when somebody presses this in the details of a room that they made."""

    @asynccontextmanager
    async def show(stage: Stage) -> AsyncIterator[Page]:
        page = stage.ada.page
        await stage.ada.open("/chat/tide-sensors")
        await stage.ada.is_live()
        if await page.locator("nav#rooms a", has_text="boats").count() == 0:
            await stage.ada.ask("room.create", name="boats", kind="public", topic="Plans, varnish, regrets.")
        await stage.ada.visit("/chat/boats")
        await open_details(page)
        await page.locator(f"[data-action={action}]").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        yield page

    return show


@asynccontextmanager
async def archived(stage: Stage) -> AsyncIterator[Page]:
    async with in_own_room("leave-room")(stage) as page:
        await page.keyboard.press("Escape")
        room = await page.evaluate("async () => (await import('roost/core/app.js')).app.place.room")
        await stage.ada.ask("room.change", room=room, archived=True)
        await stage.ada.visit("/chat/boats")
        await expect(page.locator("[data-by=archived]")).to_be_visible()
        yield page
        await stage.ada.ask("room.change", room=room, archived=False)


@asynccontextmanager
async def suggestions(stage: Stage) -> AsyncIterator[Page]:
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await stage.ada.composer.press_sequentially("Ask @")
    await expect(stage.ada.page.get_by_role("option").first).to_be_visible()
    yield stage.ada.page
    await stage.ada.write("")


@asynccontextmanager
async def rooms(stage: Stage) -> AsyncIterator[Page]:
    """What a phone shows in place of the room."""
    await stage.ada.page.goto(f"{stage.site.url}/welcome")
    await stage.ada.page.goto(f"{stage.site.url}/chat/tide-sensors#rooms")
    await expect(stage.ada.page.locator("nav#rooms")).to_be_visible()
    yield stage.ada.page


@asynccontextmanager
async def empty(stage: Stage) -> AsyncIterator[Page]:
    await stage.ada.open("/chat/core-team")
    await stage.ada.is_live()
    yield stage.ada.page


@asynccontextmanager
async def scrolled(stage: Stage) -> AsyncIterator[Page]:
    """Somebody writes while Ada reads further up."""
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await stage.ada.page.locator("roost-timeline").evaluate("(log) => { log.scrollTop -= 600 }")
    await stage.juniper.say("The graph is up. It was the ferry.")
    await expect(stage.ada.page.locator("[data-part=latest].is-new")).to_be_visible()
    yield stage.ada.page


@asynccontextmanager
async def loading(stage: Stage) -> AsyncIterator[Page]:
    """A room that was not open yet, of a server that takes its time."""
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    stage.site.freeze()
    try:
        await stage.ada.visit("/chat/off-topic")
        await expect(stage.ada.page.locator(".bones").first).to_be_visible()
        yield stage.ada.page
    finally:
        stage.site.thaw()


@asynccontextmanager
async def offline(stage: Stage) -> AsyncIterator[Page]:
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await stage.ada.offline()
    await stage.ada.write("Under the bridge. The readings come when I’m out.")
    await stage.ada.page.locator("[data-action=send]").click()
    await expect(stage.ada.page.locator(".msg[data-state=waiting] .fate")).to_be_visible()
    yield stage.ada.page
    await stage.ada.online()
    await stage.ada.is_live()


@asynccontextmanager
async def reconnecting(stage: Stage) -> AsyncIterator[Page]:
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await stage.site.kill()
    await expect(stage.ada.page.locator("[data-when=reconnecting]")).to_be_visible()
    yield stage.ada.page
    await stage.site.start()
    for person in (stage.ada, stage.juniper, stage.zoe):
        await person.page.reload()
        await person.is_live()


def blocking(path: str) -> Show:
    """A page of Ada's, who has blocked Zoë for the time being."""

    @asynccontextmanager
    async def show(stage: Stage) -> AsyncIterator[Page]:
        zoe = await stage.zoe.page.evaluate(ME)
        await stage.ada.open("/chat/tide-sensors")
        await stage.ada.is_live()
        await stage.ada.page.evaluate(SET_BLOCKED, [zoe, True])
        await stage.ada.page.goto(stage.site.url + path)
        yield stage.ada.page
        await stage.ada.open("/chat/tide-sensors")
        await stage.ada.is_live()
        await stage.ada.page.evaluate(SET_BLOCKED, [zoe, False])

    return show


@asynccontextmanager
async def invite(stage: Stage) -> AsyncIterator[Page]:
    """A link into two rooms, made by an admin on the page for it."""
    page = (await stage.admin()).page
    await make_link(page, stage.site.url)
    await stage.guest.page.goto(await page.locator("#link").input_value())
    yield stage.guest.page


async def make_link(page: Page, url: str) -> None:
    await page.goto(f"{url}/settings/invites")
    for slug in ("tide-sensors", "general"):
        await page.locator(".tick", has_text=slug).click()
    await page.locator("form:has(#days) button").click()
    await expect(page.locator("#link")).to_be_visible()


@asynccontextmanager
async def not_invited(stage: Stage) -> AsyncIterator[Page]:
    await stage.knock(stage.guest.page, "sol", "invited")
    yield stage.guest.page


@asynccontextmanager
async def waiting(stage: Stage) -> AsyncIterator[Page]:
    page = (await stage.waiting()).page
    await stage.site.choose_door("waiting")
    await page.reload()
    yield page
    await stage.site.choose_door("open")


@asynccontextmanager
async def refused(stage: Stage) -> AsyncIterator[Page]:
    """An admin says no, and the page of who waited says so by itself."""
    page, admin = (await stage.waiting()).page, (await stage.admin()).page
    await admin.goto(f"{stage.site.url}/settings/waiting")
    await admin.locator("[name=refuse]").first.click()
    await expect(page.locator("[data-state=refused]")).to_be_visible()
    yield page


@asynccontextmanager
async def settings_door(stage: Stage) -> AsyncIterator[Page]:
    page = (await stage.admin()).page
    await page.goto(f"{stage.site.url}/settings/door")
    await page.locator("#handles").fill("@marlow_b @ines_fr")
    await page.locator("form:has(#handles) button").click()
    await expect(page.locator("[name=remove]").first).to_be_visible()
    yield page


@asynccontextmanager
async def settings_invites(stage: Stage) -> AsyncIterator[Page]:
    page = (await stage.admin()).page
    await make_link(page, stage.site.url)
    yield page


@asynccontextmanager
async def settings_waiting(stage: Stage) -> AsyncIterator[Page]:
    await stage.waiting()
    page = (await stage.admin()).page
    await page.goto(f"{stage.site.url}/settings/waiting")
    yield page


SCREENS: dict[str, Show] = {
    "signin": outside("/"),
    "signin-declined": outside("/?notice=cancelled"),
    "signin-failed": outside("/?notice=failed"),
    "signin-signed-out": outside("/?notice=signed_out"),
    "rules": outside("/rules"),
    "privacy": outside("/privacy"),
    "welcome": inside("/welcome"),
    "first-owner": inside("/first-owner"),
    "catch-up": catch_up,
    "mentions": mentions,
    "chat-mentioned": mentioned,
    "chat": chat,
    "rooms": rooms,
    "directory": inside("/rooms"),
    "chat-compose": suggestions,
    "chat-dates": over(lambda page: page.locator("[data-action=pick-day]").last.click(), "dialog"),
    "chat-switcher": over(press("Control+k"), "dialog"),
    "chat-keys": over(press("Control+/"), "dialog"),
    "chat-menu": over(open_message_menu, "menu"),
    "room-menu": over(open_room_menu, "menu"),
    "chat-profile": over(open_profile, "dialog"),
    "chat-folded": blocking("/chat/tide-sensors"),
    "chat-details": over(open_details, "complementary"),
    "room-new": over(open_new_room, "dialog"),
    "room-settings": in_own_room("room-settings"),
    "room-add": in_own_room("add-people"),
    "room-leave": in_own_room("leave-room"),
    "room-archived": archived,
    "chat-scrolled": scrolled,
    "room-empty": empty,
    "chat-loading": loading,
    "chat-offline": offline,
    "chat-reconnecting": reconnecting,
    "settings": inside("/settings"),
    "settings-notify": inside("/settings/notifications"),
    "settings-devices": inside("/settings/devices"),
    "settings-blocked": blocking("/settings/blocked"),
    "settings-data": inside("/settings/data"),
    "offline": outside("/offline"),
    "error-403": forbidden,
    "error-404": outside("/nowhere"),
    "error-500": broken,
    "invite": invite,
    "invite-over": outside("/invite/over"),
    "not-invited": not_invited,
    "waiting": waiting,
    "settings-door": settings_door,
    "settings-invites": settings_invites,
    "settings-waiting": settings_waiting,
    "waiting-refused": refused,
}
