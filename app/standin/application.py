"""The stand-in as a Tornado Application of its own: mounted into the server's, or served alone."""

import asyncio
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.routing import PathMatches, Rule
from tornado.web import Application

from app.standin.guard import ADDRESS
from app.standin.handlers import (
    LARGEST,
    AccessTokenHandler,
    AuthenticateHandler,
    NoHandler,
    PictureHandler,
    RequestTokenHandler,
    StylesHandler,
    UsersMeHandler,
    VerifyCredentialsHandler,
)
from app.standin.state import State

ROOT = Path(__file__).parents[2]
PREFIX = "/standin"


class StandinApplication(Application):
    """All routes start with `prefix`. Settings of its own keep the server's cookies and checks out."""

    def __init__(self, state: State, prefix: str = "") -> None:
        shared = {"state": state}
        templates = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
        super().__init__(
            [
                (f"{prefix}/oauth/request_token", RequestTokenHandler, shared),
                (f"{prefix}/oauth/authenticate", AuthenticateHandler, {**shared, "templates": templates}),
                (f"{prefix}/oauth/access_token", AccessTokenHandler, shared),
                (f"{prefix}/2/users/me", UsersMeHandler, shared),
                (f"{prefix}/1\\.1/account/verify_credentials\\.json", VerifyCredentialsHandler, shared),
                (f"{prefix}/pictures/([0-9]+)_(normal|bigger|{LARGEST})\\.png", PictureHandler, shared),
                (f"{prefix}/(standin\\.css)", StylesHandler, {"path": str(ROOT / "static" / "css")}),
            ],
            default_handler_class=NoHandler,
            cross_origin_protection=True,
        )


def standin_routes(state: State, prefix: str = PREFIX) -> list[Rule]:
    """For the server's own routing table: everything below `prefix` is the stand-in's."""
    return [Rule(PathMatches(f"{prefix}/.*"), StandinApplication(state, prefix))]


def listen(state: State, port: int) -> tuple[HTTPServer, int]:
    """Serves the stand-in alone, on loopback whatever the settings say. Returns the port too: 0 takes a free one."""
    sockets = bind_sockets(port, ADDRESS)
    server = HTTPServer(StandinApplication(state), max_body_size=64 * 1024, max_header_size=16 * 1024)
    server.add_sockets(sockets)
    return server, sockets[0].getsockname()[1]


async def serve(state: State, port: int) -> None:
    """Serves until cancelled."""
    server, _ = listen(state, port)
    try:
        await asyncio.Event().wait()
    finally:
        server.stop()
        await server.close_all_connections()
