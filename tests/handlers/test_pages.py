"""The page of a room, by an address in any script."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from app.chat import memberships, messages, preferences, removal, roles, room_preferences, rooms
from app.chat.deliveries import WHERE, WHY
from app.models import Visitor
from app.storage import memberships as membership_rows
from app.storage import users
from tests.support.house import new_nonce
from tests.support.sign_in import Roost, running_roost

SLUG = "морские-датчики"


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path) as running:
        yield running


async def test_an_address_may_be_of_any_script(roost: Roost) -> None:
    browser = roost.browser()
    await browser.sign_in()
    await rooms.add(roost.services, SLUG)
    page = await browser.open(f"/chat/{quote(SLUG)}")
    assert page.code == 200
    assert f"{SLUG}</bdi>" in page.body.decode()
    for strange in ("%FF", quote("МОРСКИЕ-датчики"), quote("x" * 41), "..%2Fgeneral"):
        assert (await browser.open(f"/chat/{strange}")).code in {400, 404}, strange


async def test_who_is_only_in_such_a_room_is_led_there(roost: Roost) -> None:
    browser = roost.browser()
    await browser.sign_in()
    await rooms.add(roost.services, SLUG)
    person = await roost.services.store.read(users.by_id, 1)
    assert person is not None
    await memberships.leave(roost.services, Visitor(person), 1)
    answer = await browser.open("/chat")
    assert (answer.code, answer.headers["Location"]) == (302, f"/chat/{quote(SLUG)}")


async def test_nobody_is_led_into_a_room_that_they_have_hidden(roost: Roost) -> None:
    browser = roost.browser()
    await browser.sign_in()
    await rooms.add(roost.services, SLUG)
    person = await roost.services.store.read(users.by_id, 1)
    assert person is not None
    await room_preferences.change(roost.services, Visitor(person), 1, hidden=True)
    assert (await browser.open("/chat")).headers["Location"] == f"/chat/{quote(SLUG)}"
    for path in ("/catch-up", "/mentions"):
        assert 'data-room="general"' not in (await browser.open(path)).body.decode(), path


async def test_who_is_in_no_room_is_led_to_the_directory(roost: Roost) -> None:
    browser = roost.browser()
    await browser.sign_in()
    person = await roost.services.store.read(users.by_id, 1)
    assert person is not None
    await memberships.leave(roost.services, Visitor(person), 1)
    for path in ("/chat", "/catch-up"):
        answer = await browser.open(path)
        assert (answer.code, answer.headers["Location"]) == (302, "/rooms"), path
    assert (await browser.open("/chat/general")).code == 404
    assert "You’re in no room just now." in (await browser.open("/rooms")).body.decode()


async def test_the_list_of_rooms_is_drawn_as_its_reader_wants_it(roost: Roost) -> None:
    browser = roost.browser()
    await browser.sign_in()
    person = await roost.services.store.read(users.by_id, 1)
    assert person is not None
    wishes: dict[str, dict[str, Any]] = {
        "alder": {"favourite": True},
        "birch": {"hidden": True},
        "cedar": {"muted": True},
    }
    for slug, wish in wishes.items():
        room = await rooms.add(roost.services, slug)
        await room_preferences.change(roost.services, Visitor(person), room.id, **wish)
    html = (await browser.open("/chat/general")).body.decode().partition('class="sheet"')[0]
    favourites, others = re.findall(r'<ul data-part="(?:favourites|rooms)">(.*?)</ul>', html, re.DOTALL)
    assert re.findall(r'data-room="(\w+)"', favourites) == ["alder"]
    assert re.findall(r'data-room="(\w+)"', others) == ["cedar", "general"]
    assert [" hidden" in each for each in re.findall(r'data-part="muted"[^>]*>', others)] == [False, True]
    assert (await browser.open("/chat/birch")).code == 200


@pytest.mark.parametrize("path", ["/chat/general", "/catch-up", "/rooms", "/settings", "/welcome"])
async def test_rooms_stand_by_name_on_every_page(roost: Roost, path: str) -> None:
    browser = roost.browser()
    await browser.sign_in()
    for slug in ("zoo", "attic"):
        await rooms.add(roost.services, slug)
    page = (await browser.open(path)).body.decode()
    places = [page.index(f">{slug}</bdi>") for slug in ("attic", "general", "zoo")]
    assert places == sorted(places)


async def test_what_the_server_says_in_a_message_is_in_the_readers_language(roost: Roost) -> None:
    browser = roost.browser()
    await browser.sign_in()
    person = await roost.services.store.read(users.by_id, 1)
    assert person is not None
    for notices in ((WHY["gone"], WHERE), ()):
        text = f"{WHY['gone']} {WHERE}"
        await (await messages.post(roost.services, Visitor(person), 1, new_nonce(), text, notices=notices))
    await preferences.change(roost.services, Visitor(person), {"language": "ru"})
    roost.services.cache.sessions.clear()
    page = (await browser.open("/chat/general")).body.decode()
    assert '<span class="said">Выключен: по его URL ответили, что там больше ничего не будет.</span> ' in page
    assert '<span class="said">Модераторы комнаты найдут вебхук в её настройках.</span>' in page
    assert f'data-part="body">{WHY["gone"]} {WHERE}</div>' in page, "what somebody wrote stays as it is"


async def test_of_what_was_removed_no_page_holds_a_word(roost: Roost) -> None:
    ada = roost.browser()
    await ada.sign_in()
    person = await roost.services.store.read(users.by_id, 1)
    assert person is not None
    author = Visitor(person)
    bob = await roost.services.store.write(users.add, "bob", "member", 1)
    await roost.services.store.write(membership_rows.join_default, bob.id, 1)
    await roles.give_by_operator(roost.services, "bob", "moderator")
    moderator = Visitor(msgspec.structs.replace(bob, role="moderator"))
    for word in ("kept", "slipped", "spammed"):
        await (await messages.post(roost.services, author, 1, new_nonce(), word))
    await removal.remove(roost.services, author, 1, 2)
    await removal.remove(roost.services, moderator, 1, 3)
    for path in ("/chat/general", "/chat/general/2", "/chat/general/3", "/catch-up"):
        page = (await ada.open(path)).body.decode()
        assert "slipped" not in page, path
        assert "spammed" not in page, path
    page = (await ada.open("/chat/general")).body.decode()
    assert [f'id="m-{number}"' in page for number in (1, 2, 3)] == [True, False, True]
    assert page.count("Removed by a moderator.") == 1
