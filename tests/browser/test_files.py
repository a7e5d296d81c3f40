"""Files on their way into messages, and what is seen of them there."""

import asyncio
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, Request, Route, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, holds

PHONE = {"width": 390, "height": 844}
DROP = """async ([name, type, text, place = "section.room"]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([Uint8Array.from(text, (letter) => letter.charCodeAt(0))], name, { type }));
    const log = document.querySelector(`${place} roost-timeline`);
    const fire = (what) =>
        log.dispatchEvent(new DragEvent(what, { dataTransfer, bubbles: true, cancelable: true }));
    fire("dragover");
    const zones = [...document.querySelectorAll(".dropzone")].filter((zone) => zone.checkVisibility());
    fire("drop");
    return zones.length === 1 && zones[0].closest(place) !== null;
}"""
PASTE = """async ([name, type, bytes, field = "#message"]) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(bytes)], name, { type }));
    document.querySelector(field).dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
RECORD = """async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 90, height: 160 });
    const pen = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: "video/webm" });
    const pieces = [];
    recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
    const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
    recorder.start();
    for (let frame = 0; frame < 20; frame += 1) {
        await new Promise(requestAnimationFrame);
        pen.fillStyle = frame % 2 ? "steelblue" : "orange";
        pen.fillRect(0, 0, 90, 160);
    }
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
}"""
LIMIT = "async (bytes) => { (await import('roost/core/app.js')).app.store.fileLimit = bytes; }"
REMOVE = """async (number) => {
    const { app } = await import("roost/core/app.js");
    await app.socket.request({ type: "message.remove", room: app.place.room, number });
}"""
IN_TWOS = """async () => {
    const { app } = await import("roost/core/app.js");
    const request = app.socket.request.bind(app.socket);
    app.socket.request = (command) => request(command.type === "file.list" ? { ...command, limit: 2 } : command);
}"""
IS_LISTED = """async () => {
    const { app } = await import("roost/core/app.js");
    return (await app.socket.request({ type: "file.list", room: app.place.room })).messages.length === 3;
}"""
PASTE_TEXT = """async ([text, field]) => {
    field = document.querySelector(field ?? "#message");
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const unhandled = field.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    if (unhandled) document.execCommand("insertText", false, text);
}"""


def picture(width: int = 1200, height: int = 900) -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), "steelblue").save(made, "JPEG")
    return made.getvalue()


def payload(name: str, body: bytes, kind: str = "application/octet-stream") -> Any:
    return {"name": name, "mimeType": kind, "buffer": body}


async def pick(visitor: Visitor, *files: Any) -> None:
    async with visitor.page.expect_file_chooser() as chooser:
        await visitor.page.get_by_role("button", name="Add files").click()
    await (await chooser.value).set_files(list(files))


def tiles(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("list", name="Files to send").get_by_role("listitem")


async def send_picture(visitor: Visitor, name: str = "buoy.jpg", width: int = 1200, height: int = 900) -> None:
    await pick(visitor, payload(name, picture(width, height), "image/jpeg"))
    await visitor.page.get_by_role("button", name="Send message").click()


def image(page: Page, name: str) -> Locator:
    return page.locator("roost-timeline").get_by_role("img", name=name)


async def test_what_is_picked_goes_with_the_message_and_is_seen_by_others(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await pick(ada, payload("buoy-5.jpg", picture(), "image/jpeg"), payload("raw <1>.csv", b"a,b\n1,2\n"))
    await expect(tiles(ada)).to_have_count(2)
    await expect(ada.composer).to_be_focused()
    await ada.page.get_by_label("Describe buoy-5.jpg for those who do not see it").fill("An orange buoy")
    await ada.say("both files")
    await expect(tiles(ada)).to_have_count(0)
    for person in (ada, grace):
        await person.sees("both files")
        await expect(image(person.page, "An orange buoy")).to_be_visible()
        await expect(person.page.locator(".pic__alt")).to_be_visible()
        row = person.page.locator(".file", has_text="raw <1>.csv")
        await expect(row).to_contain_text("8 B")
        await expect(row.get_by_role("link", name="Download raw <1>.csv")).to_have_attribute("download", "raw <1>.csv")
    before = await grace.page.locator(".files").inner_html()
    await grace.open("/chat/general")
    await grace.is_live()
    assert uniform(await grace.page.locator(".files").inner_html()) == uniform(before)


def uniform(html: str) -> str:
    """The server writes spaces between its tags, and attributes that are the same in another order."""
    tags = re.findall(r"<[^>]+>", re.sub(r' tabindex="[^"]*"| hidden=""| title=""', "", html))
    return "\n".join(" ".join(sorted(tag.strip("<>").split())) for tag in tags)


async def test_a_file_comes_by_paste_and_by_drop(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.page.evaluate(PASTE, ["image.jpg", "image/jpeg", list(picture(60, 40))])
    await expect(tiles(ada)).to_have_count(1)
    assert await ada.page.evaluate(DROP, ["notes.txt", "text/plain", "what I saw"])
    await expect(tiles(ada)).to_have_count(2)
    await expect(ada.page.locator(".dropzone")).to_be_hidden()
    await tiles(ada).first.get_by_role("button", name="Remove image.jpg").click()
    await expect(tiles(ada)).to_have_count(1)
    await expect(tiles(ada).get_by_role("button", name="Remove notes.txt")).to_be_focused()
    await ada.composer.press("Enter")
    await expect(ada.page.locator(".msg:not([data-state]) .file")).to_contain_text("notes.txt")


async def test_what_is_pasted_long_may_be_code_or_a_file(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    lines = "\n".join(f"line {number}" for number in range(12))
    await ada.composer.focus()
    await ada.page.evaluate(PASTE_TEXT, [lines])
    await ada.page.get_by_role("button", name="Make it a block of code").click()
    await expect(ada.composer).to_have_value(f"```\n{lines}\n```\n")
    await ada.write("")
    await ada.page.evaluate(PASTE_TEXT, ["x" * 5_000])
    await expect(ada.page.get_by_text("That is more than a message holds.")).to_be_visible()
    await ada.page.get_by_role("button", name="Send it as a file").click()
    await expect(ada.composer).to_have_value("")
    await expect(tiles(ada)).to_contain_text("Pasted text.txt")


async def test_a_message_waits_for_its_files_and_holds_up_no_other(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    held: list[Route] = []
    gate = asyncio.Event()

    async def hold(route: Route) -> None:
        held.append(route)
        await gate.wait()
        await route.continue_()

    await ada.page.route("**/files?*", hold)
    await pick(ada, *(payload(f"{number}.txt", b"text") for number in range(5)))
    await expect(tiles(ada)).to_have_count(5)
    await ada.say("with files")
    await expect(ada.page.locator(".msg[data-state=sending] .file")).to_have_count(5)
    await ada.say("without")
    await expect(ada.page.locator(".msg:not([data-state])", has_text="without")).to_be_visible()
    assert len(held) == 3
    await ada.visit("/chat/general")
    gate.set()
    await ada.sees("without", "with files")
    await expect(ada.page.locator(".msg .file")).to_have_count(5)


async def test_a_message_that_waits_goes_with_its_files_and_is_done_with_though_another_room_is_open_by_then(
    site: Site, newcomer: Newcomer
) -> None:
    await site.add_room("attic")
    await site.start()
    grace, ada = await newcomer("grace", "/chat/general"), await newcomer("ada_l", "/chat/general")
    gate = asyncio.Event()

    async def hold(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    # What looks at messages with names in them.
    await ada.page.route("**/js/layers/commands.js?*", hold)
    await ada.open("/chat/general")
    await ada.is_live()
    await grace.say("where?")
    await ada.sees("where?")
    await ada.composer.press("Shift+ArrowUp")
    answered = ada.page.locator(".room [data-part=reply]")
    await expect(answered).to_be_visible()
    await pick(ada, payload("map.txt", b"here"))
    await expect(tiles(ada).get_by_text("4 B")).to_be_visible()
    await ada.say("@bo see you")
    await expect(ada.composer).to_have_value("@bo see you")
    await ada.visit("/chat/attic")
    await ada.write("something else")
    gate.set()
    sent = grace.page.locator(".msg:not([data-state])", has_text="@bo see you")
    await expect(sent.locator(".file")).to_contain_text("map.txt")
    await expect(sent.locator(".quote")).to_contain_text("where?")
    await expect(ada.composer).to_have_value("something else")
    await ada.visit("/chat/general")
    await ada.sees("where?", "@bo see you")
    await expect(ada.composer).to_have_value("")
    await expect(answered).to_be_hidden()
    await expect(tiles(ada)).to_have_count(0)


async def test_a_broken_line_is_tried_again_and_keeps_one_file(site: Site, newcomer: Newcomer, tmp_path: Path) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    nonces: list[str] = []

    async def lose_the_answer(route: Route, request: Request) -> None:
        nonces.append(request.headers["idempotency-key"])
        if len(nonces) == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await ada.page.route("**/files?*", lose_the_answer)
    await pick(ada, payload("once.txt", b"once"))
    await ada.say("once")
    await ada.sees("once")
    await expect(ada.page.locator(".msg .file")).to_have_count(1)
    assert len(nonces) == 2
    assert len(set(nonces)) == 1


async def test_what_is_refused_says_why_and_keeps_the_words(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await pick(
        ada, payload("broken.png", b"\x89PNG\r\n\x1a\n and nothing more", "image/png"), payload("good.txt", b"good")
    )
    refused = tiles(ada).filter(has_text="broken.png")
    await expect(refused.locator(".drop__reason")).not_to_be_empty()
    await ada.say("my words")
    await expect(ada.composer).to_have_value("my words")
    await expect(refused.get_by_role("button", name="Remove broken.png")).to_be_focused()
    await ada.page.keyboard.press("Enter")
    await ada.say("my words")
    await ada.sees("my words")
    await expect(ada.page.locator(".msg .file")).to_contain_text("good.txt")


async def test_what_is_too_large_says_so_at_once_and_is_not_sent(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    sent: list[str] = []
    ada.page.on("request", lambda asked: sent.extend(name_in(asked)))
    await ada.page.evaluate(LIMIT, 1_000_000)
    await pick(ada, payload("long.bin", bytes(1_000_001)), payload("short.bin", b"short"))
    refused = tiles(ada).filter(has_text="long.bin")
    await expect(tiles(ada).get_by_text("5 B")).to_be_visible()
    await expect(refused).to_contain_text("A file holds at most 1 MB here. Send a smaller one.")
    await expect(refused.get_by_role("button", name="Try again")).to_be_hidden()
    await ada.say("my words")
    await expect(refused.get_by_role("button", name="Remove long.bin")).to_be_focused()
    await ada.page.keyboard.press("Enter")
    await ada.say("my words")
    await ada.sees("my words")
    await expect(ada.page.locator(".msg .file")).to_contain_text("short.bin")
    assert sent == ["short.bin"]


def name_in(asked: Request) -> list[str]:
    """Of the file that is sent by it, if one is."""
    return [asked.headers["x-file-name"]] if "/files?" in asked.url else []


async def test_files_stay_with_their_room_and_come_back_after_a_reload(site: Site, newcomer: Newcomer) -> None:
    await site.add_room("attic")
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    await pick(ada, payload("here.txt", b"here"))
    await expect(tiles(ada).get_by_text("4 B")).to_be_visible()
    await holds(ada.page, "document.querySelector('#announce').textContent === 'The file is ready.'")
    await ada.visit("/chat/attic")
    await expect(tiles(ada)).to_have_count(0)
    await ada.open("/chat/general")
    await ada.is_live()
    await expect(tiles(ada)).to_have_count(1)
    await ada.composer.press("Enter")
    await expect(ada.page.locator(".msg:not([data-state]) .file")).to_contain_text("here.txt")


async def test_who_reloads_in_the_middle_keeps_the_words_and_is_told(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await slow_down(ada.page)
    await pick(ada, payload("lost.bin", bytes(2_000_000)))
    await expect(tiles(ada)).to_contain_text(re.compile(r"\d+% of 2 MB"))
    await ada.say("my words")
    await expect(
        ada.page.locator(".msg[data-state=sending]").get_by_role("progressbar", name="lost.bin")
    ).to_be_visible()
    await ada.open("/chat/general")
    failed = ada.page.locator(".msg[data-state=failed]")
    await expect(failed).to_contain_text("Its page was left before the files had gone. Add them again.")
    await failed.get_by_role("button", name="Edit").click()
    await expect(ada.composer).to_have_value("my words")
    await expect(tiles(ada)).to_contain_text("The page was loaded again before it had gone. Add it again.")


async def slow_down(page: Page) -> None:
    """A line on which two megabytes take more than a minute."""
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 30_000}
    await session.send("Network.emulateNetworkConditions", line)


# In a thread


async def open_thread(visitor: Visitor) -> Locator:
    await visitor.page.goto(visitor.page.url.split("/chat/")[0] + "/chat/general/1/thread")
    await visitor.is_live()
    panel = visitor.page.locator("roost-thread .thread")
    await expect(panel.get_by_role("textbox", name="Reply in this thread")).to_be_visible()
    return panel


async def test_a_thread_takes_files_as_its_room_does(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("who has the key?")
    await ada.sees("who has the key?")
    panel, other = await open_thread(ada), await open_thread(grace)
    tiles = panel.get_by_role("list", name="Files to send").get_by_role("listitem")
    async with ada.page.expect_file_chooser() as chooser:
        await panel.get_by_role("button", name="Add files").click()
    await (await chooser.value).set_files(payload("key.jpg", picture(), "image/jpeg"))
    await expect(tiles).to_have_count(1)
    assert await ada.page.evaluate(DROP, ["notes.txt", "text/plain", "what I saw", "roost-thread"])
    await ada.page.evaluate(PASTE, ["image.jpg", "image/jpeg", list(picture(60, 40)), "#thread-message"])
    await expect(tiles).to_have_count(3)
    await expect(ada.page.locator(".dropzone:visible")).to_have_count(0)
    await expect(ada.page.locator(".room .tray")).to_be_hidden()
    await tiles.last.get_by_role("button", name="Remove image.jpg").click()
    await expect(tiles).to_have_count(2)
    await panel.get_by_label("Describe key.jpg for those who do not see it").fill("The key on its hook")
    field = panel.get_by_role("textbox", name="Reply in this thread")
    await field.fill("here")
    await field.press("Enter")
    await expect(tiles).to_have_count(0)
    await expect(field).to_be_focused()
    for each in (panel, other):
        await expect(each.locator(".msg:not([data-state]) .file")).to_contain_text("notes.txt")
        await expect(each.get_by_role("img", name="The key on its hook")).to_have_js_property("complete", value=True)
        await expect(each.get_by_role("img", name="The key on its hook")).not_to_have_js_property("naturalWidth", 0)
    await expect(ada.page.locator("#log .file")).to_have_count(0)
    await other.get_by_role("img", name="The key on its hook").click()
    box = grace.page.get_by_role("dialog", name="key.jpg")
    await expect(box.locator("[data-part=author]")).to_have_text("ada_l")
    assert ada.complaints == grace.complaints == []


async def test_what_is_refused_in_a_thread_says_why_there_and_comes_back_after_a_reload(
    site: Site, newcomer: Newcomer
) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say("who has the key?")
    await ada.sees("who has the key?")
    panel = await open_thread(ada)
    assert await ada.page.evaluate(DROP, ["broken.png", "image/png", "\x89PNG\r\n\x1a\n no more", "roost-thread"])
    assert await ada.page.evaluate(DROP, ["good.txt", "text/plain", "good", "roost-thread"])
    assert await ada.page.evaluate(DROP, ["room.txt", "text/plain", "of the room"])
    tiles = panel.get_by_role("list", name="Files to send").get_by_role("listitem")
    await expect(tiles.last.get_by_text("4 B")).to_be_visible()
    await expect(tiles.first.locator(".drop__reason")).not_to_be_empty()
    await holds(ada.page, "sessionStorage.length > 0")
    await expect(panel.locator(".drop__progress:visible")).to_have_count(0)
    await ada.page.reload()
    await ada.is_live()
    await expect(tiles.last).to_contain_text("good.txt")
    await expect(ada.page.locator(".room").get_by_role("listitem").filter(has_text="room.txt")).to_be_visible()
    await tiles.filter(has_text="broken.png").get_by_role("button", name="Remove broken.png").click()
    await panel.get_by_role("button", name="Send message").click()
    await expect(panel.locator(".msg:not([data-state]) .file")).to_contain_text("good.txt")
    await expect(ada.page.locator(".room").get_by_role("listitem").filter(has_text="room.txt")).to_be_visible()


async def test_what_is_pasted_long_in_a_thread_becomes_a_file_there(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say("who has the key?")
    await ada.sees("who has the key?")
    panel = await open_thread(ada)
    await panel.get_by_role("textbox", name="Reply in this thread").focus()
    await ada.page.evaluate(PASTE_TEXT, ["x" * 5_000, "#thread-message"])
    await panel.get_by_role("button", name="Send it as a file").click()
    await expect(panel.get_by_role("list", name="Files to send")).to_contain_text("Pasted text.txt")
    await expect(ada.page.locator(".room .tray")).to_be_hidden()


async def test_files_wait_for_the_network(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.page.wait_for_load_state("networkidle")
    await ada.page.evaluate("import('roost/elements/roost-tray.js')")
    await ada.offline()
    await ada.is_cut_off()
    await pick(ada, payload("later.txt", b"later"))
    await ada.say("later")
    await expect(ada.page.locator(".msg[data-state=waiting]")).to_contain_text("later.txt")
    await ada.online()
    await ada.sees("later")
    await expect(ada.page.locator(".msg .file")).to_contain_text("later.txt")


async def test_a_picture_moves_nothing_when_it_comes(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace", viewport=PHONE)
    await send_picture(ada, width=900, height=1601)
    await expect(image(ada.page, "buoy.jpg")).to_be_visible()
    await ada.say("below")
    await grace.sees("", "below")
    held: list[Route] = []
    gate = asyncio.Event()

    async def hold(route: Route) -> None:
        held.append(route)
        await gate.wait()
        await route.continue_()

    await grace.page.route("**/thumb", hold)
    await grace.page.goto(f"{site.url}/chat/general", wait_until="commit")
    below = grace.page.locator(".msg", has_text="below")
    await expect(below).to_be_visible()
    await grace.is_live()
    before = await below.bounding_box()
    gate.set()
    await holds(grace.page, "document.querySelector('.pic img').naturalWidth > 0")
    after = await below.bounding_box()
    assert held
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) <= 1


async def test_a_video_of_any_shape_moves_nothing_when_it_comes(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    recorded = bytes(await ada.page.evaluate(RECORD))
    await pick(ada, payload("wave.webm", recorded, "video/webm"))
    await ada.composer.press("Enter")
    player = grace.page.locator("video.file__player")
    await expect(player).to_be_visible()
    await ada.say("below")
    await grace.sees("", "below")
    gate = asyncio.Event()

    async def hold(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await grace.page.route("**/files/*", hold)
    await grace.page.goto(f"{site.url}/chat/general", wait_until="commit")
    await grace.is_live()
    await expect(player).to_have_js_property("readyState", 0)
    before = await player.bounding_box()
    gate.set()
    await holds(grace.page, "document.querySelector('video.file__player').videoHeight === 160")
    assert before is not None
    assert before["width"] / before["height"] == pytest.approx(16 / 9, rel=0.01)
    assert await player.bounding_box() == before


async def test_the_lightbox_goes_by_keys_and_gives_the_focus_back(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    for name in ("one.jpg", "two.jpg"):
        await send_picture(ada, name)
        await expect(image(ada.page, name)).to_be_visible()
        await expect(ada.page.locator(".msg[data-state]")).to_have_count(0)
    first = ada.page.get_by_role("link", name="one.jpg")
    await first.focus()
    await first.press("Enter")
    box = ada.page.get_by_role("dialog", name="one.jpg")
    await expect(box.get_by_role("status")).to_have_text("1 of 2")
    await expect(box.get_by_role("button", name="Close")).to_be_focused()
    await ada.page.keyboard.press("ArrowRight")
    box = ada.page.get_by_role("dialog", name="two.jpg")
    await expect(box.get_by_role("status")).to_have_text("2 of 2")
    await ada.page.keyboard.press("ArrowRight")
    await holds(ada.page, "document.querySelector('dialog img').naturalWidth === 1200")
    await box.get_by_role("button", name="Full size").click()
    await expect(box.get_by_role("button", name="Full size")).to_have_attribute("aria-pressed", "true")
    await holds(ada.page, "document.querySelector('dialog img').getBoundingClientRect().width === 1200")
    await ada.page.keyboard.press("Escape")
    await expect(ada.page.get_by_role("link", name="two.jpg")).to_be_focused()


async def test_a_message_of_files_alone_is_given_words_and_removed(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace", viewport=PHONE)
    await send_picture(ada)
    for person in (ada, grace):
        await person.sees("")
        await expect(image(person.page, "buoy.jpg")).to_be_visible()
    await ada.composer.press("ArrowUp")
    editor = ada.page.get_by_role("textbox", name="Edit your message")
    await editor.fill("words")
    await editor.press("Enter")
    await expect(grace.page.locator(".msg [data-part=body]")).to_contain_text("words(edited)")
    await expect(image(grace.page, "buoy.jpg")).to_be_visible()
    box = await image(grace.page, "buoy.jpg").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE["width"]
    item = ada.page.locator(".msg")
    await item.hover()
    await item.get_by_role("button", name="More actions").click()
    await ada.page.get_by_role("menuitem", name="Remove message…").click()
    await ada.page.get_by_role("button", name="Remove message").click()
    for person in (ada, grace):
        await expect(person.page.locator(".msg")).to_have_count(0)


# Those of a room, in its details


def listed(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("tabpanel", name="Files").get_by_role("listitem")


async def test_the_details_list_the_files_of_a_room_as_they_come_and_go(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say("no file")
    await pick(ada, payload("buoy-5.jpg", picture(), "image/jpeg"), payload("raw <1>.csv", b"a,b\n1,2\n"))
    await ada.say("both files")
    await grace.sees("no file", "both files")
    loaded = "[...document.querySelectorAll('script[src], link[rel=modulepreload]'), ...performance.getEntries()]"
    assert not await grace.page.evaluate(f"{loaded}.some((each) => (each.name ?? '').includes('roost-files'))")
    await grace.page.get_by_role("tab", name="Files").click()
    await expect(listed(grace)).to_have_count(2)
    await expect(listed(grace).first).to_contain_text(re.compile(r"buoy-5\.jpg\s*ada_l"))
    await expect(listed(grace).last.get_by_role("link").first).to_have_attribute("download", "raw <1>.csv")
    await pick(ada, payload("later.txt", b"later"))
    await ada.composer.press("Enter")
    await expect(listed(grace)).to_have_count(3)
    await expect(listed(grace).first).to_contain_text("later.txt")
    await listed(grace).filter(has_text="buoy-5.jpg").get_by_role("link").first.click()
    box = grace.page.get_by_role("dialog", name="buoy-5.jpg")
    await expect(box.locator("[data-part=author]")).to_have_text("ada_l")
    await grace.page.keyboard.press("Escape")
    await expect(listed(grace).filter(has_text="buoy-5.jpg").get_by_role("link").first).to_be_focused()
    await ada.page.evaluate(REMOVE, 2)
    await expect(listed(grace)).to_have_count(1)
    await listed(grace).get_by_role("link", name="Show the message").click()
    await expect(grace.page).to_have_url(re.compile(r"/chat/general/3$"))
    assert ada.complaints == grace.complaints == []


async def test_older_files_follow_when_they_are_asked_for_and_another_room_has_its_own(
    site: Site, newcomer: Newcomer
) -> None:
    await site.add_room("attic")
    await site.start()
    ada = await newcomer("ada_l", "/chat/general")
    for number in range(3):
        await pick(ada, payload(f"{number}.txt", b"text"))
        await ada.composer.press("Enter")
        await expect(ada.page.locator(".msg:not([data-state]) .file")).to_have_count(number + 1)
    await ada.page.wait_for_function(IS_LISTED, polling=500)
    await ada.page.evaluate(IN_TWOS)
    await ada.page.get_by_role("tab", name="Files").click()
    await expect(listed(ada)).to_contain_text(["2.txt", "1.txt"])
    older = ada.page.get_by_role("tabpanel", name="Files").get_by_role("button", name="Show older ones")
    await older.click()
    await expect(listed(ada)).to_contain_text(["2.txt", "1.txt", "0.txt"])
    await expect(older).to_be_hidden()
    await ada.visit("/chat/attic")
    await expect(listed(ada)).to_have_count(0)
    await expect(ada.page.get_by_text("No files here yet.")).to_be_visible()
