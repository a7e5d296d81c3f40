"""The lists beside every page: rooms, and talks with people."""

import re
import secrets

import pytest

from app.chat import accounts, blocks, direct, memberships, messages, roles, room_preferences
from app.handlers.sidebar import MOST_TALKS
from app.models import Room, TwitterProfile, Visitor
from app.storage import memberships as membership_rows
from app.storage import users
from app.storage.database import Connection
from tests.support.sign_in import Browser, Roost


async def visitor(roost: Roost, handle: str) -> Visitor:
    signed_in = await accounts.sign_in_with_twitter(roost.services, TwitterProfile(f"x-{handle}", handle, handle), "")
    return Visitor(signed_in.user)


async def me(roost: Roost) -> Visitor:
    person = await roost.services.store.read(users.by_id, 1)
    assert person is not None
    return Visitor(person)


async def talk(roost: Roost, *people: Visitor, text: str = "hello") -> Room:
    """As the first of them begins it; without a text nothing is said."""
    room = (await direct.open_room(roost.services, people[0], [each.user.id for each in people[1:]])).room
    if text:
        await (await messages.post(roost.services, people[0], room.id, secrets.token_urlsafe(16), text))
    return room


async def listed(browser: Browser, path: str) -> list[str]:
    """What the talks beside the page are called."""
    answer = await browser.open(path)
    assert answer.code == 200, path
    (section,) = re.findall(r'data-section="talks".*?</section>', answer.body.decode(), re.DOTALL)
    return re.findall(r'<bdi class="clip">(.*?)</bdi>', section)


@pytest.mark.parametrize("path", ["/chat/general", "/catch-up", "/rooms", "/settings"])
async def test_talks_stand_beside_every_page_and_not_among_the_rooms(roost: Roost, ada: Browser, path: str) -> None:
    grace, tomo = await visitor(roost, "grace_o"), await visitor(roost, "tomo_h")
    await talk(roost, grace, await me(roost))
    await talk(roost, tomo, await me(roost), grace)
    assert sorted(await listed(ada, path)) == ["grace_o", "grace_o, tomo_h"]
    page = (await ada.open(path)).body.decode()
    (section,) = re.findall(r'data-section="rooms".*?</section>', page, re.DOTALL)
    assert re.findall(r'<bdi class="clip">(.*?)</bdi>', section) == ["general"]
    assert page.count("unread, for you") >= 2


async def test_an_empty_talk_is_on_its_own_page_alone(roost: Roost, ada: Browser) -> None:
    room = await talk(roost, await me(roost), await visitor(roost, "grace_o"), text="")
    assert await listed(ada, f"/chat/{room.slug}") == ["grace_o"]
    assert await listed(ada, "/chat/general") == []
    page = (await ada.open(f"/chat/{room.slug}")).body.decode()
    for text in ("<title>grace_o · ", 'data-kind="direct" data-pair', 'placeholder="Message grace_o"', "@grace_o</p>"):
        assert text in page, text


async def test_a_talk_with_somebody_blocked_is_on_its_own_page_alone(roost: Roost, ada: Browser) -> None:
    grace, owner = await visitor(roost, "grace_o"), await me(roost)
    room = await talk(roost, grace, owner)
    await blocks.block(roost.services, owner, grace.user.id)
    assert await listed(ada, "/chat/general") == []
    assert await listed(ada, f"/chat/{room.slug}") == ["grace_o"]
    assert 'data-by="blocked" data-part="shut">' in (await ada.open(f"/chat/{room.slug}")).body.decode()
    news = (await ada.open("/catch-up")).body.decode()
    assert "All is quiet" in news


async def test_the_newest_talks_are_listed_and_those_with_something_new(roost: Roost, ada: Browser) -> None:
    owner = await me(roost)
    others = [await visitor(roost, f"person_{number:02}") for number in range(MOST_TALKS + 2)]
    made = [await talk(roost, other, owner) for other in others]
    assert len(await listed(ada, "/chat/general")) == MOST_TALKS + 2
    for room in made:
        await ada.open(f"/chat/{room.slug}")
        await roost.services.store.write(read, room.id)
    names = await listed(ada, "/chat/general")
    assert len(names) == MOST_TALKS
    assert names == sorted(names, reverse=True)
    assert 'data-part="more-talks">' in (await ada.open("/chat/general")).body.decode()


async def test_a_talk_is_had_as_one_wants_it(roost: Roost, ada: Browser) -> None:
    owner, grace = await me(roost), await visitor(roost, "grace_o")
    room = await talk(roost, grace, owner)
    await room_preferences.change(roost.services, owner, room.id, hidden=True)
    assert await listed(ada, "/chat/general") == ["grace_o"], "something new is said in it"
    await roost.services.store.write(read, room.id)
    assert await listed(ada, "/chat/general") == []
    await room_preferences.change(roost.services, owner, room.id, hidden=False, muted=True, favourite=True)
    await (await messages.post(roost.services, grace, room.id, secrets.token_urlsafe(16), "more"))
    page = (await ada.open("/chat/general")).body.decode()
    (favourites,) = re.findall(r'data-section="favourites".*?</section>', page, re.DOTALL)
    assert re.findall(r'<bdi class="clip">(.*?)</bdi>', favourites) == ["grace_o"]
    assert 'data-part="for-me" hidden' in favourites
    assert "is-unread" not in favourites
    assert await listed(ada, "/chat/general") == []


async def test_who_is_in_no_room_but_talks_is_led_to_a_talk(roost: Roost, ada: Browser) -> None:
    owner = await me(roost)
    room = await talk(roost, owner, await visitor(roost, "grace_o"))
    await memberships.leave(roost.services, owner, 1)
    assert (await ada.open("/chat")).headers["Location"] == f"/chat/{room.slug}"


async def test_nobody_else_opens_its_page(roost: Roost, ada: Browser) -> None:
    room = await talk(roost, await visitor(roost, "grace_o"), await visitor(roost, "tomo_h"))
    assert (await ada.open(f"/chat/{room.slug}")).code == 404


async def test_it_is_not_among_the_rooms_of_an_invite(roost: Roost, ada: Browser) -> None:
    owner = await me(roost)
    await talk(roost, owner, await visitor(roost, "grace_o"))
    await roles.give_by_operator(roost.services, owner.user.handle, "owner")
    page = (await ada.open("/settings/invites")).body.decode()
    assert page.count('name="room"') == 1


def read(connection: Connection, room_id: int) -> None:
    membership_rows.move_read(connection, room_id, 1, 1)
