"""Rooms as who has no account reads them, over HTTP: what is there, what looks alike, what is kept and how much."""

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from tornado.httpclient import HTTPResponse

from app.chat import departure, messages, public_reading, rooms
from app.models import Extras, File, NewMessage, Visitor, write_extras
from app.storage import rooms as room_rows
from app.storage import users
from tests.support.house import GENERAL, new_nonce
from tests.support.public import publish, say
from tests.support.sign_in import ADA, JUNIPER, Browser, Roost, running_roost

FIRST, SECOND, THIRD = DAYS = (date(2025, 11, 13), date(2025, 11, 14), date(2025, 11, 17))
UNREADABLE = {
    "unknown": "nowhere",
    "private": "attic",
    "not readable": "garden",
}
VARYING = ("Date", "X-Request-Id")


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    environ = {"COMMUNITY_NAME": "Harbour", "OWNER_HANDLES": ADA.handle, "LIMIT_LOGIN_PER_MINUTE": "100"}
    async with running_roost(tmp_path, **environ) as running:
        yield running


@pytest.fixture
def stranger(roost: Roost) -> Browser:
    return roost.browser()


async def three_days(roost: Roost) -> None:
    """Messages 1 and 2, 3 and 4, 5 and 6."""
    for day in DAYS:
        await say(roost.services, day, f"first of {day}", f"second of {day}")


async def more_rooms(roost: Roost) -> None:
    """Those of UNREADABLE."""
    await rooms.add(roost.services, "garden")
    await roost.services.store.write(room_rows.add, "attic", "attic", "", "private", 0)
    await roost.services.store.write(room_rows.change, 3, {"is_readable": True})


async def visitor(roost: Roost, user_id: int = 1) -> Visitor:
    user = await roost.services.store.read(users.by_id, user_id)
    assert user is not None
    return Visitor(user)


def text_of(page: HTTPResponse) -> str:
    assert page.code == 200, page.body
    return page.body.decode()


def shown_in(page: HTTPResponse) -> list[int]:
    return [int(number) for number in re.findall(r'id="m-(\d+)"', text_of(page))]


def same(answer: HTTPResponse, slug: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """All of an answer but what differs anyway, without the room's name."""
    headers = [(name, value) for name, value in answer.headers.get_all() if name not in VARYING]
    nameless = [(name, value.replace(slug, "SLUG")) for name, value in headers]
    return answer.code, nameless, re.sub(rb"[0-9a-f]{16}", b"ID", answer.body.replace(slug.encode(), b"SLUG"))


# What is read


async def test_a_stranger_reads_the_newest_messages_in_place_of_the_way_to_the_door(
    roost: Roost, stranger: Browser
) -> None:
    assert (await stranger.open("/chat/general")).headers["Location"] == "/login?next=/chat/general"
    await three_days(roost)
    await publish(roost.services)
    page = await stranger.open("/chat/general")
    assert shown_in(page) == [1, 2, 3, 4, 5, 6]
    text = text_of(page)
    assert "zoe_tides" in text
    assert "Monday, 17 November 2025" in text
    assert 'href="/login?next=/chat/general%3Fjoin"' in text
    assert not {"xsrf", "session"} & set(stranger.cookies)


@pytest.mark.parametrize("word", ["xsrf", "online", "typing", "data-read", "1 member", "/avatars/", "js/main.js"])
async def test_a_page_says_nothing_of_members_and_loads_nothing_of_the_chat(
    roost: Roost, stranger: Browser, word: str
) -> None:
    await roost.browser().sign_in()
    person = await visitor(roost)
    await (await messages.post(roost.services, person, GENERAL, new_nonce(), "hello"))
    await publish(roost.services)
    text = text_of(await stranger.open("/chat/general"))
    assert "hello" in text
    assert word not in text


async def test_files_stand_below_their_message(roost: Roost, stranger: Browser) -> None:
    await publish(roost.services)
    await roost.browser().sign_in()
    photo = File(32 * "a", "<b>.jpg", "image/jpeg", 9, 1000, 500, 800, 400, alt='A "buoy"')
    notes = File(32 * "b", "<i>.txt", "text/plain", 9)
    extras = write_extras(Extras(files=(photo, notes)))
    new = NewMessage(GENERAL, (await visitor(roost)).user.id, new_nonce(), "msg", "", "", extras=extras)
    await roost.services.store.log.append(new)
    text = text_of(await stranger.open("/chat/general"))
    assert f'<a href="/files/{photo.id}"><img src="/files/{photo.id}/thumb" width="800" height="400"' in text
    assert 'alt="A &#34;buoy&#34;"' in text
    assert f'<a href="/files/{notes.id}"><bdi>&lt;i&gt;.txt</bdi></a>' in text


async def test_links_of_messages_lead_out_without_telling_whence_or_lending_weight(
    roost: Roost, stranger: Browser
) -> None:
    await say(roost.services, FIRST, "see https://example.org")
    await publish(roost.services)
    (rel,) = re.findall(r'href="https://example.org" rel="([^"]+)"', text_of(await stranger.open("/chat/general")))
    assert {"nofollow", "ugc", "noopener"} <= set(rel.split())


async def test_who_has_left_is_a_former_member_in_the_readers_language(roost: Roost, stranger: Browser) -> None:
    await roost.browser().sign_in()
    await roost.browser().sign_in(person=JUNIPER.id)
    juniper = await visitor(roost, 2)
    await (await messages.post(roost.services, juniper, GENERAL, new_nonce(), "farewell"))
    await departure.delete(roost.services, juniper, juniper.user.handle)
    await publish(roost.services)
    page = text_of(await stranger.open("/chat/general", headers={"Accept-Language": "ru"}))
    assert "farewell" in page
    assert "Бывш" in page
    assert JUNIPER.handle not in page
    assert "Former member" in text_of(await stranger.open("/chat/general"))


async def test_a_message_has_its_page_which_belongs_to_its_day(roost: Roost, stranger: Browser) -> None:
    await three_days(roost)
    await publish(roost.services)
    page = text_of(await stranger.open("/chat/general/3"))
    assert len(re.findall(r'class="msg[^"]*is-target" id="m-3"', page)) == 1
    assert f'rel="canonical" href="{roost.url}/chat/general/{SECOND}"' in page
    assert f'property="og:description" content="first of {SECOND}"' in page
    assert (await stranger.open("/chat/general/7")).code == 404


async def test_days_lead_to_the_nearest_ones_that_have_messages(roost: Roost, stranger: Browser) -> None:
    await three_days(roost)
    await publish(roost.services)
    page = await stranger.open(f"/chat/general/{SECOND}")
    assert shown_in(page) == [3, 4]
    assert f'rel="prev" href="/chat/general/{FIRST}"' in text_of(page)
    assert f'rel="next" href="/chat/general/{THIRD}"' in text_of(page)
    assert 'rel="prev"' not in text_of(await stranger.open(f"/chat/general/{FIRST}"))
    assert 'rel="next"' not in text_of(await stranger.open(f"/chat/general/{THIRD}"))


@pytest.mark.parametrize("day", ["2025-11-15", "2025-11-12", "2025-11-18", "2025-02-30", "0000-00-00", "9999-12-31"])
async def test_a_day_without_messages_has_no_page(roost: Roost, stranger: Browser, day: str) -> None:
    await publish(roost.services)
    assert (await stranger.open(f"/chat/general/{day}")).code == 404
    await three_days(roost)
    assert (await stranger.open(f"/chat/general/{day}")).code == 404


async def test_a_long_day_goes_on_on_another_page(roost: Roost, stranger: Browser) -> None:
    await say(roost.services, FIRST, *map(str, range(1, 403)))
    await publish(roost.services)
    page = await stranger.open(f"/chat/general/{FIRST}")
    assert shown_in(page) == [*range(1, 401)]
    assert f'rel="next" href="/chat/general/{FIRST}?after=400"' in text_of(page)
    assert shown_in(await stranger.open(f"/chat/general/{FIRST}?after=400")) == [401, 402]
    assert (await stranger.open(f"/chat/general/{FIRST}?after=nonsense")).code == 200


async def test_who_is_in_the_room_is_led_from_a_day_to_its_first_message(roost: Roost, stranger: Browser) -> None:
    await three_days(roost)
    await stranger.sign_in()
    assert (await stranger.open(f"/chat/general/{SECOND}")).headers["Location"] == "/chat/general/3"
    assert (await stranger.open("/chat/general/2025-11-15")).code == 404


async def test_what_was_taken_away_is_nowhere(roost: Roost, stranger: Browser) -> None:
    await three_days(roost)
    await publish(roost.services)
    await roost.services.store.write(
        lambda connection: connection.exec_driver_sql("UPDATE messages SET text = '', html = '' WHERE number IN (3, 4)")
    )
    assert shown_in(await stranger.open("/chat/general")) == [1, 2, 5, 6]
    for path in ("3", str(SECOND)):
        assert (await stranger.open(f"/chat/general/{path}")).code == 404, path


# What cannot be read looks like what is not there


@pytest.mark.parametrize("rest", ["", "/1", "/2025-11-14", "/live"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_what_may_not_be_read_looks_like_what_is_not_there(
    roost: Roost, stranger: Browser, rest: str, method: str
) -> None:
    await more_rooms(roost)
    await say(roost.services, SECOND, "hello", slug="garden")
    for is_on in (True, False):
        if is_on:
            await publish(roost.services)
        else:
            await public_reading.change_by_operator(roost.services, on=False)
        slugs = UNREADABLE if is_on else {**UNREADABLE, "switched off": "general"}
        answers = [same(await stranger.open(f"/chat/{slug}{rest}", method=method), slug) for slug in slugs.values()]
        assert answers == answers[:1] * len(slugs)
        assert answers[0][0] == (404 if rest == "/live" else {"GET": 302, "HEAD": 401}[method]) or method == "HEAD"


@pytest.mark.parametrize("address", ["/chat/%00", "/chat/a%00b/1", "/chat/%00/2025-11-14", "/chat/%00/live"])
async def test_an_address_that_no_database_takes_is_none(roost: Roost, stranger: Browser, address: str) -> None:
    """PostgreSQL knows no text with a NUL in it, and would fail: 500, with a traceback for everybody who likes one."""
    assert (await stranger.open(address)).code == 404


async def test_a_room_that_is_made_private_is_no_more_to_be_read(roost: Roost, stranger: Browser) -> None:
    ada = roost.browser()
    await ada.sign_in()
    await publish(roost.services)
    assert (await stranger.open("/chat/general")).code == 200
    person = await visitor(roost)
    await rooms.change(roost.services, person, GENERAL, rooms.Wanted(kind="private"))
    assert (await stranger.open("/chat/general")).code == 302
    await rooms.change(roost.services, person, GENERAL, rooms.Wanted(kind="public"))
    assert (await stranger.open("/chat/general")).code == 302


# What is kept on the way


async def test_a_public_page_is_kept_for_a_moment_and_told_apart_by_cookie_and_language(
    roost: Roost, stranger: Browser
) -> None:
    await three_days(roost)
    await publish(roost.services)
    page = await stranger.open("/chat/general")
    assert page.headers["Cache-Control"] == "public, max-age=10"
    assert page.headers["Vary"] == "Accept-Encoding, Accept-Language, Cookie"
    assert "Set-Cookie" not in page.headers
    again = await stranger.open("/chat/general", headers={"If-None-Match": page.headers["Etag"]})
    assert (again.code, again.body) == (304, b"")
    await say(roost.services, date(2025, 11, 18), "new")
    assert (await stranger.open("/chat/general", headers={"If-None-Match": page.headers["Etag"]})).code == 200


async def test_a_page_of_who_is_signed_in_is_kept_by_nobody(roost: Roost) -> None:
    await publish(roost.services)
    browser = roost.browser()
    await browser.sign_in()
    await rooms.add(roost.services, "garden")
    await publish(roost.services, 2)
    person = await visitor(roost)
    await rooms.change(roost.services, person, 2, rooms.Wanted(topic="Beans"))
    for path in ("/chat/general", "/chat/garden"):
        page = await browser.open(path)
        assert page.headers["Cache-Control"] == "no-store", path
        assert "Etag" not in page.headers, path


async def test_the_policy_of_the_page_is_as_strict_as_anywhere(roost: Roost, stranger: Browser) -> None:
    await publish(roost.services)
    public, door = await stranger.open("/chat/general"), await stranger.open("/")
    for name in ("Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "X-Content-Type-Options"):
        assert public.headers[name] == door.headers[name]
    assert "style=" not in text_of(public)


# What is found


async def test_a_link_that_is_shared_shows_what_the_room_is(roost: Roost, stranger: Browser) -> None:
    await three_days(roost)
    await publish(roost.services)
    await roost.services.store.write(room_rows.change, GENERAL, {"topic": 'Ferries & "tides"'})
    page = text_of(await stranger.open("/chat/general"))
    assert "<title>#general · Harbour</title>" in page
    words = "Ferries &amp; &#34;tides&#34; 6 messages, the last on Monday, 17 November 2025."
    assert f'name="description" content="{words}"' in page
    assert f'property="og:description" content="{words}"' in page
    assert f'rel="canonical" href="{roost.url}/chat/general"' in page
    assert f'property="og:image" content="{roost.url}/static/' in page
    assert "noindex" not in page


async def test_search_engines_are_told_of_rooms_that_may_be_found_and_of_nothing_else(
    roost: Roost, stranger: Browser
) -> None:
    robots = text_of(await stranger.open("/robots.txt"))
    assert "/chat" not in robots
    assert "Disallow: /\n" in robots
    assert "<url>" not in text_of(await stranger.open("/sitemap.xml"))
    await three_days(roost)
    await more_rooms(roost)
    await publish(roost.services)
    await publish(roost.services, 2, unlisted=True)
    robots = text_of(await stranger.open("/robots.txt"))
    assert "Allow: /chat/general$" in robots
    assert "Disallow: /\n" in robots
    assert f"Sitemap: {roost.url}/sitemap.xml" in robots
    sitemap = text_of(await stranger.open("/sitemap.xml"))
    found = re.findall(r"<loc>([^<]+)</loc><lastmod>([^<]+)<", sitemap)
    here = f"{roost.url}/chat/general"
    assert found == [(here, str(THIRD)), *((f"{here}/{day}", str(day)) for day in reversed(DAYS))]
    for slug in ("garden", "attic"):
        assert slug not in robots + sitemap
    unlisted = await stranger.open("/chat/garden")
    assert unlisted.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in text_of(unlisted)


# How much


async def test_an_address_reads_only_so_much_in_a_minute(tmp_path: Path) -> None:
    async with running_roost(tmp_path, LIMIT_PUBLIC_PAGES_PER_MINUTE="3") as roost:
        await publish(roost.services)
        stranger = roost.browser()
        for path in ("/chat/general", "/chat/nowhere", "/sitemap.xml"):
            assert (await stranger.open(path)).code in {200, 302}
        for path in ("/chat/general", "/chat/nowhere", "/robots.txt", "/chat/general/live"):
            refusal = await stranger.open(path)
            assert refusal.code == 429, path
            assert int(refusal.headers["Retry-After"]) > 0
            assert refusal.headers.get("Cache-Control") in {"no-store", None}
        roost.clock.seconds += 60
        assert (await stranger.open("/chat/general")).code == 200


# The way in


async def test_who_signs_in_to_reply_is_in_the_room_and_stands_there(roost: Roost, stranger: Browser) -> None:
    await roost.browser().sign_in(person=JUNIPER.id)
    await rooms.create(roost.services, await visitor(roost), "boats", "public")
    await publish(roost.services, 2)
    answer = await stranger.sign_in("/chat/boats?join")
    assert answer.headers["Location"] == "/chat/boats"
    page = text_of(await stranger.open("/chat/boats"))
    assert 'data-view="room"' in page


@pytest.mark.parametrize("path", ["/chat/boats?join", "/chat/nowhere?join", "/chat?join", "/chat/attic?join"])
async def test_nobody_is_brought_into_a_room_that_they_could_not_read(
    roost: Roost, stranger: Browser, path: str
) -> None:
    await roost.browser().sign_in(person=JUNIPER.id)
    await rooms.create(roost.services, await visitor(roost), "boats", "public")
    await publish(roost.services, GENERAL)
    answer = await stranger.sign_in(path)
    assert answer.code == 302
    assert answer.headers["Location"].startswith("/welcome?next=/chat")
    assert (await stranger.open("/chat/boats")).code == 404


async def test_who_is_signed_in_and_not_in_the_room_reads_it_and_joins_by_one_click(
    roost: Roost, stranger: Browser
) -> None:
    await stranger.sign_in()
    await roost.browser().sign_in(person=JUNIPER.id)
    await rooms.create(roost.services, await visitor(roost, 2), "boats", "public")
    assert (await stranger.open("/chat/boats")).code == 404
    await publish(roost.services, 2)
    assert 'name="enter" value="2"' in text_of(await stranger.open("/chat/boats"))
    assert (await stranger.submit("/chat/boats", {})).code == 405
    found = re.search(r'name="_xsrf" value="([^"]+)"', text_of(await stranger.open("/chat/boats")))
    assert found
    body = f"_xsrf={found[1].replace('|', '%7C')}&enter=2"
    answer = await stranger.open("/rooms", method="POST", body=body)
    assert answer.headers["Location"] == "/chat/boats"
    assert 'data-view="room"' in text_of(await stranger.open("/chat/boats"))


async def test_admins_allow_it_on_the_page_of_the_door(roost: Roost, stranger: Browser) -> None:
    ada = roost.browser()
    await ada.sign_in()
    await roost.services.store.write(room_rows.change, GENERAL, {"is_readable": True})
    assert (await stranger.open("/chat/general")).code == 302
    await ada.submit("/settings/door", [("public_reading", "off"), ("public_reading", "on")])
    assert (await stranger.open("/chat/general")).code == 200
    await ada.submit("/settings/door", [("public_reading", "off")])
    assert (await stranger.open("/chat/general")).code == 302
    roost.clock.seconds += 3_600
    late = await ada.submit("/settings/door", [("public_reading", "on")])
    assert late.code == 403
    assert not await public_reading.is_on(roost.services)
