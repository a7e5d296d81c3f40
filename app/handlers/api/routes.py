"""The one table of the API: its addresses, which handler answers them, and what each method takes and gives. From it
come the routes, and the document that describes them."""

from typing import NamedTuple

from tornado.routing import URLSpec

from app.handlers.api.base import ROOT, ApiHandler, Method, Operation
from app.handlers.api.messages import MessageHandler, MessagesHandler
from app.handlers.api.nothing import NothingHandler
from app.protocol import api

ID = "[1-9][0-9]{0,14}"
PATTERNS = {"room": ID, "number": ID}
"""Of what stands in braces in a path."""


class Address(NamedTuple):
    path: str
    handler: type[ApiHandler]
    operations: dict[Method, Operation]


ADDRESSES = (
    Address(
        "/rooms/{room}/messages",
        MessagesHandler,
        {
            "GET": Operation("A page of a room's messages", {200: api.History}, query=api.HistoryAsked),
            "POST": Operation("Post a message", {201: api.Posted, 200: api.Posted}, body=api.NewMessage),
        },
    ),
    Address(
        "/rooms/{room}/messages/{number}",
        MessageHandler,
        {
            "GET": Operation("One message", {200: api.Posted}),
            "PATCH": Operation("Change what one's own message says", {200: api.Posted}, body=api.NewText),
            "DELETE": Operation("Take a message away", {204: None}, query=api.RemovalAsked),
        },
    ),
)


def api_routes() -> list[URLSpec]:
    return [
        *(URLSpec(pattern_of(each.path), each.handler, {"operations": each.operations}) for each in ADDRESSES),
        URLSpec(r"/api/.*", NothingHandler),
    ]


def pattern_of(path: str) -> str:
    for name, pattern in PATTERNS.items():
        path = path.replace(f"{{{name}}}", f"({pattern})")
    return ROOT + path
