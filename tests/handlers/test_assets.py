"""The built files as a browser gets them."""

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from app.application import Application
from app.settings import load_settings

Get = Callable[..., Awaitable[HTTPResponse]]


@pytest.fixture
async def application(tmp_path: Path) -> AsyncIterator[tuple[Application, str]]:
    sockets = bind_sockets(0, "127.0.0.1")
    url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    application = Application(load_settings({"PUBLIC_URL": url}, tmp_path))
    server = HTTPServer(application)
    server.add_sockets(sockets)
    yield application, url
    server.stop()
    await server.close_all_connections()


@pytest.fixture
def get(application: tuple[Application, str]) -> Get:
    async def fetch(path: str, **options: Any) -> HTTPResponse:
        client = AsyncHTTPClient()
        return await client.fetch(application[1] + path, raise_error=False, decompress_response=False, **options)

    return fetch


async def test_a_file_under_its_own_version_is_kept_for_ever(application: tuple[Application, str], get: Get) -> None:
    answer = await get(application[0].assets.stylesheet)
    assert answer.code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("query", ["", "?v=000000000000"])
async def test_a_file_under_another_version_is_asked_for_again(get: Get, query: str) -> None:
    answer = await get(f"/static/icons.svg{query}")
    assert (answer.code, answer.headers["Cache-Control"]) == (200, "no-cache")


async def test_a_file_is_compressed_for_whoever_understands_it(get: Get) -> None:
    plain = await get("/static/roost.css")
    packed = await get("/static/roost.css", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "css/base.css",
        "js/",
        "js/../icons.svg",
        "../app/settings.py",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/manage.py",
        "/etc/passwd",
        ".env",
        ".git/config",
        "icons.svg%00.js",
        "ICONS.SVG",
    ],
)
async def test_nothing_else_is_there(get: Get, path: str) -> None:
    answer = await get(f"/static/{path}")
    assert answer.code == 404
    assert b"This perch is empty" in answer.body


async def test_head_tells_the_length_and_no_more(get: Get) -> None:
    answer = await get("/static/icons.svg", method="HEAD")
    assert answer.code == 200
    assert int(answer.headers["Content-Length"]) > 0
    assert not answer.body
