import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from tests.support.sign_in import Roost, running_roost


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path) as running:
        yield running


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
