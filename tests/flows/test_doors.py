"""A closed community from its first day: its owner closes the door, invites, lists and lets people in, all by pages."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.storage import users
from tests.support.sign_in import ADA, JUNIPER, Browser, Roost, running_roost

LATECOMER, STRANGER = "late_bird", "stranger_x"


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path, OWNER_HANDLES=ADA.handle, LIMIT_LOGIN_PER_MINUTE="100") as running:
        yield running


async def follow(browser: Browser, link: str, **who: str) -> str:
    """Opens an invite link and signs in from there; where that leads."""
    await browser.open(link)
    token = (await browser.open("/login?invite")).headers["Location"].partition("oauth_token=")[2]
    return (await browser.open(await browser.choose(token, **who))).headers.get("Location", "nowhere")


async def test_everybody_comes_in_by_their_own_door(roost: Roost) -> None:
    owner = roost.browser()
    await owner.sign_in()
    await owner.submit("/settings/door", {"door": "invited"})

    # By a list of handles: the first who comes has the place, whoever takes the handle over does not.
    await owner.submit("/settings/door", {"handles": f"@{JUNIPER.handle}", "role": "moderator"})
    juniper = roost.browser()
    assert (await juniper.sign_in(person=JUNIPER.id)).code == 302
    roost.x.people.rename(JUNIPER.id, "juniper_moved")
    taker = roost.browser()
    refusal = await taker.sign_in(handle=JUNIPER.handle)
    assert (refusal.code, taker.is_signed_in) == (403, False)
    assert "You need an invitation" in refusal.body.decode()

    # By a link for one.
    made = await juniper.submit("/settings/invites", {"uses": "1", "room": "1"})
    (link,) = re.findall(r'value="([^"]+/invite/[^"]+)"', made.body.decode())
    assert await follow(taker, link, handle=JUNIPER.handle) == "/chat/general"
    assert await follow(roost.browser(), link, handle=STRANGER) == "nowhere"

    # Through the waiting room.
    await owner.submit("/settings/door", {"door": "waiting"})
    late, stranger = roost.browser(), roost.browser()
    for browser, handle in ((late, LATECOMER), (stranger, STRANGER)):
        assert (await browser.sign_in(handle=handle)).headers["Location"] == "/waiting?next=/chat"
    queue = (await juniper.open("/settings/waiting")).body.decode()
    first, second = re.findall(r'name="let_in" value="(\d+)"', queue)
    await juniper.submit("/settings/waiting", {"let_in": first})
    await juniper.submit("/settings/waiting", {"refuse": second})
    assert (await late.open("/waiting")).headers["Location"] == "/chat"
    assert (await late.open("/chat/general")).code == 200
    assert "Not this time" in (await stranger.open("/waiting")).body.decode()

    people = await roost.services.store.read(users.by_ids, range(99))
    assert [(person.handle, person.role) for person in people] == [
        (ADA.handle, "owner"),
        (JUNIPER.handle, "moderator"),
        (JUNIPER.handle, "member"),
        (LATECOMER, "member"),
    ]
