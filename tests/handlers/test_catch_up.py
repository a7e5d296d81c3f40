"""GET /catch-up: what is new, drawn by the server."""

import json
import re
import secrets
from typing import Any

from app.chat import accounts, messages, room_preferences, rooms
from app.models import TwitterProfile, Visitor
from app.storage import users
from tests.support.sign_in import Browser, Roost


async def visitor(roost: Roost, handle: str) -> Visitor:
    signed_in = await accounts.sign_in_with_twitter(roost.services, TwitterProfile(f"x-{handle}", handle, handle), "")
    return Visitor(signed_in.user)


async def post(roost: Roost, author: Visitor, text: str, room: int = 1) -> None:
    await (await messages.post(roost.services, author, room, secrets.token_urlsafe(16), text))


async def page(browser: Browser) -> str:
    answer = await browser.open("/catch-up")
    assert answer.code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.body.decode()


def boot(page: str) -> Any:
    (found,) = re.findall(r'<script type="application/json" id="boot">(.*?)</script>', page)
    return json.loads(found)


def shown(page: str) -> str:
    """The part of the page that tells what is new."""
    (found,) = re.findall(r"<roost-catch-up>(.*?)</roost-catch-up>", page, re.DOTALL)
    return re.sub(r"\s+", " ", found)


async def test_who_is_not_signed_in_is_led_back_here(roost: Roost) -> None:
    answer = await roost.browser().open("/catch-up")
    assert (answer.code, answer.headers["Location"]) == (302, "/login?next=/catch-up")


async def test_each_room_with_something_new_has_its_line(roost: Roost, ada: Browser) -> None:
    grace = await visitor(roost, "grace_o")
    annex = await rooms.add(roost.services, "annex")
    await post(roost, grace, "one")
    await post(roost, grace, "<b>two</b>")
    moment = roost.services.clock.now()
    # Within one millisecond neither would be the last.
    while roost.services.clock.now() == moment:
        pass
    await post(roost, grace, "three", annex.id)
    whole = await page(ada)
    assert 'data-view="catch-up"' in whole
    html = shown(whole)
    assert re.search(r"3 new messages since <time datetime=.{20}Z.>\d\d:\d\d</time>", html)
    annexed, general = html.index("/chat/annex"), html.index("/chat/general")
    assert annexed < general, "where something was posted last comes first"
    assert "&lt;b&gt;two&lt;/b&gt;" in html[general:]
    assert '<span data-part="count">2</span>' in html[general:]
    assert '<span data-part="count">1</span>' in html[annexed:general]
    told = boot(whole)["digest"]
    assert [(each["room"], each["message"]["text"]) for each in told["rooms"]] == [
        (annex.id, "three"), (1, "<b>two</b>"),
    ]  # fmt: skip
    assert boot(whole)["messages"] == []


async def test_with_nothing_new_it_says_so(roost: Roost, ada: Browser) -> None:
    html = shown(await page(ada))
    assert "Nothing new." in html
    assert "<li data-room-id" not in html
    assert re.search(r'data-part="read-all" hidden', html)


async def test_who_is_here_is_named_and_the_rest_counted(roost: Roost, ada: Browser) -> None:
    people = [await visitor(roost, f"person_{number}") for number in range(8)]
    for person in people:
        roost.services.presence.came(person.user.id)
        roost.services.presence.entered(person.user.id, (1,))
    html = shown(await page(ada))
    assert re.findall(r"<bdi[^>]*>(person_\d)</bdi>", html) == [f"person_{number}" for number in range(6)]
    assert ">+2</span>" in html


async def test_a_page_of_a_room_tells_nothing_yet(roost: Roost, ada: Browser) -> None:
    grace = await visitor(roost, "grace_o")
    await post(roost, grace, "anybody?")
    whole = (await ada.open("/chat/general")).body.decode()
    assert 'data-view="room"' in whole
    assert "digest" not in boot(whole)
    assert "anybody?" not in shown(whole)
    assert "Nothing new" not in shown(whole)


async def test_muted_and_hidden_rooms_are_left_out(roost: Roost, ada: Browser) -> None:
    grace, person = await visitor(roost, "grace_o"), await roost.services.store.read(users.by_id, 1)
    assert person is not None
    reader = Visitor(person)
    muted, hidden = await rooms.add(roost.services, "muted"), await rooms.add(roost.services, "hidden")
    for room in (1, muted.id, hidden.id):
        await post(roost, grace, "something", room)
    await room_preferences.change(roost.services, reader, muted.id, muted=True)
    await room_preferences.change(roost.services, reader, hidden.id, hidden=True)
    html = shown(await page(ada))
    assert "1 new message since" in html
    assert "/chat/general" in html
    assert "/chat/muted" not in html
    assert "/chat/hidden" not in html
