"""GET /mentions, and mentions in a room's page: drawn by the server as people are called now."""

import json
import re
import secrets
from typing import Any

from app.chat import accounts, blocks, memberships, messages
from app.models import TwitterProfile, Visitor
from app.storage import users
from tests.support.sign_in import Browser, Roost


async def called(roost: Roost, x_id: str, handle: str) -> Visitor:
    """Somebody whom X calls so now."""
    profile = TwitterProfile(x_id, handle, handle.title(), fetched=True)
    return Visitor((await accounts.sign_in_with_twitter(roost.services, profile, "")).user)


async def reader(roost: Roost) -> Visitor:
    """Whoever signed in first."""
    person = await roost.services.store.read(users.by_id, 1)
    assert person is not None
    return Visitor(person)


async def post(roost: Roost, author: Visitor, text: str) -> None:
    await (await messages.post(roost.services, author, 1, secrets.token_urlsafe(16), text))


async def drawn(browser: Browser, path: str) -> str:
    answer = await browser.open(path)
    assert answer.code == 200
    return answer.body.decode()


def boot(page: str) -> Any:
    (found,) = re.findall(r'<script type="application/json" id="boot">(.*?)</script>', page)
    return json.loads(found)


def mentions_in(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<a class="mention[^>]*data-person="(\d+)">([^<]*)</a>', page)


async def test_who_is_not_signed_in_is_led_back_here(roost: Roost) -> None:
    answer = await roost.browser().open("/mentions")
    assert (answer.code, answer.headers["Location"]) == (302, "/login?next=/mentions")


async def test_old_messages_name_whom_they_meant_whoever_has_the_handle_now(roost: Roost, ada: Browser) -> None:
    grace = await called(roost, "x-grace", "grace_o")
    first = await called(roost, "x-first", "wren")
    await post(roost, grace, "@wren, the first")
    await called(roost, "x-first", "jenny")
    second = await called(roost, "x-second", "wren")
    await post(roost, grace, "@wren, the second")
    page = await drawn(ada, "/chat/general")
    assert mentions_in(page) == [(str(first.user.id), "@jenny"), (str(second.user.id), "@wren")]
    handles = {person["id"]: person["handle"] for person in boot(page)["people"]}
    assert (handles[first.user.id], handles[second.user.id]) == ("jenny", "wren")


async def test_ones_own_mentions_are_marked_counted_and_listed(roost: Roost, ada: Browser) -> None:
    grace, me = await called(roost, "x-grace", "grace_o"), await reader(roost)
    await post(roost, grace, f"@{me.user.handle} & @grace_o")
    room = await drawn(ada, "/chat/general")
    assert "msg--for-me" in room
    assert re.search(rf'mention--me" [^>]*data-person="1">@{me.user.handle}<', room)
    page = await drawn(ada, "/mentions")
    assert 'data-view="mentions"' in page
    assert re.search(r'data-part="for-me-count">1<', page)
    assert re.search(r'data-part="mentions-count">1<', page)
    assert [each["message"]["mentions"] for each in boot(page)["mentions"]["mentions"]] == [[1, grace.user.id]]
    (row,) = re.findall(r'<li class="mentioned is-new" data-found="\d+">(.*?)</li>', page, re.DOTALL)
    assert mentions_in(row) == [("1", f"@{me.user.handle}"), (str(grace.user.id), "@grace_o")]
    assert "/chat/general/1" in row


async def test_what_blocked_people_say_is_not_listed(roost: Roost, ada: Browser) -> None:
    grace, me = await called(roost, "x-grace", "grace_o"), await reader(roost)
    await post(roost, grace, f"@{me.user.handle}")
    await blocks.block(roost.services, me, grace.user.id)
    page = await drawn(ada, "/mentions")
    assert boot(page)["mentions"]["mentions"] == []
    assert "Nothing for you yet." in page
    assert "msg--for-me" not in await drawn(ada, "/chat/general")


async def test_who_is_in_no_room_is_led_to_the_directory(roost: Roost, ada: Browser) -> None:
    await memberships.leave(roost.services, await reader(roost), 1)
    answer = await ada.open("/mentions")
    assert (answer.code, answer.headers["Location"]) == (302, "/rooms")
