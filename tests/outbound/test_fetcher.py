"""Fetching: what is asked, what is read of the answer, and when it ends."""

import asyncio
import gzip
import ssl
import zlib
from pathlib import Path

import pytest

from app.outbound import fetcher as fetching
from app.outbound.exchange import LARGEST
from app.outbound.fetcher import Fetcher
from app.outbound.outcomes import Nothing, Refused, Unreachable
from tests.support.web import (
    PUBLIC,
    Names,
    Site,
    allowed,
    answer,
    make_certificate,
    open_site,
    page,
    redirect,
    serving,
)

HTML = "text/html, application/xhtml+xml"
ROOT = "http://site.test/"


async def body(fetcher: Fetcher, url: str = ROOT) -> bytes:
    return (await fetcher.fetch(url, HTML)).body


async def test_it_asks_plainly_and_says_who_it_is(
    site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    site.answers["/a%20b?c=%C3%A9"] = answer(b"found", content_type='Text/HTML; Charset="UTF-8"')
    found = await fetcher.fetch("http://SITE.test:80/a%20b?c=é#part", HTML)
    assert (found.body, found.content_type, found.charset) == (b"found", "text/html", "utf-8")
    first, *headers = site.requests[0].strip().split("\r\n")
    assert first == "GET /a%20b?c=%C3%A9 HTTP/1.1"
    assert dict(header.split(": ") for header in headers) == {
        "Host": "site.test",
        "User-Agent": "Roost (link cards)",
        "Accept": HTML,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


async def test_nothing_is_kept_from_one_question_to_the_next(site: Site, fetcher: Fetcher) -> None:
    site.answers["/"] = answer(b"", "302 Found", more="Set-Cookie: a=b; Path=/\r\nLocation: /next\r\n")
    site.answers["/next"] = answer(b"there")
    assert await body(fetcher) == b"there"
    assert "cookie" not in "".join(site.requests).lower()


async def test_redirects_are_followed_five_times(site: Site, fetcher: Fetcher) -> None:
    site.answers |= {f"/{number}": redirect(f"http://www.site.test/{number - 1}") for number in range(1, 7)}
    site.answers["/0"] = answer(b"there")
    found = await fetcher.fetch(f"{ROOT}5", HTML)
    assert (found.body, found.url) == (b"there", "http://www.site.test/0")
    with pytest.raises(Nothing):
        await body(fetcher, f"{ROOT}6")


@pytest.mark.parametrize("to", ["", "http://[", "ftp://site.test/", "http://site.test:8080/", "http://roost.test/"])
async def test_a_redirect_that_leads_nowhere_is_the_end(site: Site, fetcher: Fetcher, to: str) -> None:
    site.answers["/"] = redirect(to)
    with pytest.raises((Nothing, Refused)):
        await body(fetcher)


@pytest.mark.parametrize("packed", [False, True])
async def test_of_a_large_page_the_begin_is_read(site: Site, fetcher: Fetcher, packed: bool) -> None:
    large = b"<title>x</title>" + b" " * 50_000_000
    sent = gzip.compress(large, 1) if packed else large
    site.answers["/"] = answer(sent, more="Content-Encoding: gzip\r\n" if packed else "")
    assert await body(fetcher) == large[:LARGEST]


async def test_a_bomb_of_nothing_but_headers_of_gzip_is_left(site: Site, fetcher: Fetcher) -> None:
    empty = gzip.compress(b"")
    site.answers["/"] = answer(empty * 200_000, more="Content-Encoding: gzip\r\n")
    assert await body(fetcher) == b""


async def test_what_is_not_packed_as_it_says_has_no_body(site: Site, fetcher: Fetcher) -> None:
    site.answers["/"] = answer(zlib.compress(b"x"), more="Content-Encoding: gzip\r\n")
    assert await body(fetcher) == b""


async def test_chunks_and_an_end_by_hanging_up_are_understood(site: Site, fetcher: Fetcher) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    site.answers["/"] = head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert await body(fetcher) == b"abcde"
    site.answers["/"] = b"HTTP/1.1 103 Early Hints\r\n\r\n" + head + b"\r\nfgh"
    assert await body(fetcher) == b"fgh"


@pytest.mark.parametrize("content_type", ["image/png", "application/octet-stream", "text/plain", "", "text/htmlx"])
async def test_of_another_type_nothing_is_read(site: Site, fetcher: Fetcher, content_type: str) -> None:
    site.answers["/"] = answer(b"x" * 10_000_000, content_type=content_type)
    with pytest.raises(Nothing):
        await body(fetcher)


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "204 No Content", "304 Not Modified"])
async def test_what_is_not_there_gives_nothing(site: Site, fetcher: Fetcher, status: str) -> None:
    site.answers["/"] = answer(b"", status)
    with pytest.raises(Nothing):
        await body(fetcher)


@pytest.mark.parametrize("status", ["500 Oh", "503 Later", "429 Too Many Requests"])
async def test_a_server_in_trouble_may_be_asked_later(site: Site, fetcher: Fetcher, status: str) -> None:
    site.answers["/"] = page("<title>sorry</title>", status)
    with pytest.raises(Unreachable):
        await body(fetcher)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000,
        b"\x00" * 100_000,
    ],
)
async def test_what_is_no_answer_gives_nothing(site: Site, fetcher: Fetcher, said: bytes) -> None:
    site.answers["/"] = said
    with pytest.raises((Nothing, Unreachable)):
        await body(fetcher)


async def test_who_says_nothing_is_left_after_a_while(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fetching.SECONDS <= 5
    monkeypatch.setattr(fetching, "SECONDS", 0.2)

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        left.set()
        writer.close()

    left = asyncio.Event()
    async with await asyncio.start_server(say_nothing, PUBLIC, 0) as server:
        port = server.sockets[0].getsockname()[1]
        silent = Fetcher("https://roost.test", Names({"site.test": [PUBLIC]}, {PUBLIC: port}), allowed)
        with pytest.raises(Unreachable):
            await body(silent)
        await asyncio.wait_for(left.wait(), 5)


async def test_where_nobody_listens_it_is_tried_at_the_next_address(site: Site) -> None:
    other = "127.9.9.8"
    names = Names({"site.test": [other, PUBLIC]}, {PUBLIC: site.port, other: 9})
    site.answers["/"] = answer(b"there")
    fetcher = Fetcher("https://roost.test", names, lambda address: str(address) in {other, PUBLIC})
    assert await body(fetcher) == b"there"
    names.known["site.test"] = [other]
    with pytest.raises(Unreachable):
        await body(fetcher)


async def test_a_name_that_nobody_has_is_unreachable(fetcher: Fetcher) -> None:
    with pytest.raises(Unreachable):
        await body(fetcher, "http://nobody.test/")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"), "site.test")


async def test_over_tls_the_certificate_has_to_be_that_of_the_host(certificate: tuple[Path, Path]) -> None:
    made, key = certificate
    server = serving(made, key)
    asked_for: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    async with open_site({"": answer(b"there")}, tls=server) as site:
        names = Names({"site.test": [PUBLIC], "other.test": [PUBLIC]}, {PUBLIC: site.port})
        trusting = Fetcher("https://roost.test", names, allowed, ssl.create_default_context(cafile=str(made)))
        assert await body(trusting, "https://site.test/") == b"there"
        assert asked_for == ["site.test"]
        for fetcher, url in (
            (trusting, "https://other.test/"),
            (Fetcher("https://roost.test", names, allowed), "https://site.test/"),
        ):
            with pytest.raises(Unreachable):
                await body(fetcher, url)
        assert len(site.requests) == 1


TYPES = "text/plain, application/json"


async def test_what_is_told_is_posted_and_the_answer_comes_back(site: Site, fetcher: Fetcher) -> None:
    site.answers["/hook"] = answer(b"thanks", content_type="text/plain")
    told = await fetcher.tell(f"{ROOT}hook", b'{"a": 1}', {"Content-Type": "application/json", "X-One": "1"}, TYPES)
    assert (told.status, told.body) == (200, b"thanks")
    first, *headers = site.requests[0].strip().split("\r\n")
    assert first == "POST /hook HTTP/1.1"
    assert dict(header.split(": ") for header in headers) == {
        "Host": "site.test",
        "User-Agent": "Roost (webhooks)",
        "Accept": TYPES,
        "Accept-Encoding": "gzip",
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": "8",
        "X-One": "1",
    }
    assert site.bodies == [b'{"a": 1}']


@pytest.mark.parametrize("status", ["204 No Content", "410 Gone", "500 Oh"])
async def test_whatever_is_answered_is_told_by_its_status(site: Site, fetcher: Fetcher, status: str) -> None:
    site.answers["/"] = answer(b"x" * 1_000_000, status, "text/plain")
    told = await fetcher.tell(ROOT, b"x", {}, TYPES)
    assert told.status == int(status[:3])
    assert len(told.body) < LARGEST


async def test_who_is_told_leads_nobody_elsewhere(site: Site, fetcher: Fetcher) -> None:
    site.answers["/"] = redirect("/next", "307 Temporary Redirect")
    assert (await fetcher.tell(ROOT, b"x", {}, TYPES)).status == 307
    assert site.paths == ["/"]


async def test_of_an_answer_so_much_is_read_and_so_long_is_waited(
    site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/"] = answer(b"x" * 10_000_000, content_type="text/plain")
    assert len((await fetcher.tell(ROOT, b"x", {}, TYPES)).body) == LARGEST
    monkeypatch.setattr(fetching, "SECONDS_TO_ANSWER", 0.0)
    with pytest.raises(Unreachable):
        await fetcher.tell(ROOT, b"x", {}, TYPES)
