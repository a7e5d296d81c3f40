"""What a program asks that has no browser at hand, and the page of who lets it in."""

import logging
import re
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

import msgspec
import pytest
from tornado.httpclient import HTTPResponse

from app.chat import accounts
from app.chat.access import FRESH
from app.chat.device_codes import INTERVAL, LIFE
from app.storage import tokens
from tests.support.sign_in import JUNIPER, Browser, Roost

NAME = "terminal on laptop"


async def ask(roost: Roost, path: str = "/device/code", body: bytes | None = None, **fields: Any) -> HTTPResponse:
    """What a program posts, which has no cookie."""
    headers = {"Content-Type": "application/json", "Accept": "*/*"}
    return await roost.browser().open(path, method="POST", body=body or msgspec.json.encode(fields), headers=headers)


def told(answer: HTTPResponse) -> Any:
    return msgspec.json.decode(answer.body)


async def asked(roost: Roost, name: str = NAME, scope: str = "write") -> Any:
    answer = await ask(roost, name=name, scope=scope)
    assert answer.code == 200, answer.body
    return told(answer)


async def poll(roost: Roost, codes: Any) -> HTTPResponse:
    roost.clock.seconds += INTERVAL
    return await ask(roost, "/device/token", device_code=codes["device_code"])


async def answer(browser: Browser, code: str, says: str = "approve", **headers: str) -> HTTPResponse:
    """Presses a button of the page."""
    page = (await browser.open(f"/device?{urlencode({'code': code})}")).body.decode()
    found = re.search(r'name="_xsrf" value="([^"]+)"', page)
    body = urlencode({"_xsrf": found[1] if found else await xsrf(browser), "code": code, "answer": says})
    return await browser.open("/device", method="POST", body=body, headers=headers)


async def xsrf(browser: Browser) -> str:
    found = re.search(r'name="_xsrf" value="([^"]+)"', (await browser.open("/settings")).body.decode())
    assert found
    return found[1]


async def test_a_program_is_given_what_rfc_8628_names(roost: Roost) -> None:
    answer = await ask(roost, name=NAME)
    assert (answer.code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.headers["Content-Type"] == "application/json"
    assert "Set-Cookie" not in answer.headers
    codes = told(answer)
    assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", codes["user_code"])
    assert codes == {
        "device_code": codes["device_code"],
        "user_code": codes["user_code"],
        "verification_uri": f"{roost.url}/device",
        "verification_uri_complete": f"{roost.url}/device?code={codes['user_code']}",
        "expires_in": 600,
        "interval": 3,
    }


async def test_it_is_let_in_once_by_who_approves(roost: Roost, ada: Browser) -> None:
    codes = await asked(roost)
    waiting = await poll(roost, codes)
    assert (waiting.code, told(waiting)["error"]) == (400, "authorization_pending")
    assert told(waiting)["message"].startswith("Nobody has answered yet.")
    done = await answer(ada, codes["user_code"])
    assert (done.code, done.headers["Location"]) == (303, "/device?approved")
    assert "The program is in" in (await ada.open("/device?approved")).body.decode()
    given = await poll(roost, codes)
    assert (given.code, given.headers["Cache-Control"]) == (200, "no-store")
    body = told(given)
    visitor = await accounts.resume_bearer(roost.services, body["access_token"])
    assert visitor
    assert body["token_type"] == "Bearer"
    user = visitor.user
    assert body["person"] == {"id": user.id, "handle": user.handle, "name": user.name}
    again = await poll(roost, codes)
    assert (again.code, told(again)["error"]) == (400, "expired_token")


SCOPES = {
    "read": "It will read here as you, and change nothing.",
    "write": "It will read and write here as you.",
    "manage": "It will read and write here as you, and manage rooms and people as far as you may.",
}


@pytest.mark.parametrize("scope", SCOPES)
async def test_it_is_let_in_for_the_scope_that_the_page_names(roost: Roost, ada: Browser, scope: str) -> None:
    codes = await asked(roost, scope=scope)
    page = (await ada.open(f"/device?code={codes['user_code']}")).body.decode()
    assert f"Its scope is <code>{scope}</code>." in page
    assert SCOPES[scope] in page
    await answer(ada, codes["user_code"])
    visitor = await accounts.resume_bearer(roost.services, told(await poll(roost, codes))["access_token"])
    assert visitor
    assert visitor.scope == scope
    assert f'<code class="tag">{scope}</code>' in (await ada.open("/settings/devices")).body.decode()


async def test_one_that_names_no_scope_reads_and_writes(roost: Roost, ada: Browser) -> None:
    codes = told(await ask(roost, name=NAME))
    page = (await ada.open(f"/device?code={codes['user_code']}")).body.decode()
    assert "Its scope is <code>write</code>." in page


@pytest.mark.parametrize("scope", ["", "chat", "read write", "MANAGE"])
async def test_a_scope_that_there_is_not_is_refused_with_those_that_there_are(roost: Roost, scope: str) -> None:
    refused = await ask(roost, name=NAME, scope=scope)
    assert (refused.code, told(refused)["error"]) == (400, "invalid_scope")
    assert told(refused)["message"] == "A program asks for one of these scopes: read, write, manage."


async def test_it_is_told_that_it_was_refused(roost: Roost, ada: Browser) -> None:
    codes = await asked(roost)
    done = await answer(ada, codes["user_code"], "refuse")
    assert done.headers["Location"] == "/device?refused"
    assert "It stays outside" in (await ada.open("/device?refused")).body.decode()
    refused = await poll(roost, codes)
    assert (refused.code, told(refused)["error"]) == (400, "access_denied")


async def test_it_is_told_to_slow_down_and_when_its_time_is_over(roost: Roost) -> None:
    codes = await asked(roost)
    await poll(roost, codes)
    soon = await ask(roost, "/device/token", device_code=codes["device_code"])
    assert (soon.code, told(soon)["error"]) == (400, "slow_down")
    roost.clock.seconds += LIFE / 1000
    over = await poll(roost, codes)
    assert (over.code, told(over)["error"]) == (400, "expired_token")


@pytest.mark.parametrize("path", ["/device/code", "/device/token", "/device/revoke"])
@pytest.mark.parametrize(
    "body", [b"name=x&device_code=y&token=z", b"[]", b"{}", b'{"name": 1, "device_code": 1, "token": 1}']
)
async def test_what_is_no_request_is_refused_in_json(roost: Roost, path: str, body: bytes) -> None:
    refused = await ask(roost, path, body)
    assert (refused.code, told(refused)["error"]) == (400, "bad_request")
    assert "JSON object" in told(refused)["message"]


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\nb", "\x1b[2J", "\u202eevil"])
async def test_a_name_that_nobody_should_read_is_refused(roost: Roost, name: str) -> None:
    refused = await ask(roost, name=name)
    assert (refused.code, told(refused)["error"]) == (400, "bad_request")


async def test_other_methods_are_refused_in_json_too(roost: Roost) -> None:
    for path in ("/device/code", "/device/token", "/device/revoke"):
        refused = await roost.browser().open(path)
        assert (refused.code, told(refused)["error"]) == (405, "bad_request")


async def test_one_address_is_told_when_to_ask_again(roost: Roost) -> None:
    for _ in range(roost.settings.limit_login_per_minute):
        await asked(roost)
    refused = await ask(roost, name=NAME)
    assert (refused.code, told(refused)["error"]) == (429, "too_fast")
    assert int(refused.headers["Retry-After"]) > 0


async def test_a_cookie_makes_no_difference_to_what_a_program_is_told(roost: Roost, ada: Browser) -> None:
    headers = {"Content-Type": "application/json"}
    given = await ada.open("/device/code", method="POST", body=b'{"name": "x"}', headers=headers)
    assert given.code == 200
    assert "Set-Cookie" not in given.headers


async def test_who_is_not_signed_in_signs_in_and_comes_back_with_the_code(roost: Roost) -> None:
    codes = await asked(roost)
    browser = roost.browser()
    led = await browser.open(f"/device?code={codes['user_code']}")
    assert led.code == 302
    door = urlsplit(led.headers["Location"])
    (next_page,) = parse_qs(door.query)["next"]
    assert (door.path, next_page) == ("/login", f"/device?code={codes['user_code']}")
    back = await browser.sign_in(next_page)
    assert back.headers["Location"] == f"/welcome?next={next_page}".replace("?code=", "%3Fcode%3D")
    welcome = (await browser.open(back.headers["Location"])).body.decode()
    assert f'href="{next_page}"' in welcome
    assert NAME in (await browser.open(next_page)).body.decode()
    bare = await roost.browser().open("/device?code=<script>")
    assert bare.headers["Location"] == "/login?next=/device"
    assert (await roost.browser().open("/device", method="POST", body="")).code == 403


async def test_the_page_says_who_asks_from_where_and_when_and_warns(roost: Roost, ada: Browser) -> None:
    codes = await asked(roost, "<b>terminal</b>")
    page = (await ada.open(f"/device?code={codes['user_code'].lower()}")).body.decode()
    assert "&lt;b&gt;terminal&lt;/b&gt;" in page
    assert "Asked from 127.0.0.1." in page
    assert "Less than a minute ago." in page
    assert "Only go on if you started this yourself" in page
    assert f"It shows <code>{codes['user_code']}</code>." in page
    roost.clock.seconds += 125
    assert "2 minutes ago." in (await ada.open(f"/device?code={codes['user_code']}")).body.decode()


async def test_a_look_approves_nothing(roost: Roost, ada: Browser) -> None:
    codes = await asked(roost)
    for query in ("", "&answer=approve", "&approved", "&approve"):
        assert (await ada.open(f"/device?code={codes['user_code']}{query}")).code == 200
    assert told(await poll(roost, codes))["error"] == "authorization_pending"


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}])
async def test_only_a_form_of_ours_approves(roost: Roost, ada: Browser, headers: dict[str, str]) -> None:
    codes = await asked(roost)
    if headers:
        assert (await answer(ada, codes["user_code"], **headers)).code == 403
    forged = urlencode({"code": codes["user_code"], "answer": "approve"})
    assert (await ada.open("/device", method="POST", body=forged, headers=headers)).code == 403
    assert told(await poll(roost, codes))["error"] == "authorization_pending"


async def test_to_approve_takes_a_fresh_sign_in_to_which_the_page_leads(roost: Roost, ada: Browser) -> None:
    await roost.services.store.write(
        lambda connection: connection.exec_driver_sql(
            "UPDATE sessions SET created_at = created_at - ?", (FRESH + 1000,)
        )
    )
    roost.services.cache.sessions.clear()
    codes = await asked(roost)
    path = f"/device?code={codes['user_code']}"
    page = (await ada.open(path)).body.decode()
    assert 'value="approve"' not in page
    assert 'value="refuse"' in page
    done = await answer(ada, codes["user_code"])
    assert (done.code, done.headers["Location"]) == (303, path)
    assert told(await poll(roost, codes))["error"] == "authorization_pending"
    assert f'href="/login?again&amp;next={quote(path)}"' in page
    led = await ada.open(f"/login?again&next={quote(path)}")
    back = await ada.open(await ada.choose(dict(parse_qsl(urlsplit(led.headers["Location"]).query))["oauth_token"]))
    assert back.headers["Location"] == path
    assert (await answer(ada, codes["user_code"])).headers["Location"] == "/device?approved"


async def test_to_refuse_takes_none(roost: Roost, ada: Browser) -> None:
    roost.clock.seconds += FRESH / 1000 + 1
    codes = await asked(roost)
    assert (await answer(ada, codes["user_code"], "refuse")).headers["Location"] == "/device?refused"


async def test_an_answer_is_one_of_two(roost: Roost, ada: Browser) -> None:
    codes = await asked(roost)
    assert (await answer(ada, codes["user_code"], "perhaps")).code == 400
    assert told(await poll(roost, codes))["error"] == "authorization_pending"


async def test_wrong_over_and_answered_codes_are_answered_alike(roost: Roost, ada: Browser) -> None:
    juniper = roost.browser()
    await juniper.sign_in(person=JUNIPER.id)
    used, over = await asked(roost), await asked(roost)
    await answer(juniper, used["user_code"])
    roost.clock.seconds += LIFE / 1000
    pages = set()
    for code in ("ZZZZ-ZZZZ", used["user_code"], over["user_code"]):
        refused = await ada.open(f"/device?code={code}")
        page = re.sub(r'name="_xsrf" value="[^"]+"', "", refused.body.decode()).replace(code, "…")
        assert refused.code == 400
        assert "This code does not work, or not any more." in page
        assert 'value="…"' in page, "what was typed stays"
        pages.add(page)
        assert (await answer(ada, code)).code == 400
        roost.clock.seconds += 600
    assert len(pages) == 1


async def test_after_five_wrong_codes_the_page_says_when_to_come_back(roost: Roost, ada: Browser) -> None:
    for letter in "BCDFG":
        await ada.open(f"/device?code=ZZZZ-ZZZ{letter}")
    codes = await asked(roost)
    for refused in (await ada.open(f"/device?code={codes['user_code']}"), await answer(ada, codes["user_code"])):
        assert refused.code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert "That was too much for now. Try again in 2 min." in refused.body.decode()
    assert told(await poll(roost, codes))["error"] == "authorization_pending"


async def test_somebody_else_may_not_answer_after_the_first(roost: Roost, ada: Browser) -> None:
    juniper = roost.browser()
    await juniper.sign_in(person=JUNIPER.id)
    codes = await asked(roost)
    await answer(ada, codes["user_code"])
    assert (await answer(juniper, codes["user_code"])).code == 400
    assert told(await poll(roost, codes))["person"]["handle"] == "ada_wires"


async def test_a_bearer_token_opens_no_page_even_as_a_cookie(roost: Roost, ada: Browser) -> None:
    codes = await asked(roost)
    await answer(ada, codes["user_code"])
    token = told(await poll(roost, codes))["access_token"]
    assert await accounts.resume_bearer(roost.services, token)
    program = roost.browser()
    program.cookies["session"] = token
    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        for path in ("/device", "/settings/devices", "/chat/general"):
            assert (await program.open(path, headers=headers)).code == 302


async def test_the_log_has_neither_codes_nor_tokens_nor_names(
    roost: Roost, ada: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    codes = await asked(roost)
    await ada.open(f"/device?code={codes['user_code']}")
    await ada.open("/device?code=ZZZZ-ZZZZ")
    await answer(ada, codes["user_code"])
    token = told(await poll(roost, codes))["access_token"]
    secrets = (codes["device_code"], codes["user_code"], codes["user_code"].replace("-", ""), "ZZZZ", token, NAME)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("app.")]
    assert any("has approved a program" in line for line in ours)
    assert any("is let in" in line for line in ours)
    assert not [line for line in ours for secret in secrets if secret in line]


async def test_it_stands_in_the_settings_and_ends_there(roost: Roost, ada: Browser) -> None:
    codes = await asked(roost)
    await answer(ada, codes["user_code"])
    token = told(await poll(roost, codes))["access_token"]
    page = (await ada.open("/settings/devices")).body.decode()
    assert NAME in page
    assert "Not used yet." in page
    assert await accounts.resume_bearer(roost.services, token)
    page = (await ada.open("/settings/devices")).body.decode()
    assert "Not used yet." not in page
    (number,) = re.findall(r'name="token" value="(\d+)"', page)
    juniper = roost.browser()
    await juniper.sign_in(person=JUNIPER.id)
    for other in (number, "999", "x", ""):
        assert (await juniper.submit("/settings/devices", {"token": other})).code == 404
    assert await accounts.resume_bearer(roost.services, token)
    ended = await ada.submit("/settings/devices", {"token": number})
    assert (ended.code, ended.headers["Location"]) == (303, "/settings/devices?saved")
    assert await accounts.resume_bearer(roost.services, token) is None
    assert NAME not in (await ada.open("/settings/devices")).body.decode()
    user = await roost.services.store.read(tokens.find, accounts.token_hash(token))
    assert user is None


async def test_a_program_ends_its_own_token_and_no_other(roost: Roost, ada: Browser) -> None:
    tokens_given = []
    for _ in range(2):
        codes = await asked(roost)
        await answer(ada, codes["user_code"])
        tokens_given.append(told(await poll(roost, codes))["access_token"])
    gone, other = tokens_given
    assert await accounts.resume_bearer(roost.services, gone)
    for token in (gone, gone, "roost_never"):
        ended = await ask(roost, "/device/revoke", token=token)
        assert (ended.code, told(ended), ended.headers["Cache-Control"]) == (200, {}, "no-store")
    assert await accounts.resume_bearer(roost.services, gone) is None
    assert await accounts.resume_bearer(roost.services, other)
    assert len(re.findall(r'name="token"', (await ada.open("/settings/devices")).body.decode())) == 1


async def test_a_session_is_not_ended_as_a_token(roost: Roost, ada: Browser) -> None:
    await ask(roost, "/device/revoke", token=ada.cookies["session"])
    assert (await ada.open("/chat/general")).code == 200


async def test_guesses_at_tokens_are_bounded_by_address(roost: Roost) -> None:
    for _ in range(roost.settings.limit_login_per_minute):
        assert (await ask(roost, "/device/revoke", token="roost_never")).code == 200
    refused = await ask(roost, "/device/revoke", token="roost_never")
    assert (refused.code, told(refused)["error"]) == (429, "too_fast")
    assert int(refused.headers["Retry-After"]) > 0


async def test_the_page_speaks_the_readers_language(roost: Roost, ada: Browser) -> None:
    codes = await asked(roost)
    russian = {"Accept-Language": "ru"}
    page = (await ada.open(f"/device?code={codes['user_code']}", headers=russian)).body.decode()
    assert "Впустить эту программу?" in page
    body = msgspec.json.encode({"device_code": codes["device_code"]})
    waiting = await roost.browser().open("/device/token", method="POST", body=body, headers=russian)
    assert told(waiting) == {
        "error": "authorization_pending",
        "message": "Ответа ещё нет. Спросите снова через несколько секунд.",
    }
