import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, update
from tornado.httpclient import HTTPResponse
from websockets import Origin, State
from websockets.asyncio.client import connect

from app.chat import accounts
from app.models import User
from app.protocol.close_codes import CloseCode
from app.standin.faults import ProfileFault, TokenFault
from app.standin.state import App
from app.storage import tables, users
from tests.support.sign_in import ADA, JUNIPER, Browser, Roost, running_roost

KEY = "s" * 40
TITLES = {
    "cancelled": "The request was cancelled on X",
    "expired": "That sign-in is over",
    "failed": "X and this server did not understand each other",
    "unavailable": "X is not answering",
    "clock": "The clock here is wrong",
    "callback": "X does not know this address",
    "rate_limited": "Too many tries",
    "not_configured": "Sign-in is not set up yet",
    "signed_out": "See you back on the wire",
}


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path, LIMIT_LOGIN_PER_MINUTE="100") as running:
        yield running


@pytest.fixture
def browser(roost: Roost) -> Browser:
    return roost.browser()


async def person(roost: Roost, twitter_id: str) -> User:
    found = await roost.services.store.read(users.by_twitter_id, twitter_id)
    assert found is not None
    return found


def _age_profiles(connection: Connection, milliseconds: int) -> None:
    connection.execute(update(tables.users).values(profile_at=tables.users.c.profile_at - milliseconds))


def says(answer: HTTPResponse, notice: str) -> bool:
    """Whether a page is the sign-in page with this notice, and offers to try again."""
    text = answer.body.decode()
    return TITLES[notice] in text and 'href="/login?next=' in text


# The way in


async def test_signing_in_leads_to_the_page_one_came_for(roost: Roost, browser: Browser) -> None:
    await browser.sign_in()
    returning = roost.browser()
    answer = await returning.sign_in("/chat/general")
    assert (answer.code, answer.headers["Location"]) == (302, "/chat/general")
    assert (await returning.open("/chat/general")).code == 200


async def test_the_first_sign_in_is_welcomed_and_then_led_on(browser: Browser) -> None:
    answer = await browser.sign_in("/chat/general")
    assert answer.headers["Location"] == "/welcome?next=/chat/general"
    page = await browser.open(answer.headers["Location"])
    assert (page.code, b"/chat/general" in page.body) == (200, True)


async def test_a_person_is_kept_as_x_has_them(roost: Roost, browser: Browser) -> None:
    await browser.sign_in()
    ada = await person(roost, ADA.id)
    assert (ada.twitter_id, ada.handle, ada.name) == (ADA.id, ADA.handle, ADA.name)


@pytest.mark.parametrize("fault", ProfileFault)
async def test_people_get_in_whatever_the_profile_does(roost: Roost, browser: Browser, fault: ProfileFault) -> None:
    roost.x.faults.profiles(fault)
    await browser.sign_in()
    assert (await browser.open("/chat/general")).code == 200
    assert (await person(roost, ADA.id)).name == ADA.handle


async def test_a_name_known_before_survives_a_failing_profile(roost: Roost) -> None:
    await roost.browser().sign_in()
    roost.x.faults.profiles(ProfileFault.NO_CREDITS)
    await roost.browser().sign_in()
    assert (await person(roost, ADA.id)).name == ADA.name


async def test_a_profile_is_asked_for_once_a_day(roost: Roost) -> None:
    for _ in range(2):
        await roost.browser().sign_in()
    assert roost.asked("/2/users/me") == 1
    await roost.services.store.write(_age_profiles, 24 * 3_600_000)
    await roost.browser().sign_in()
    assert roost.asked("/2/users/me") == 2


async def test_a_handle_taken_over_is_another_person(roost: Roost) -> None:
    await roost.browser().sign_in(person=ADA.id)
    roost.x.people.rename(ADA.id, "ada_moved")
    await roost.browser().sign_in(handle=ADA.handle)
    await roost.browser().sign_in(person=ADA.id)
    successor_id = roost.x.people.called(ADA.handle).id
    first, successor = await person(roost, ADA.id), await person(roost, successor_id)
    assert first.id != successor.id
    assert (first.handle, successor.handle) == ("ada_moved", ADA.handle)


async def test_somebody_signed_in_already_can_sign_in_again_in_a_new_session(roost: Roost, browser: Browser) -> None:
    await browser.sign_in()
    before = browser.cookies["session"]
    answer = await browser.open("/login?again&next=/chat")
    assert answer.code == 302
    token = parse_qs(urlsplit(answer.headers["Location"]).query)["oauth_token"][0]
    back = await browser.open(await browser.choose(token))
    assert (back.code, back.headers["Location"]) == (302, "/chat")
    assert browser.cookies["session"] != before
    assert await accounts.resume(roost.services, before) is None


async def test_somebody_signed_in_already_is_led_on_without_asking_x(roost: Roost, browser: Browser) -> None:
    await browser.sign_in()
    asked = roost.asked("/oauth/request_token")
    answer = await browser.open("/login?next=/chat/general")
    assert (answer.code, answer.headers["Location"]) == (302, "/chat/general")
    assert roost.asked("/oauth/request_token") == asked


async def test_the_next_page_is_never_another_site(browser: Browser) -> None:
    answer = await browser.sign_in("//evil.example/chat")
    assert answer.headers["Location"] == "/welcome?next=/chat"


async def test_what_x_is_asked_does_not_depend_on_the_host_asked_for(roost: Roost, browser: Browser) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = await browser.open("/login", headers=forged)
    assert answer.code == 302
    header = roost.x.asked[-1].headers["Authorization"]
    assert f'oauth_callback="{roost.url.replace(":", "%3A").replace("/", "%2F")}%2Flogin"' in header


async def test_another_name_of_this_computer_leads_to_the_right_one(roost: Roost, browser: Browser) -> None:
    answer = await browser.open(roost.url.replace("127.0.0.1", "localhost") + "/login?next=/chat")
    assert answer.headers["Location"] == f"{roost.url}/login?next=/chat"
    assert roost.asked("/oauth/request_token") == 0


# The cookie of an attempt (S1, S2, X5)


async def test_the_cookie_of_an_attempt_is_private_and_short_lived(roost: Roost, browser: Browser) -> None:
    token = await browser.begin()
    [cookie] = browser.set_cookies
    assert cookie.key.startswith("sign-in-")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Lax", "/", "600")
    assert token not in cookie.value
    assert cookie.value.startswith("2|")  # signed, in Tornado's second format


async def test_over_https_cookies_are_bound_to_the_host(tmp_path: Path) -> None:
    async with running_roost(tmp_path) as roost:
        roost.application.roost_settings = replace(roost.settings, public_url="https://roost.example")
        roost.x.app = App(roost.x.app.key, roost.x.app.secret, ("https://roost.example/login",))
        browser = roost.browser()
        await browser.begin()
        [cookie] = browser.set_cookies
        assert cookie.key.startswith("__Host-sign-in-")
        assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")


async def test_the_secret_of_a_request_token_never_reaches_the_browser(roost: Roost, browser: Browser) -> None:
    token = await browser.begin()
    waiting = roost.x.request_token(token)
    assert waiting is not None
    assert waiting.secret not in str(browser.cookies)
    answer = await browser.open(await browser.choose(token))
    assert waiting.secret not in str(answer.headers) + answer.body.decode()


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def test_nothing_is_kept_of_the_access_token(roost: Roost, browser: Browser, tmp_path: Path) -> None:
    answer = await browser.sign_in()
    page = await browser.open("/chat/general")
    [access] = roost.x._access_tokens.values()
    files = contents(tmp_path)
    assert any(ADA.id.encode() in kept for kept in files), "for this test to mean anything"
    shown = [str(each.headers).encode() + each.body for each in (answer, page)]
    for secret in (access.key.encode(), access.secret.encode()):
        assert not [kept for kept in [*files, *shown] if secret in kept]


async def test_two_tabs_do_not_disturb_each_other(browser: Browser) -> None:
    first, second = await browser.begin("/chat/general"), await browser.begin("/chat/general/1")
    one = await browser.open(await browser.choose(first))
    assert one.headers["Location"] == "/welcome?next=/chat/general"
    two = await browser.open(await browser.choose(second))
    assert two.headers["Location"] == "/chat/general/1"


async def test_attempts_given_up_do_not_pile_up_in_the_browser(browser: Browser) -> None:
    for _ in range(12):
        await browser.begin()
        assert len(browser.cookies) <= 5
    answer = await browser.open(await browser.choose(await browser.begin()))
    assert answer.code == 302


async def test_the_cookie_goes_with_the_attempt(browser: Browser) -> None:
    await browser.sign_in()
    assert list(browser.cookies) == ["session"]


# The way back, when it is wrong (X6, S1, S3, S4)


async def test_cancelling_says_so_and_asks_x_nothing(roost: Roost, browser: Browser) -> None:
    back = await browser.choose(await browser.begin("/chat/general"), cancel="yes")
    answer = await browser.open(back)
    assert (answer.code, says(answer, "cancelled")) == (200, True)
    assert b'href="/login?next=/chat/general"' in answer.body
    assert (roost.asked("/oauth/request_token"), roost.asked("/oauth/access_token")) == (1, 0)
    assert browser.cookies == {}


async def test_a_denial_of_an_attempt_forgotten_here_is_still_a_cancelled_sign_in(browser: Browser) -> None:
    answer = await browser.open("/login?denied=unknown")
    assert (answer.code, says(answer, "cancelled")) == (200, True)


async def test_a_cancelled_attempt_cannot_be_completed(browser: Browser) -> None:
    token = await browser.begin()
    cookies = dict(browser.cookies)
    await browser.open(f"/login?denied={token}")
    browser.cookies = cookies
    answer = await browser.open(await browser.choose(token))
    assert (answer.code, says(answer, "expired")) == (400, True)


async def test_nobody_cancels_the_attempt_of_another_browser(roost: Roost, browser: Browser) -> None:
    token = await browser.begin()
    await roost.browser().open(f"/login?denied={token}")
    assert (await browser.open(await browser.choose(token))).code == 302


async def test_coming_back_twice_works_once(roost: Roost, browser: Browser) -> None:
    back = await browser.choose(await browser.begin())
    cookies = dict(browser.cookies)
    assert (await browser.open(back)).code == 302
    thief = roost.browser()
    thief.cookies = cookies
    answer = await thief.open(back)
    assert (answer.code, says(answer, "expired")) == (400, True)
    assert not thief.is_signed_in


async def test_another_browser_gets_nothing_from_somebodys_way_back(roost: Roost, browser: Browser) -> None:
    back = await browser.choose(await browser.begin())
    thief = roost.browser()
    answer = await thief.open(back)
    assert (answer.code, says(answer, "expired")) == (400, True)
    assert not thief.is_signed_in
    assert (await browser.open(back)).code == 302, "the theft must not have used it up"


async def test_an_attempt_of_ones_own_does_not_open_that_of_another(roost: Roost, browser: Browser) -> None:
    back = await browser.choose(await browser.begin())
    thief = roost.browser()
    await thief.begin()
    [name] = thief.cookies
    [wanted] = browser.cookies
    thief.cookies = {wanted: thief.cookies[name]}
    answer = await thief.open(back)
    assert (answer.code, says(answer, "expired")) == (400, True)


async def test_a_forged_cookie_opens_nothing(roost: Roost, browser: Browser) -> None:
    back = await browser.choose(await browser.begin())
    [(name, good)] = browser.cookies.items()
    damaged = good[:-1] + ("1" if good.endswith("0") else "0")
    for value in ("", "x", "1|2|3", "2|1:0|10:1|3:a|4:b|c", damaged, "\xff"):
        browser.cookies = {name: value}
        answer = await browser.open(back)
        assert (answer.code, says(answer, "expired")) == (400, True), value


async def test_an_attempt_dies_after_ten_minutes(roost: Roost, browser: Browser) -> None:
    back = await browser.choose(await browser.begin())
    roost.clock.seconds = 601.0
    answer = await browser.open(back)
    assert (answer.code, says(answer, "expired")) == (400, True)


@pytest.mark.parametrize(
    "query",
    [
        "oauth_token=unknown&oauth_verifier=v",
        "oauth_token=&oauth_verifier=",
        "denied=",
        "oauth_token=unknown",
        "oauth_verifier=v",
        "oauth_token=a&oauth_token=b&oauth_verifier=c",
        "oauth_token=%ff%fe&oauth_verifier=v",
        "oauth_token=%00&oauth_verifier=%00",
        "oauth_token=" + "a" * 4000,
        "denied=%ff",
    ],
)
async def test_junk_is_a_page_and_no_way_round(roost: Roost, browser: Browser, query: str) -> None:
    answer = await browser.open(f"/login?{query}")
    assert answer.code == 400
    assert answer.headers["Content-Type"].startswith("text/html")
    assert roost.asked("/oauth/request_token") == 0
    assert not browser.is_signed_in


async def test_a_way_back_without_verifier_signs_nobody_in(roost: Roost, browser: Browser) -> None:
    roost.x.faults.no_verifier = True
    answer = await browser.sign_in()
    assert (answer.code, says(answer, "expired")) == (400, True)
    assert roost.asked("/oauth/access_token") == 0


async def test_a_verifier_made_up_signs_nobody_in(browser: Browser) -> None:
    back = await browser.choose(await browser.begin())
    answer = await browser.open(re.sub("oauth_verifier=[^&]*", "oauth_verifier=made-up", back))
    assert (answer.code, says(answer, "expired")) == (400, True)


# When X is in trouble (X14)


@pytest.mark.parametrize(
    ("fault", "notice"),
    [
        (TokenFault.NOT_CONFIRMED, "failed"),
        (TokenFault.UNAVAILABLE, "unavailable"),
        (TokenFault.BLOCKED, "unavailable"),
        (TokenFault.HTML, "unavailable"),
        (TokenFault.CUT, "unavailable"),
        (TokenFault.WRONG_CLOCK, "clock"),
    ],
)
async def test_trouble_on_the_way_out_is_a_sentence(
    roost: Roost, browser: Browser, fault: TokenFault, notice: str
) -> None:
    roost.x.faults.request_token = fault
    answer = await browser.open("/login?next=/chat/general")
    assert (answer.code, says(answer, notice)) == (503, True)
    assert b'href="/login?next=/chat/general"' in answer.body


@pytest.mark.parametrize(
    ("fault", "notice"),
    [
        (TokenFault.NO_IDENTITY, "failed"),
        (TokenFault.UNAVAILABLE, "unavailable"),
        (TokenFault.HTML, "unavailable"),
        (TokenFault.WRONG_CLOCK, "clock"),
    ],
)
async def test_trouble_on_the_way_back_is_a_sentence(
    roost: Roost, browser: Browser, fault: TokenFault, notice: str
) -> None:
    roost.x.faults.access_token = fault
    answer = await browser.sign_in("/chat/general")
    assert (answer.code, says(answer, notice)) == (503, True)
    assert b'href="/login?next=/chat/general"' in answer.body
    assert not browser.is_signed_in


async def test_an_unregistered_callback_is_a_sentence(roost: Roost, browser: Browser) -> None:
    roost.x.app = App(roost.x.app.key, roost.x.app.secret, ("https://elsewhere.example/login",))
    answer = await browser.open("/login")
    assert (answer.code, says(answer, "callback")) == (503, True)


async def test_without_keys_the_page_says_so(tmp_path: Path) -> None:
    async with running_roost(tmp_path) as roost:
        roost.application.roost_settings = replace(roost.settings, twitter_consumer_key="")
        for path in ("/", "/login"):
            answer = await roost.browser().open(path)
            assert TITLES["not_configured"] in answer.body.decode()
            assert b'href="/login' not in answer.body
        assert roost.asked("/oauth/request_token") == 0


# Who may start (S14, X16)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"X-Purpose": "preview"},
    ],
)
async def test_what_no_person_asked_for_gets_the_page_and_no_token(
    roost: Roost, browser: Browser, headers: dict[str, str]
) -> None:
    answer = await browser.open("/login?next=/chat/general", headers=headers)
    assert answer.code == 200
    assert b'href="/login?next=/chat/general"' in answer.body
    assert roost.asked("/oauth/request_token") == 0
    assert browser.set_cookies == []


@pytest.mark.parametrize("site", ["same-origin", "none", "same-site"])
async def test_a_click_of_ours_or_a_typed_address_starts(roost: Roost, browser: Browser, site: str) -> None:
    assert (await browser.open("/login", headers={"Sec-Fetch-Site": site})).code == 302


async def test_the_way_back_from_x_is_cross_site_and_works(browser: Browser) -> None:
    back = await browser.choose(await browser.begin())
    answer = await browser.open(back, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.code, browser.is_signed_in) == (302, True)


async def test_starting_too_often_has_to_wait(tmp_path: Path) -> None:
    async with running_roost(tmp_path, LIMIT_LOGIN_PER_MINUTE="3") as roost:
        for _ in range(3):
            assert (await roost.browser().open("/login")).code == 302
        answer = await roost.browser().open("/login")
        assert (answer.code, says(answer, "rate_limited")) == (429, True)
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert roost.asked("/oauth/request_token") == 3


# The session (X13, S6, S22)


async def test_signing_in_makes_a_new_session_and_ends_the_old(roost: Roost, browser: Browser) -> None:
    await browser.sign_in(person=ADA.id)
    old = dict(browser.cookies)
    anonymous = roost.browser()
    back = await anonymous.choose(await anonymous.begin(), person=JUNIPER.id)
    anonymous.cookies |= old
    assert (await anonymous.open(back)).code == 302
    assert anonymous.cookies["session"] != old["session"]
    assert (await browser.open("/chat/general")).code == 302, "the old session must be dead"
    assert (await anonymous.open("/chat/general")).code == 200


async def test_a_session_cookie_planted_before_is_replaced(browser: Browser) -> None:
    browser.cookies = {"session": "planted"}
    await browser.sign_in()
    assert browser.cookies["session"] != "planted"


async def test_the_session_cookie_is_private(browser: Browser) -> None:
    await browser.sign_in()
    [cookie] = [each for each in browser.set_cookies if each.key == "session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert len(cookie.value) >= 43  # 256 bits


async def sign_out(browser: Browser, **headers: str) -> int:
    page = await browser.open("/chat/general")
    found = re.search(rb'name="_xsrf" value="([^"]+)"', page.body)
    body = f"_xsrf={found[1].decode()}" if found else ""
    answer = await browser.open("/logout", method="POST", body=body, headers=headers)
    return answer.code


async def test_signing_out_ends_the_session_everywhere(roost: Roost, browser: Browser) -> None:
    await browser.sign_in()
    copy = roost.browser()
    copy.cookies = {"session": browser.cookies["session"]}
    assert (await copy.open("/chat/general")).code == 200
    assert await sign_out(browser) == 303
    assert not browser.is_signed_in
    assert (await copy.open("/chat/general")).code == 302


async def test_signing_out_closes_the_open_connections_of_the_session(roost: Roost, browser: Browser) -> None:
    await browser.sign_in()
    elsewhere = roost.browser()
    await elsewhere.sign_in()
    async with open_socket(browser) as ended, open_socket(elsewhere) as going_on:
        assert await sign_out(browser) == 303
        await asyncio.wait_for(ended.wait_closed(), 2)
        assert ended.close_code == CloseCode.SESSION_ENDED
        assert going_on.state is State.OPEN


def open_socket(browser: Browser) -> connect:
    cookies = {"Cookie": f"session={browser.cookies['session']}"}
    address = browser.roost.url.replace("http", "ws", 1) + "/ws"
    return connect(address, origin=Origin(browser.roost.url), additional_headers=cookies)


async def test_signing_out_clears_what_the_browser_kept(browser: Browser) -> None:
    await browser.sign_in()
    page = await browser.open("/chat/general")
    xsrf = re.search(rb'name="_xsrf" value="([^"]+)"', page.body)
    assert xsrf is not None
    answer = await browser.open("/logout", method="POST", body=f"_xsrf={xsrf[1].decode()}")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    door = await browser.open(answer.headers["Location"])
    assert TITLES["signed_out"] in door.body.decode()


async def test_only_a_form_of_ours_signs_out(browser: Browser) -> None:
    await browser.sign_in()
    assert (await browser.open("/logout", method="POST", body="")).code == 403
    assert (await browser.open("/logout")).code == 405
    assert await sign_out(browser, **{"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}) == 403
    assert (await browser.open("/chat/general")).code == 200


# What is written down (S60)


async def test_signing_in_and_out_is_written_down_without_anything_secret(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    token = await browser.begin()
    back = await browser.choose(token)
    answer = await browser.open(back)
    assert f"person 1 signed in: request {answer.headers['X-Request-Id']}" in caplog.messages
    secrets = {token, back.partition("oauth_verifier=")[2], *browser.cookies.values()}
    assert await sign_out(browser) == 303
    assert any(line.startswith("person 1 signed out: request ") for line in caplog.messages)
    assert not [secret for secret in secrets if secret in caplog.text]


async def test_why_a_sign_in_ended_at_the_door_is_written_down(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    answer = await browser.open("/login?denied=unknown")
    assert f"sign-in cancelled: request {answer.headers['X-Request-Id']}" in caplog.messages
