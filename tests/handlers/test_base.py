import gzip
import json
import re
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from app.handlers.base import BaseHandler
from app.handlers.problems import ProblemHandler
from tests.support.sign_in import Roost


async def get(url: str, accepted: str, cookie: str = "") -> HTTPResponse:
    headers = {"Accept-Encoding": accepted, "Cookie": cookie}
    return await AsyncHTTPClient().fetch(url, headers=headers, raise_error=False, decompress_response=False)


@pytest.mark.parametrize("path", ["/", "/nowhere"])
async def test_a_page_travels_packed_to_whoever_takes_it_so(roost: Roost, path: str) -> None:
    plain, packed = await get(roost.url + path, "identity"), await get(roost.url + path, "br, gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    without_reference = re.compile(rb"ref [0-9a-f]{16}")
    assert without_reference.sub(b"", gzip.decompress(packed.body)) == without_reference.sub(b"", plain.body)
    assert len(packed.body) < len(plain.body) / 2


async def test_a_database_that_is_away_is_no_mistake_of_the_program(
    roost: Roost, caplog: pytest.LogCaptureFixture
) -> None:
    browser = roost.browser()
    await browser.sign_in()
    roost.services.cache.clear()
    await roost.services.store.database.close()
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    assert (await get(f"{roost.url}/chat/general", "identity", cookie)).code == 503
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_the_token_in_a_packed_page_is_another_each_time(roost: Roost) -> None:
    """One that stayed the same could be guessed by the length of pages that hold a guess too (BREACH)."""
    browser = roost.browser()
    await browser.sign_in()
    await browser.open("/chat/general")
    assert "xsrf" in browser.cookies
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    pages = [gzip.decompress((await get(f"{roost.url}/chat/general", "gzip", cookie)).body).decode() for _ in range(3)]
    tokens = {re.findall(r'name="_xsrf" value="([^"]+)"', page)[0] for page in pages}
    assert len(tokens) == 3


@pytest.mark.parametrize("path", ["/", "/rules", "/healthz", "/readyz"])
async def test_whoever_only_asks_whether_it_is_there_gets_the_same_head(roost: Roost, path: str) -> None:
    """RFC 9110, 9.3.2; what watches a server asks so."""
    whole, head = [
        await AsyncHTTPClient().fetch(roost.url + path, method=method, decompress_response=False)
        for method in ("GET", "HEAD")
    ]
    assert (head.code, head.body) == (200, b"")
    own = {"Date", "X-Request-Id", "Content-Length"}
    assert {name: head.headers[name] for name in head.headers if name not in own} == {
        name: whole.headers[name] for name in whole.headers if name not in own
    }


# Errors


@pytest.mark.parametrize(
    ("method", "path", "code", "sentence"),
    [
        ("GET", "/nowhere", "not_found", "There is nothing here, or it is not for you."),
        ("POST", "/logout", "forbidden", "You may not do this."),
        ("PUT", "/rules", "forbidden", "You may not do this."),
        ("GET", "/logout", "bad_request", "This cannot be answered as it was asked: Method Not Allowed."),
    ],
)
async def test_a_refusal_of_tornado_has_a_code_and_a_sentence_too(
    roost: Roost, method: str, path: str, code: str, sentence: str
) -> None:
    body = None if method == "GET" else ""
    answer = await AsyncHTTPClient().fetch(
        roost.url + path, method=method, body=body, headers={"Accept": "application/json"}, raise_error=False
    )
    error = json.loads(answer.body)["error"]
    assert (error["code"], error["message"]) == (code, sentence)
    assert error["request_id"] == answer.headers["X-Request-Id"]


async def test_who_is_not_signed_in_is_led_from_the_welcome_to_the_door(roost: Roost) -> None:
    answer = await roost.browser().open("/welcome?next=/chat/general")
    assert (answer.code, answer.headers["Location"]) == (302, "/login?next=/chat/general")


# Languages


@pytest.mark.parametrize(
    ("wished", "language", "title"),
    [
        ("ru", "ru", "Правила дома"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru", "Правила дома"),
        ("en-GB,ru;q=0.5", "en", "House rules"),
        ("fi, ru;q=0.5, en;q=0.1", "ru", "Правила дома"),
        ("fi", "en", "House rules"),
        ("", "en", "House rules"),
        (";;q=,*;q=x", "en", "House rules"),
    ],
)
async def test_a_page_is_in_the_language_that_the_browser_asks_for(
    roost: Roost, wished: str, language: str, title: str
) -> None:
    page = await AsyncHTTPClient().fetch(f"{roost.url}/rules", headers={"Accept-Language": wished})
    assert f'<html lang="{language}" dir="ltr"' in page.body.decode()
    assert f"<h1>{title}</h1>" in page.body.decode()


async def test_an_error_is_said_in_the_readers_language(roost: Roost) -> None:
    headers = {"Accept-Language": "ru", "Accept": "application/json"}
    answer = await AsyncHTTPClient().fetch(f"{roost.url}/logout", headers=headers, raise_error=False)
    error = json.loads(answer.body)["error"]
    assert error["code"] == "bad_request"
    assert error["message"] == "На такой запрос нельзя ответить: Method Not Allowed."


async def test_only_a_page_with_scripts_in_another_language_carries_their_words(roost: Roost) -> None:
    browser = roost.browser()
    await browser.sign_in()
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())

    async def chat(language: str) -> str:
        headers = {"Accept-Language": language, "Cookie": cookie}
        return (await AsyncHTTPClient().fetch(f"{roost.url}/chat/general", headers=headers)).body.decode()

    assert 'id="words"' not in await chat("en")
    found = re.search(r'<script type="application/json" id="words">(.*?)</script>', await chat("ru"))
    assert found is not None
    assert json.loads(found[1])["Yesterday"] == "Вчера"


class BrokenHandler(BaseHandler):
    action = "site.visit"

    def get(self) -> None:
        raise KeyError("what is nobody's business")


class BrokenForPrograms(BrokenHandler, ProblemHandler):
    @property
    def allowed(self) -> list[str]:
        return ["GET"]


@pytest.mark.parametrize("path", ["/broken", "/broken-for-programs"])
@pytest.mark.parametrize("accepted", ["text/html", "application/json"])
async def test_a_fault_of_ours_is_told_by_a_number_and_nothing_of_the_program(
    roost: Roost, caplog: pytest.LogCaptureFixture, path: str, accepted: str
) -> None:
    broken = [(r"/broken", BrokenHandler), (r"/broken-for-programs", BrokenForPrograms)]
    roost.application.add_handlers(r".*", broken)
    answer = await AsyncHTTPClient().fetch(roost.url + path, headers={"Accept": accepted}, raise_error=False)
    told, number = answer.body.decode(), answer.headers["X-Request-Id"]
    assert answer.code == 500
    assert number in told
    ours = ("Traceback", "KeyError", "nobody's business", "nobody&#39;s", ".py", str(Path(__file__).parents[2]))
    assert [words for words in ours if words in told or words in str(answer.headers)] == []
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage() == f"request {number} broke"
    assert record.exc_info
