"""One request inside another (SECURITY S53), over raw sockets. `smuggling.json` has what is sent; right behind each, in
the same piece, comes a good request, which must not be taken for one unless the first is beyond doubt."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from app.listening import Listener
from tests.support.waiting import PATIENCE

CASES = json.loads(Path(__file__).with_name("smuggling.json").read_text())
REFUSED = {f"{group}: {name}": request for group, cases in CASES["refused"].items() for name, request in cases.items()}
BEHIND = "GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class AskedHandler(RequestHandler):
    """Whatever is asked for, it is written down."""

    def initialize(self, asked: list[str | None]) -> None:
        self.asked = asked

    def prepare(self) -> None:
        self.asked.append(self.request.path)

    def get(self) -> None:
        self.write("answered")

    post = get


class Place:
    def __init__(self) -> None:
        self.asked: list[str | None] = []
        self.listener = Listener(Application([(".*", AskedHandler, {"asked": self.asked})]))
        sockets = bind_sockets(0, "127.0.0.1")
        self.port = sockets[0].getsockname()[1]
        self.listener.add_sockets(sockets)

    async def hears(self, request: str) -> bytes:
        """All answers, up to the end of the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write((request.replace("<16 KiB>", "x" * 16_384) + BEHIND).encode("latin-1"))
        try:
            async with asyncio.timeout(PATIENCE):
                return await reader.read()
        except ConnectionResetError:  # it hung up and left something unread
            return b""
        finally:
            writer.close()


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    place = Place()
    yield place
    place.listener.stop()
    await place.listener.close_all_connections()


@pytest.mark.parametrize("request_", REFUSED.values(), ids=REFUSED)
async def test_what_can_be_read_in_two_ways_is_refused_with_all_that_follows(place: Place, request_: str) -> None:
    heard = await place.hears(request_)
    assert heard in (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n")
    assert place.asked == []


@pytest.mark.parametrize("request_", CASES["last"].values(), ids=CASES["last"])
async def test_behind_the_last_request_of_a_connection_there_is_none(place: Place, request_: str) -> None:
    heard = await place.hears(request_)
    assert heard.count(b"HTTP/1.1 200 ") == 1
    assert place.asked == ["/asked"]


@pytest.mark.parametrize("request_", CASES["followed"].values(), ids=CASES["followed"])
async def test_behind_a_request_beyond_doubt_another_one_is_answered(place: Place, request_: str) -> None:
    heard = await place.hears(request_)
    assert heard.count(b"HTTP/1.1 200 ") == 2
    assert place.asked == ["/asked", "/smuggled"]
