"""Every screen there is. In test_screens.py axe looks at each in every window and theme, and each is read in Russian;
`make screenshots` takes their pictures. So nothing here is found by its English words.
A new screen is a line in SCREENS, and a line in docs/screens.md."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Literal

from playwright.async_api import FilePayload, Page, expect

from tests.browser.site import Visitor, holds, until
from tests.browser.stage import Stage
from tests.browser.story import LIVE, POST
from tests.support.files import photo
from tests.support.house import new_nonce

AriaRole = Literal["complementary", "dialog", "menu"]
Show = Callable[[Stage], AbstractAsyncContextManager[Page]]

# A form from nowhere, as another site would make one.
FORGE = """() => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/logout" });
    document.body.append(form);
    form.submit();
}"""

ME = """async () => (await import("roost/core/app.js")).app.store.person.id"""
OPEN = """async ([what, id]) => {
    const { app } = await import("roost/core/app.js");
    const layers = await import("roost/features/layers.js");
    layers[what](app, (await app.live.person(id)).person);
}"""
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


ROOM = """async () => (await import("roost/core/app.js")).app.place.room"""


async def begin_thread(stage: Stage) -> tuple[int, int]:
    """Zoë has asked something, Juniper and Ada have answered; the room and the number."""
    room = await stage.zoe.page.evaluate(ROOM)
    asked = await stage.zoe.ask("message.send", room=room, nonce=new_nonce(), text="Who has the key to the boat shed?")
    number: int = asked["message"]["number"]
    for visitor, text in (
        (stage.juniper, "I gave it back on `Monday`."),
        (stage.zoe, "Then it is on the hook. Thanks!"),
    ):
        thread = await visitor.ask("thread.open", room=room, number=number)
        await visitor.ask("message.send", room=thread["room"]["id"], nonce=new_nonce(), text=text)
    return room, number


@asynccontextmanager
async def thread(stage: Stage) -> AsyncIterator[Page]:
    """Beside the room, opened by the replies under the message."""
    _, number = await begin_thread(stage)
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await stage.ada.page.locator(f'#log [data-number="{number}"] .replies').click()
    await expect(stage.ada.page.locator("roost-thread roost-timeline .msg")).to_have_count(2)
    yield stage.ada.page


@asynccontextmanager
async def threads(stage: Stage) -> AsyncIterator[Page]:
    """Of one that is followed something is new."""
    room, number = await begin_thread(stage)
    thread = await stage.ada.ask("thread.open", room=room, number=number)
    await stage.ada.page.goto(f"{stage.site.url}/welcome")
    await stage.zoe.ask("message.send", room=thread["room"]["id"], nonce=new_nonce(), text="@ada_wires, is it?")
    await stage.ada.page.goto(f"{stage.site.url}/threads")
    await expect(stage.ada.page.locator("[data-thread].is-new").first).to_be_visible()
    yield stage.ada.page


def searched(query: str, found: str) -> Show:
    """What a search comes to, once everything that was said is findable."""

    @asynccontextmanager
    async def show(stage: Stage) -> AsyncIterator[Page]:
        page = stage.ada.page
        await page.goto(f"{stage.site.url}/search")
        await page.locator("#search-query").fill(query)

        async def is_found() -> bool:
            await page.locator("#search-query").press("Enter")
            await page.locator(".search :is([data-hit], [data-part=none]:not([hidden]))").first.wait_for()
            return await page.locator(found).count() > 0

        await until(is_found)
        await page.locator(found).first.wait_for()
        yield page

    return show


@asynccontextmanager
async def saved(stage: Stage) -> AsyncIterator[Page]:
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    room = await stage.ada.page.evaluate("import('roost/core/app.js').then(({ app }) => app.place.room)")
    for number in (1, 2):
        await stage.ada.ask("message.save", room=room, number=number, on=True)
    await stage.ada.page.goto(f"{stage.site.url}/saved")
    await expect(stage.ada.page.locator("roost-saved .mentioned")).to_have_count(2)
    yield stage.ada.page


@asynccontextmanager
async def pinned(stage: Stage) -> AsyncIterator[Page]:
    """The details of a room that has pinned a message."""
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    room = await stage.ada.page.evaluate("import('roost/core/app.js').then(({ app }) => app.place.room)")
    await stage.juniper.ask("message.pin", room=room, number=2, on=True)
    await open_details(stage.ada.page)
    await stage.ada.page.locator("#tab-pins").click()
    await expect(stage.ada.page.locator(".pins__pin")).to_have_count(1)
    yield stage.ada.page
    await stage.juniper.ask("message.pin", room=room, number=2, on=False)


@asynccontextmanager
async def room_files(stage: Stage) -> AsyncIterator[Page]:
    """The details of a room to which Juniper has added some."""
    await with_files(stage)
    await open_details(stage.ada.page)
    await stage.ada.page.locator("#tab-files").click()
    await expect(stage.ada.page.locator(".kept__file")).to_have_count(2)
    yield stage.ada.page


async def react_to_story(stage: Stage) -> None:
    """Three react to what was said last in a room that Ada has open."""
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    room, last = await stage.ada.page.evaluate(
        "import('roost/core/app.js').then(({ app }) => [app.place.room, app.store.room(app.place.room).number])"
    )
    for who, emoji in (
        (stage.ada, "🎉"),
        (stage.zoe, "🎉"),
        (stage.juniper, "🎉"),
        (stage.juniper, "🌊"),
        (stage.zoe, "👀"),
    ):
        await who.ask("message.react", room=room, number=last, emoji=emoji, on=True)
    await expect(stage.ada.page.locator("[data-part=reaction]")).to_have_count(3)


@asynccontextmanager
async def reactions(stage: Stage) -> AsyncIterator[Page]:
    """Below a message, with the names of one; fingers have none."""
    await react_to_story(stage)
    if not stage.window.touch:
        await stage.ada.page.locator("[data-part=reaction]").first.focus()
    yield stage.ada.page


@asynccontextmanager
async def emoji(stage: Stage) -> AsyncIterator[Page]:
    await react_to_story(stage)
    await stage.ada.page.locator("[data-action=emoji]").click()
    await stage.ada.page.locator(".picker [data-emoji]").nth(3).focus()
    await holds(stage.ada.page, "document.getAnimations().every((each) => each.playState !== 'running')")
    yield stage.ada.page


@asynccontextmanager
async def files(stage: Stage) -> AsyncIterator[Page]:
    """Juniper has sent some, and Ada is about to: one of hers is refused."""
    await with_files(stage)
    page = stage.ada.page
    broken: FilePayload = {"name": "sunrise.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n and no more"}
    await pick(page, TABLE, PHOTO, broken)
    await expect(page.locator(".drop.is-failed .drop__reason")).not_to_be_empty()
    await stage.ada.write("The second one is sharper.")
    yield page
    await stage.ada.write("")
    for _ in range(3):
        await page.locator("[data-action=remove-file]").first.click()


@asynccontextmanager
async def lightbox(stage: Stage) -> AsyncIterator[Page]:
    await with_files(stage)
    await stage.ada.page.locator(".pic").first.click()
    await expect(stage.ada.page.get_by_role("dialog")).to_be_visible()
    yield stage.ada.page


PHOTO: FilePayload = {"name": "buoy-5.jpg", "mimeType": "image/jpeg", "buffer": photo(1600, 1040)}
TABLE: FilePayload = {"name": "raw-1340.csv", "mimeType": "text/csv", "buffer": b"13:40;-0.12\n" * 9000}


async def pick(page: Page, *files: FilePayload) -> None:
    async with page.expect_file_chooser() as chooser:
        await page.locator("[data-action=add-files]").click()
    await (await chooser.value).set_files(files)


async def with_files(stage: Stage) -> None:
    """In the room where the least is said."""
    juniper = stage.juniper.page
    await stage.juniper.visit("/chat/off-topic")
    if await juniper.locator("roost-timeline .pic").count() == 0:
        await pick(juniper, PHOTO, TABLE)
        await juniper.locator("[data-part=describe]").first.fill("An orange buoy on calm water at sunrise")
        await stage.juniper.say("From this morning, with what it measured.")
    await stage.ada.open("/chat/off-topic")
    await stage.ada.is_live()
    await expect(stage.ada.page.locator(".pic img")).to_be_visible()
    await stage.juniper.visit("/chat/tide-sensors")


async def open_forward(page: Page) -> None:
    await open_message_menu(page)
    await page.locator("[data-item=forward]").click()
    await page.locator("dialog [data-part=query]").press("Enter")
    await page.locator("#forward-comment").wait_for()


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


@asynccontextmanager
async def with_cards(stage: Stage) -> AsyncIterator[Page]:
    """A page that was linked to, and a post on X."""
    await stage.juniper.visit("/chat/off-topic")
    await stage.juniper.say(f"This is why I never fix anything on a Friday: {POST.url}")
    await expect(stage.juniper.page.locator(f".msg:not([data-state]) a[href='{POST.url}']").last).to_be_visible()
    stage.site.draw("off-topic", POST)
    await stage.ada.open("/chat/off-topic")
    await stage.ada.is_live()
    await expect(stage.ada.page.locator(".card").last).to_be_visible()
    yield stage.ada.page
    await stage.juniper.visit("/chat/tide-sensors")


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


LAST_OWN = "roost-timeline .msg--mine[data-number]"


@asynccontextmanager
async def edited(stage: Stage) -> AsyncIterator[Page]:
    """Zoë has said something, and then said it better."""
    await stage.zoe.open("/chat/tide-sensors")
    await stage.zoe.is_live()
    await stage.zoe.say("The ferry passes at 13:40.")
    last = stage.zoe.page.locator(LAST_OWN).last
    await expect(last).to_contain_text("The ferry passes at 13:40.")
    room = await stage.zoe.page.evaluate("async () => (await import('roost/core/app.js')).app.place.room")
    key = {"room": room, "number": int(await last.get_attribute("data-number") or 0)}
    await stage.zoe.ask("message.edit", text="The ferry passes at 13:40, or at 13:50 on Sundays.", **key)
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await expect(stage.ada.page.locator("[data-part=edited]")).to_have_count(1)
    yield stage.ada.page
    await stage.zoe.ask("message.remove", **key)


@asynccontextmanager
async def editing(stage: Stage) -> AsyncIterator[Page]:
    async with edited(stage) as page:
        await stage.ada.write("Looking now. The raw log says it too.")
        await page.locator("[data-action=send]").click()
        last = page.locator(LAST_OWN).last
        await expect(last).to_contain_text("Looking now.")
        await stage.ada.composer.press("ArrowUp")
        await page.locator("[data-part=edit-text]").fill("Looking now. The raw log says it too, so it was the ferry.")
        yield page
        await page.keyboard.press("Escape")
        await last.press("Enter")
        await page.locator("[data-item=remove]").click()
        await page.locator("dialog [type=submit]").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)


@asynccontextmanager
async def replying(stage: Stage) -> AsyncIterator[Page]:
    """Ada was answered, and is about to answer."""
    async with edited(stage) as page:
        room = await page.evaluate("async () => (await import('roost/core/app.js')).app.place.room")
        number = int(await page.locator("roost-timeline .msg[data-number]").last.get_attribute("data-number") or 0)
        said = []
        for who, text in ((stage.ada, "Then it was the wake."), (stage.zoe, "It was, and not for the first time.")):
            answer = {"room": room, "nonce": new_nonce(), "text": text, "reply_to": number}
            number = (await who.ask("message.send", **answer))["message"]["number"]
            said.append((who, number))
        await expect(page.locator(f"#m-{number} [data-part=quote]")).to_be_visible()
        await stage.ada.composer.press("Shift+ArrowUp")
        await expect(page.locator("[data-part=reply]")).to_be_visible()
        yield page
        await page.keyboard.press("Escape")
        for who, each in reversed(said):
            await who.ask("message.remove", room=room, number=each)


@asynccontextmanager
async def versions(stage: Stage) -> AsyncIterator[Page]:
    async with edited(stage) as page:
        await page.locator("[data-part=edited]").press("Enter")
        await expect(page.locator("[data-part=version-text]")).to_have_count(2)
        yield page


@asynccontextmanager
async def removing(stage: Stage) -> AsyncIterator[Page]:
    """An admin is about to remove what somebody else has said; the message before has gone already."""
    async with edited(stage):
        admin = await stage.admin()
        await admin.open("/chat/tide-sensors")
        await admin.is_live()
        for taken in (True, False):
            await admin.page.locator(".msg:not(.msg--gone)").last.press("Enter")
            await admin.page.locator("[data-item=remove]").click()
            await expect(admin.page.get_by_role("dialog")).to_be_visible()
            if taken:
                await admin.page.locator("dialog [type=submit]").click()
                await expect(admin.page.locator(".msg--gone")).to_have_count(1)
        yield admin.page
        await admin.page.goto(f"{stage.site.url}/settings")


@asynccontextmanager
async def direct(stage: Stage) -> AsyncIterator[Page]:
    """Juniper has written to Ada, and Zoë to both."""
    ada, juniper = [await visitor.page.evaluate(ME) for visitor in (stage.ada, stage.juniper)]
    three = (await stage.zoe.ask("direct.open", people=[ada, juniper]))["room"]
    two = (await stage.juniper.ask("direct.open", people=[ada]))["room"]
    if two["number"] == 0:
        await tell(stage.zoe, three, "I bring the bread on Friday, if you two see to the soup.")
        await tell(stage.juniper, two, "Thank you for taking the boat out today. I owe you a coffee.")
        await tell(stage.ada, two, "Two coffees. It rained sideways.")
        await tell(stage.juniper, two, "Could you look at my retry before the sync?")
    await stage.ada.ask("room.read", room=three["id"], number=1)
    await stage.ada.open(f"/chat/{two['slug']}")
    await stage.ada.is_live()
    yield stage.ada.page


@asynccontextmanager
async def away(stage: Stage) -> AsyncIterator[Page]:
    """The others have not touched their pages for a while, as the panel says, and their cards."""
    for visitor in (stage.juniper, stage.zoe):
        await visitor.ask("presence.idle", idle=True)
    async with over(open_details, "complementary")(stage) as page:
        await page.locator(".people--here [data-action=person]", has_text="zoe_a").click()
        await expect(page.get_by_role("dialog").locator(".presence--idle")).to_be_visible()
        yield page
    for visitor in (stage.juniper, stage.zoe):
        await visitor.ask("presence.idle", idle=False)


async def tell(visitor: Visitor, room: dict[str, Any], text: str) -> None:
    await visitor.ask("message.send", room=room["id"], nonce=new_nonce(), text=text)


@asynccontextmanager
async def direct_new(stage: Stage) -> AsyncIterator[Page]:
    """One is chosen, and another looked for."""
    await rooms_shown(stage)
    page = stage.ada.page
    await page.locator("[data-action=new-talk]").click()
    await page.locator("[data-action=choose]").first.click()
    await expect(page.locator("[data-part=chosen] li")).to_have_count(1)
    yield page


async def rooms_shown(stage: Stage) -> None:
    """Where the list of rooms is in view, on a phone too."""
    await stage.ada.page.goto(f"{stage.site.url}/welcome")
    await stage.ada.open("/chat/tide-sensors#rooms" if stage.window.touch else "/chat/tide-sensors")
    await stage.ada.is_live()


@asynccontextmanager
async def suggestions(stage: Stage) -> AsyncIterator[Page]:
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await stage.ada.composer.press_sequentially("Ask @")
    await expect(stage.ada.page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    yield stage.ada.page
    await stage.ada.write("")


@asynccontextmanager
async def slash(stage: Stage) -> AsyncIterator[Page]:
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await stage.ada.composer.press_sequentially("/")
    await expect(stage.ada.page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    yield stage.ada.page
    await stage.ada.write("")


@asynccontextmanager
async def calling(stage: Stage) -> AsyncIterator[Page]:
    """How many a message tells."""
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await stage.ada.write("@all, the tide turns at four.")
    await expect(stage.ada.page.locator("[data-part=reach]")).to_be_visible()
    yield stage.ada.page
    await stage.ada.write("")


@asynccontextmanager
async def no_command(stage: Stage) -> AsyncIterator[Page]:
    """What is said to its writer alone."""
    await stage.ada.open("/chat/tide-sensors")
    await stage.ada.is_live()
    await stage.ada.write("/dance")
    await stage.ada.page.locator("[data-action=send]").click()
    await expect(stage.ada.page.locator("[data-part=note]")).to_be_visible()
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


def about_juniper(what: str, *, by_admin: bool = False) -> Show:
    """What one is asked before one does this to somebody."""

    @asynccontextmanager
    async def show(stage: Stage) -> AsyncIterator[Page]:
        reader = await stage.admin() if by_admin else stage.ada
        await reader.open("/chat/tide-sensors")
        await reader.is_live()
        await reader.page.evaluate(OPEN, [what, await stage.juniper.person_id()])
        await expect(reader.page.get_by_role("dialog")).to_be_visible()
        yield reader.page

    return show


@asynccontextmanager
async def muted(stage: Stage) -> AsyncIterator[Page]:
    admin = await stage.admin()
    for person in (admin, stage.ada):
        await person.open("/chat/tide-sensors")
        await person.is_live()
    ada = await stage.ada.person_id()
    await admin.ask("member.mute", person=ada, minutes=1440)
    await expect(stage.ada.page.locator("[data-by=muted]")).to_be_visible()
    yield stage.ada.page
    await admin.ask("member.unmute", person=ada)


@asynccontextmanager
async def banned(stage: Stage) -> AsyncIterator[Page]:
    """Somebody signs in who was put out, and sees that they were."""
    admin, handle = await stage.admin(), f"bruno_{stage.window.width}"
    await stage.knock(stage.guest.page, handle, "open")
    await stage.guest.open("/chat/tide-sensors")
    await stage.guest.is_live()
    bruno = await stage.guest.person_id()
    await admin.open("/chat/tide-sensors")
    await admin.is_live()
    await admin.ask("member.ban", person=bruno)
    await stage.guest.page.wait_for_url("**/?notice=banned")
    await stage.knock(stage.guest.page, handle, "open")
    yield stage.guest.page


def moderating(path: str) -> Show:
    """A page of moderators, who have something to do."""

    @asynccontextmanager
    async def show(stage: Stage) -> AsyncIterator[Page]:
        admin = await stage.admin()
        for person in (admin, stage.ada):
            await person.open("/chat/tide-sensors")
            await person.is_live()
        zoe = await stage.zoe.person_id()
        room = await stage.zoe.page.evaluate("async () => (await import('roost/core/app.js')).app.place.room")
        sent = await stage.zoe.ask("message.send", room=room, nonce="reported-message", text="Who wants a fridge?")
        number = sent["message"]["number"]
        await stage.ada.ask("message.report", room=room, number=number, reason="off_topic", note="Not again…")
        await admin.ask("member.mute", person=zoe, minutes=60)
        await admin.page.goto(stage.site.url + path)
        yield admin.page
        await admin.open("/chat/tide-sensors")
        await admin.is_live()
        await admin.ask("member.unmute", person=zoe)

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
async def room_webhooks(stage: Stage) -> AsyncIterator[Page]:
    """One just made, which goes again: its bot is in no other picture."""
    page = (await stage.admin()).page
    await page.goto(f"{stage.site.url}/chat/general/webhooks")
    await page.locator("#incoming-name").fill("Ferry times")
    await page.locator("form:has(#incoming-name) button").click()
    await expect(page.locator("#link")).to_be_visible()
    yield page
    await page.locator("button[name=remove]").click()
    await expect(page.locator("button[name=remove]")).to_have_count(0)


@asynccontextmanager
async def settings_waiting(stage: Stage) -> AsyncIterator[Page]:
    await stage.waiting()
    page = (await stage.admin()).page
    await page.goto(f"{stage.site.url}/settings/waiting")
    yield page


@asynccontextmanager
async def public(stage: Stage) -> AsyncIterator[Page]:
    """A room as somebody reads it who has no account."""
    await stage.site.publish("tide-sensors")
    await stage.guest.page.goto(f"{stage.site.url}/chat/tide-sensors")
    yield stage.guest.page


@asynccontextmanager
async def public_day(stage: Stage) -> AsyncIterator[Page]:
    """A message to which a link leads, then its day."""
    await stage.site.publish("tide-sensors")
    await stage.guest.page.goto(f"{stage.site.url}/chat/tide-sensors/1")
    await stage.guest.page.locator(".day a").first.click()
    await stage.guest.page.locator("[rel=next]").wait_for()
    yield stage.guest.page


async def asked(stage: Stage) -> dict[str, str]:
    """A program's codes."""
    answer = await stage.guest.page.request.post(f"{stage.site.url}/device/code", data={"name": "terminal on laptop"})
    assert answer.ok, await answer.text()
    codes: dict[str, str] = await answer.json()
    return codes


@asynccontextmanager
async def device_answer(stage: Stage) -> AsyncIterator[Page]:
    await stage.ada.page.goto((await asked(stage))["verification_uri_complete"])
    yield stage.ada.page


@asynccontextmanager
async def settings_devices(stage: Stage) -> AsyncIterator[Page]:
    """With a program."""
    page = stage.ada.page
    await page.goto(f"{stage.site.url}/settings/devices")
    if await page.locator("[name=token]").count() == 0:
        codes = await asked(stage)
        await page.goto(codes["verification_uri_complete"])
        await page.locator("[value=approve]").click()
        given = await page.request.post(f"{stage.site.url}/device/token", data={"device_code": codes["device_code"]})
        assert given.ok, await given.text()
        await page.goto(f"{stage.site.url}/settings/devices")
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
    "saved": saved,
    "search": searched("in:tide-sensors cold start", ".hit mark"),
    "search-none": searched("kittiwake protocol", ".search [data-part=none]:not([hidden])"),
    "threads": threads,
    "chat-mentioned": mentioned,
    "chat-thread": thread,
    "chat": chat,
    "rooms": rooms,
    "directory": inside("/rooms"),
    "chat-formatted": inside("/chat/general"),
    "chat-cards": with_cards,
    "chat-compose": suggestions,
    "chat-reactions": reactions,
    "chat-picker": emoji,
    "chat-commands": slash,
    "chat-no-command": no_command,
    "chat-call": calling,
    "chat-files": files,
    "chat-lightbox": lightbox,
    "chat-dates": over(lambda page: page.locator("[data-action=pick-day]").last.click(), "dialog"),
    "chat-switcher": over(press("Control+k"), "dialog"),
    "chat-keys": over(press("Control+/"), "dialog"),
    "chat-menu": over(open_message_menu, "menu"),
    "chat-edit": editing,
    "chat-reply": replying,
    "chat-versions": versions,
    "room-menu": over(open_room_menu, "menu"),
    "chat-profile": over(open_profile, "dialog"),
    "chat-away": away,
    "chat-folded": blocking("/chat/tide-sensors"),
    "chat-report": about_juniper("openReport"),
    "chat-mute": about_juniper("openMute", by_admin=True),
    "chat-ban": about_juniper("openBan", by_admin=True),
    "chat-muted": muted,
    "chat-details": over(open_details, "complementary"),
    "chat-pins": pinned,
    "chat-room-files": room_files,
    "chat-forward": over(open_forward, "dialog"),
    "room-new": over(open_new_room, "dialog"),
    "room-settings": in_own_room("room-settings"),
    "room-add": in_own_room("add-people"),
    "room-leave": in_own_room("leave-room"),
    "room-archived": archived,
    "direct": direct,
    "direct-new": direct_new,
    "chat-scrolled": scrolled,
    "room-empty": empty,
    "chat-loading": loading,
    "chat-offline": offline,
    "chat-reconnecting": reconnecting,
    "settings": inside("/settings"),
    "settings-notify": inside("/settings/notifications"),
    "settings-devices": settings_devices,
    "device": inside("/device"),
    "device-answer": device_answer,
    "settings-blocked": blocking("/settings/blocked"),
    "settings-data": inside("/settings/data"),
    "offline": outside("/offline"),
    "error-403": forbidden,
    "error-404": outside("/nowhere"),
    "error-500": broken,
    "invite": invite,
    "invite-over": outside("/invite/over"),
    "not-invited": not_invited,
    "banned": banned,
    "waiting": waiting,
    "public": public,
    "public-day": public_day,
    "settings-door": settings_door,
    "settings-invites": settings_invites,
    "settings-waiting": settings_waiting,
    "waiting-refused": refused,
    "chat-remove": removing,
    "moderation": moderating("/moderation"),
    "moderation-log": moderating("/moderation/log"),
    "moderation-people": moderating("/moderation/people"),
    "room-webhooks": room_webhooks,
}
