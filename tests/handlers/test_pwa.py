"""The community as an app to install. What a browser makes of it: tests/browser/test_installed.py."""

import json
import re
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from tests.support.sign_in import Roost, running_roost


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path, COMMUNITY_NAME="Harbour Lab") as running:
        yield running


async def get(roost: Roost, path: str, language: str = "en") -> HTTPResponse:
    return await AsyncHTTPClient().fetch(roost.url + path, headers={"Accept-Language": language})


async def test_the_manifest_is_the_community_as_an_app(roost: Roost) -> None:
    answer = await get(roost, "/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert answer.headers["Cache-Control"] == "no-cache"
    manifest = json.loads(answer.body)
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == ("Harbour Lab", "/chat", "standalone")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


async def test_each_icon_has_the_size_that_the_manifest_says(roost: Roost) -> None:
    for icon in json.loads((await get(roost, "/manifest.webmanifest")).body)["icons"]:
        answer = await get(roost, icon["src"])
        assert answer.headers["Content-Type"] == icon["type"] == "image/png"
        assert "immutable" in answer.headers["Cache-Control"]
        # PNG 1.2, 4.1.1: the header's width and height, after the signature and the chunk's length and name.
        assert icon["sizes"] == "{}x{}".format(*struct.unpack_from(">II", answer.body, 16))


async def test_every_page_names_the_manifest_and_an_icon_for_apple(roost: Roost) -> None:
    page = (await get(roost, "/")).body.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    (icon,) = re.findall(r'<link rel="apple-touch-icon" href="([^"]+)">', page)
    assert struct.unpack_from(">II", (await get(roost, icon)).body, 16) == (180, 180)


async def test_the_worker_is_for_the_whole_site_and_asked_for_again(roost: Roost) -> None:
    answer = await get(roost, "/sw.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    shell = json.loads(re.findall(r"^const SHELL = (.*);$", answer.body.decode(), re.MULTILINE)[0])
    assert roost.application.assets.stylesheet in shell
    assert all([(await get(roost, url)).headers["Cache-Control"].endswith("immutable") for url in shell])


async def test_the_worker_is_another_in_another_language(roost: Roost) -> None:
    """Its offline page is; so a browser takes it up anew."""
    english, again, russian = [(await get(roost, "/sw.js", each)).body for each in ("en", "en-GB", "ru")]
    assert english == again != russian


async def test_a_page_knows_the_release_that_its_connection_will_name(roost: Roost) -> None:
    browser = roost.browser()
    await browser.sign_in()
    page = (await browser.open("/chat/general")).body.decode()
    assert f'"release":"{roost.application.hub.release}"' in page
    assert f'const RELEASE = "{roost.application.hub.release}";' in (await get(roost, "/sw.js")).body.decode()
