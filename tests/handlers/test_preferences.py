"""The settings: what a form or a script posts, and who may."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from tornado.httpclient import HTTPResponse

from tests.support.sign_in import JUNIPER, Browser, Roost, running_roost

JSON = {"Accept": "application/json"}
SECTIONS = ("/settings", "/settings/notifications", "/settings/devices", "/settings/blocked")
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


async def page(browser: Browser, path: str) -> str:
    answer = await browser.open(path)
    assert answer.code == 200
    return answer.body.decode()


async def post(browser: Browser, path: str, headers: dict[str, str] | None = None, **fields: Any) -> HTTPResponse:
    """What a form of that page posts."""
    found = re.search(r'name="_xsrf" value="([^"]+)"', await page(browser, path))
    assert found
    body = urlencode({"_xsrf": found[1], **fields}, doseq=True)
    return await browser.open(path, method="POST", body=body, headers=headers or {})


def html_of(page: str) -> str:
    (tag,) = re.findall(r"<html[^>]*>", page)
    return str(tag)


def sessions_in(page: str) -> list[int]:
    """Those that can be signed out."""
    return [int(number) for number in re.findall(r'name="session" value="(\d+)"', page)]


def error_of(answer: HTTPResponse) -> str:
    return str(msgspec.json.decode(answer.body)["error"]["code"])


@pytest.mark.parametrize("path", SECTIONS)
async def test_a_page_of_the_settings_is_personal(roost: Roost, ada: Browser, path: str) -> None:
    answer = await ada.open(path)
    assert answer.code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Etag" not in answer.headers
    outside = await roost.browser().open(path)
    assert (outside.code, outside.headers["Location"]) == (302, f"/login?next={path}")


@pytest.mark.parametrize("path", SECTIONS)
async def test_only_a_form_of_ours_changes_anything(roost: Roost, ada: Browser, path: str) -> None:
    body = "theme=dusk&session=others"
    assert (await ada.open(path, method="POST", body=body)).code == 403
    stranger = {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}
    assert (await post(ada, path, stranger, theme="dusk", session="others")).code == 403
    assert 'data-theme="system"' in html_of(await page(ada, "/settings"))


async def test_a_form_saves_and_leads_back_to_its_page_which_says_so(ada: Browser) -> None:
    answer = await post(ada, "/settings", theme="dusk", message_size="18", density="compact", speak=["false", "true"])
    assert (answer.code, answer.headers["Location"]) == (303, "/settings?saved")
    drawn = await page(ada, answer.headers["Location"])
    assert re.search(r'role="status"[^>]*>Saved<', drawn)
    assert 'data-theme="dusk" data-density="compact" data-message-size="18" data-motion="device"' in html_of(drawn)
    assert 'name="theme" value="dusk" checked' in drawn
    assert re.search(r'role="switch" id="speak"[^>]* checked', drawn)


async def test_a_switch_that_is_off_sends_only_what_stands_before_it(ada: Browser) -> None:
    await post(ada, "/settings", speak="false", enter_sends="false")
    drawn = await page(ada, "/settings")
    assert not re.search(r'role="switch" id="(?:speak|enter_sends)"[^>]* checked', drawn)
    answer = await post(ada, "/settings/notifications", notify="none", sound=["false", "true"])
    assert answer.headers["Location"] == "/settings/notifications?saved"
    drawn = await page(ada, "/settings/notifications")
    assert re.findall(r'name="notify" value="(\w+)"[^>]* checked', drawn) == ["none"]
    assert re.search(r'id="sound"[^>]* checked', drawn)


async def test_a_script_is_told_all_that_holds_now(ada: Browser) -> None:
    await post(ada, "/settings", sound="true")
    answer = await post(ada, "/settings", JSON, theme="day")
    assert (answer.code, answer.headers["Cache-Control"]) == (200, "no-store")
    changed = msgspec.json.decode(answer.body)
    assert changed["type"] == "preferences.changed"
    assert (changed["preferences"]["theme"], changed["preferences"]["sound"]) == ("day", True)


async def test_what_no_setting_offers_is_refused_with_its_code_and_changes_nothing(ada: Browser) -> None:
    for fields in ({"theme": "neon"}, {"message_size": "40"}, {"colour": "red"}, {"theme": "day", "sound": "loud"}):
        answer = await post(ada, "/settings", JSON, **fields)
        assert (answer.code, error_of(answer)) == (400, "bad_preference")
    assert (await post(ada, "/settings", theme="neon")).code == 400
    assert 'data-theme="system"' in html_of(await page(ada, "/settings"))


async def test_who_is_signed_out_meanwhile_is_told(roost: Roost, ada: Browser) -> None:
    token = re.search(r'name="_xsrf" value="([^"]+)"', await page(ada, "/settings"))
    assert token
    del ada.cookies["session"]
    for path in ("/settings", "/settings/devices"):
        body = urlencode({"_xsrf": token[1], "theme": "day", "session": "others"})
        answer = await ada.open(path, method="POST", body=body, headers=JSON)
        assert (answer.code, error_of(answer)) == (401, "not_signed_in")


@pytest.mark.parametrize("path", ["/chat/general", "/welcome", "/settings/devices", "/nowhere-at-all", "/chat/nowhere"])
async def test_every_page_with_somebody_behind_it_looks_as_they_like(ada: Browser, path: str) -> None:
    await post(ada, "/settings", theme="dusk", reduce_motion="true")
    html = (await ada.open(path)).body.decode()
    assert 'data-theme="dusk"' in html_of(html)
    assert 'data-motion="still"' in html_of(html)
    assert '<meta name="color-scheme" content="dark">' in html


async def test_the_chosen_language_goes_before_the_browsers(ada: Browser) -> None:
    await post(ada, "/settings", language="ru")
    russian = await ada.open("/settings", headers={"Accept-Language": "en"})
    assert '<html lang="ru"' in russian.body.decode()
    await post(ada, "/settings", language="")
    asked = await ada.open("/settings", headers={"Accept-Language": "ru"})
    assert '<html lang="ru"' in asked.body.decode()


@pytest.mark.parametrize("path", ["/rules", "/offline", "/nowhere", "/chat/nowhere"])
async def test_pages_that_are_for_everybody_speak_the_chosen_language_too(
    roost: Roost, ada: Browser, path: str
) -> None:
    await post(ada, "/settings", language="ru")
    assert '<html lang="ru"' in (await ada.open(path)).body.decode()
    # They need the database for nothing else.
    roost.services.cache.clear()
    await roost.services.store.database.close()
    assert (await ada.open("/rules")).code == 200
    assert (await ada.open("/nowhere")).code == 404


async def test_a_language_that_is_not_there_any_more_is_the_browsers(ada: Browser) -> None:
    await post(ada, "/settings", language="tlh")
    assert '<html lang="en"' in await page(ada, "/settings")


async def test_settings_are_saved_no_faster_than_commands(tmp_path: Path) -> None:
    async with running_roost(tmp_path, LIMIT_COMMANDS_PER_10_SECONDS="1") as roost:
        ada = roost.browser()
        await ada.sign_in()
        codes = [(await post(ada, "/settings", JSON, theme="day")).code for _ in range(2)]
        assert codes == [200, 429]


# Devices


async def signed_in(roost: Roost, user_agent: str) -> Browser:
    """The same person, elsewhere."""
    browser = roost.browser()
    token = await browser.begin()
    await browser.open(await browser.choose(token), headers={"User-Agent": user_agent})
    assert browser.is_signed_in
    return browser


async def test_ones_devices_are_listed_in_words_this_one_first(roost: Roost, ada: Browser) -> None:
    await signed_in(roost, IPHONE)
    await signed_in(roost, "<script>alert(1)</script>")
    drawn = await page(ada, "/settings/devices")
    names = re.findall(
        r"<b>([^<]+?)\s*(?:<span class=\"tag\">Here</span>)?</b>", drawn[drawn.index('class="devices"') :]
    )
    assert names[0] == "Unknown browser"
    assert sorted(names[1:]) == ["Safari on iPhone", "Unknown browser"]
    assert drawn.count("This device.") == 1
    assert len(sessions_in(drawn)) == 2
    assert "127.0.0.1" not in re.sub(r"http://127\.0\.0\.1:\d+", "", drawn)


async def test_how_long_ago_a_device_was_used_is_said_in_hours_then_by_its_day(roost: Roost, ada: Browser) -> None:
    await signed_in(roost, IPHONE)
    for hours, words in ((0, "Active within the last hour."), (3, "Active 3 hours ago."), (30, "Last active <time")):
        roost.clock.seconds = hours * 3_600 + 60
        assert words in await page(ada, "/settings/devices")


async def test_a_device_that_is_signed_out_is_out_at_once(roost: Roost, ada: Browser) -> None:
    phone, tablet = await signed_in(roost, IPHONE), await signed_in(roost, "a tablet")
    (_, first) = sorted(sessions_in(await page(ada, "/settings/devices")), reverse=True)
    answer = await post(ada, "/settings/devices", session=first)
    assert (answer.code, answer.headers["Location"]) == (303, "/settings/devices?saved")
    assert re.search(r'role="status"[^>]*>Signed out<', await page(ada, answer.headers["Location"]))
    assert [(await browser.open("/chat/general")).code for browser in (phone, tablet, ada)] == [302, 200, 200]


async def test_all_other_devices_are_signed_out_together(roost: Roost, ada: Browser) -> None:
    others = [await signed_in(roost, IPHONE) for _ in range(3)]
    assert (await post(ada, "/settings/devices", JSON, session="others")).code == 204
    assert [(await browser.open("/chat/general")).code for browser in (*others, ada)] == [302, 302, 302, 200]
    drawn = await page(ada, "/settings/devices")
    assert sessions_in(drawn) == []
    assert "everywhere else" not in drawn


async def test_nobody_elses_device_is_seen_or_reached(roost: Roost, ada: Browser) -> None:
    juniper, her_phone = roost.browser(), roost.browser()
    for browser in (juniper, her_phone):
        await browser.sign_in(person=JUNIPER.id)
    (hers,) = sessions_in(await page(juniper, "/settings/devices"))
    assert sessions_in(await page(ada, "/settings/devices")) == []
    for session in (hers, 999, 0, -1, "1.5", "", "all", "9" * 30):
        assert (await post(ada, "/settings/devices", JSON, session=session)).code == 404
    await post(ada, "/settings/devices", JSON, session="others")
    assert [(await browser.open("/chat/general")).code for browser in (juniper, her_phone, ada)] == [200, 200, 200]
