import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from app.errors import SettingsError
from app.settings import Settings, load_settings
from app.standin.application import listen, serve, standin_routes
from app.standin.keys import CONSUMER_KEY, CONSUMER_SECRET, pointed_at_standin
from app.standin.people import INVENTED
from app.standin.state import State
from tests.standin.client import Client

ADA = INVENTED[0]
KEY = "k" * 40


class HomeHandler(RequestHandler):
    def get(self) -> None:
        self.write("home")


@pytest.fixture
async def mounted(state: State) -> AsyncIterator[Client]:
    """The stand-in inside a server with checks of its own, as Roost's has them."""
    application = Application(
        [*standin_routes(state), ("/", HomeHandler)], cookie_secret=KEY, xsrf_cookies=True, cross_origin_protection=True
    )
    server = HTTPServer(application)
    socket_, port = bind_unused_port()
    server.add_socket(socket_)
    yield Client(state, f"http://127.0.0.1:{port}/standin")
    server.stop()
    await server.close_all_connections()


async def test_the_whole_dance_works_below_a_prefix(mounted: Client) -> None:
    token = await mounted.access_token(person=ADA.id)
    assert (await mounted.profile(token)).json()["data"]["id"] == ADA.id
    assert (await mounted.get("/standin.css")).code == 200


async def test_the_server_keeps_its_other_pages(mounted: Client) -> None:
    home = await AsyncHTTPClient().fetch(mounted.base.removesuffix("/standin") + "/")
    assert home.body == b"home"


async def test_settings_pointed_at_the_stand_in_name_its_routes(client: Client, settings: Settings) -> None:
    pointed = pointed_at_standin(settings, client.base)
    assert (pointed.twitter_consumer_key, pointed.twitter_consumer_secret) == (CONSUMER_KEY, CONSUMER_SECRET)
    for url, method, expected in [
        (pointed.twitter_request_token_url, "POST", 400),
        (pointed.twitter_access_token_url, "POST", 400),
        (pointed.twitter_authenticate_url, "GET", 403),
        (pointed.twitter_profile_v2_url, "GET", 400),
        (pointed.twitter_profile_v1_url, "GET", 400),
    ]:
        assert (await client.plain(method, url.removeprefix(client.base), {})).status_code == expected, url


def test_keys_that_are_set_stay(settings: Settings) -> None:
    own = msgspec.structs.replace(settings, twitter_consumer_key="mine", twitter_consumer_secret="my own")
    pointed = pointed_at_standin(own, "http://127.0.0.1:5000/standin/")
    assert (pointed.twitter_consumer_key, pointed.twitter_consumer_secret) == ("mine", "my own")
    assert (State(own).app.key, State(own).app.secret) == ("mine", "my own")
    assert pointed.twitter_request_token_url == "http://127.0.0.1:5000/standin/oauth/request_token"


async def test_it_listens_on_loopback_only(state: State) -> None:
    server, port = listen(state, 0)
    try:
        assert [open_.getsockname()[0] for open_ in server._sockets.values()] == ["127.0.0.1"]
        own_address = socket.gethostbyname(socket.gethostname())
        if not own_address.startswith("127."):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((own_address, port), timeout=2)
    finally:
        server.stop()


async def test_served_alone_it_runs_until_cancelled(state: State) -> None:
    socket_, port = bind_unused_port()
    socket_.close()
    serving = asyncio.create_task(serve(state, port))
    await asyncio.sleep(0)  # one turn of the loop is all it takes to listen
    assert (await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/standin.css")).code == 200
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    with pytest.raises(ConnectionRefusedError):
        await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/standin.css")


@pytest.mark.parametrize(
    "where",
    [
        {"dyno": "web.1"},
        {"dyno": "web.1", "public_url": "https://roost.example"},
        {"public_url": "https://roost.example"},
        {"public_url": "http://192.168.1.5:5000"},
        {"public_url": "http://127.0.0.1.evil.example"},
        {"public_url": "http://0.0.0.0:5000"},
    ],
)
def test_it_refuses_to_exist_where_others_could_reach_it(settings: Settings, where: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="TWITTER_STANDIN"):
        State(msgspec.structs.replace(settings, **where))


@pytest.mark.parametrize("where", [{"DYNO": "web.1"}, {"PUBLIC_URL": "https://roost.example"}])
def test_settings_refuse_it_too(tmp_path: Path, where: dict[str, str]) -> None:
    environ = {"TWITTER_STANDIN": "1", "SECRET_KEY": KEY, "PUBLIC_URL": "https://roost.example", **where}
    with pytest.raises(SettingsError) as refusal:
        load_settings(environ, tmp_path)
    assert "TWITTER_STANDIN" in refusal.value.problems
