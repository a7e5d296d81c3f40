"""GET /rooms: the directory as it comes, and what its forms do without a script."""

import re
from urllib.parse import urlencode

from app.chat import accounts, memberships, rooms
from app.models import MadeKind, Room, TwitterProfile, Visitor
from tests.support.sign_in import Browser, Roost


async def made(roost: Roost, name: str, kind: MadeKind = "public") -> tuple[Visitor, Room]:
    signed_in = await accounts.sign_in_with_twitter(roost.services, TwitterProfile("x-grace", "grace_o", "Grace"), "")
    grace = Visitor(signed_in.user)
    return grace, (await rooms.create(roost.services, grace, name, kind))[0]


async def page(browser: Browser, query: str = "") -> str:
    answer = await browser.open(f"/rooms{query}")
    assert answer.code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.body.decode()


def listed(html: str) -> list[str]:
    (found,) = re.findall(r'<ul class="directory__list".*?</ul>', html, re.DOTALL)
    return re.findall(r'<h2><bdi data-part="name">(.*?)</bdi>', found)


async def press(browser: Browser, html: str, **fields: object) -> tuple[int, str]:
    (token,) = set(re.findall(r'name="_xsrf" value="([^"]+)"', html))
    answer = await browser.open("/rooms", method="POST", body=urlencode({"_xsrf": token, **fields}))
    return answer.code, answer.headers.get("Location", "")


async def test_who_is_not_signed_in_is_led_back_here(roost: Roost) -> None:
    answer = await roost.browser().open("/rooms")
    assert (answer.code, answer.headers["Location"]) == (302, "/login?next=/rooms")


async def test_rooms_are_found_by_how_their_name_begins_and_private_ones_are_not(roost: Roost, ada: Browser) -> None:
    await made(roost, "Tea & <b>cake</b>")
    await made(roost, "Teams", "private")
    assert listed(await page(ada)) == ["general", "Tea &amp; &lt;b&gt;cake&lt;/b&gt;"]
    assert listed(await page(ada, "?q=TE")) == ["Tea &amp; &lt;b&gt;cake&lt;/b&gt;"]
    assert listed(await page(ada, "?q=" + "x" * 200)) == []
    assert listed(await page(ada, "?after=nothing")) == ["general", "Tea &amp; &lt;b&gt;cake&lt;/b&gt;"]


async def test_a_long_directory_comes_in_pages(roost: Roost, ada: Browser) -> None:
    for number in range(60):
        await rooms.add(roost.services, f"room-{number:02}")
    first = await page(ada, "?q=room")
    (more,) = re.findall(r'href="(/rooms\?q=room&amp;after=\d+)"', first)
    rest = await page(ada, more.removeprefix("/rooms").replace("&amp;", "&"))
    assert listed(first) + listed(rest) == [f"room-{number:02}" for number in range(60)]
    assert re.search(r'data-part="more" hidden', rest)


async def test_one_joins_and_leaves_without_a_script(roost: Roost, ada: Browser) -> None:
    _, tea = await made(roost, "Tea")
    html = await page(ada)
    assert await press(ada, html, join=tea.id, q="te") == (303, f"/rooms?q=te#room-{tea.id}")
    assert (await ada.open("/chat/tea")).code == 200
    assert await press(ada, await page(ada), leave=tea.id) == (303, f"/rooms?q=#room-{tea.id}")
    assert (await ada.open("/chat/tea")).code == 404


async def test_a_room_that_nobody_may_know_of_is_not_joined(roost: Roost, ada: Browser) -> None:
    grace, teams = await made(roost, "Teams", "private")
    html = await page(ada)
    assert (await press(ada, html, join=teams.id))[0] == 404
    assert (await press(ada, html, join="1 OR 1"))[0] == 404
    assert (await press(ada, html))[0] == 404
    await memberships.add(roost.services, grace, teams.id, 1)
    assert "Teams" in listed(await page(ada))
