"""The one table of the API: its addresses, which handler answers them, and what each method takes and gives. From it
come the routes, and the document that describes them."""

from typing import NamedTuple

from tornado.routing import URLSpec

from app.handlers.api.base import ROOT, ApiHandler, Header, Method, Operation
from app.handlers.api.directory import DirectoryHandler
from app.handlers.api.document import DocumentHandler, document_of
from app.handlers.api.files import FilesHandler
from app.handlers.api.me import MeHandler
from app.handlers.api.members import MembersHandler
from app.handlers.api.messages import MessageHandler, MessagesHandler
from app.handlers.api.nothing import NothingHandler
from app.handlers.api.reactions import ReactionHandler
from app.handlers.api.rooms import MembershipHandler, RoomHandler, RoomsHandler
from app.handlers.api.search import SearchHandler
from app.handlers.api.webhooks import SwitchHandler, WebhookHandler, WebhooksHandler
from app.protocol import api, events

ID = "[1-9][0-9]{0,14}"
EMOJI = "[^/]{1,400}"
"""Of 64 characters at most, percent-encoded."""
PATTERNS = {"room": ID, "number": ID, "emoji": EMOJI, "webhook": ID}
"""Of what stands in braces in a path."""
KEY = Header(
    "Idempotency-Key",
    "16 to 64 letters, digits, - or _, made by chance, with quotation marks or without. A repeat with the same key has "
    "no effect and is answered with what the first one made.",
    '^("[A-Za-z0-9_-]{16,64}"|[A-Za-z0-9_-]{16,64})$',
)
FILE_KEY = Header(
    KEY.name, KEY.says.replace(", with quotation marks or without", ""), "^[A-Za-z0-9_-]{16,64}$", required=True
)
FILE_NAME = Header("X-File-Name", "The name of the file, percent-encoded UTF-8.")


class Address(NamedTuple):
    path: str
    handler: type[ApiHandler]
    operations: dict[Method, Operation]


ADDRESSES = (
    Address("/me", MeHandler, {"GET": Operation("Whom the token acts for", "chat.use", {200: api.Me})}),
    Address(
        "/directory",
        DirectoryHandler,
        {
            "GET": Operation(
                "A page of the rooms that one may join, or is in",
                "room.find",
                {200: api.Directory},
                query=api.DirectoryAsked,
            )
        },
    ),
    Address(
        "/rooms",
        RoomsHandler,
        {
            "GET": Operation("The rooms that one is in", "chat.use", {200: api.Rooms}),
            "POST": Operation("Make a room, and moderate it", "room.create", {201: events.Room}, body=api.NewRoom),
        },
    ),
    Address(
        "/rooms/{room}",
        RoomHandler,
        {
            "GET": Operation("A room that one is in", "room.read", {200: events.Room}),
            "PATCH": Operation(
                "Change a room that one moderates", "room.change", {200: events.Room}, body=api.RoomChange
            ),
        },
    ),
    Address(
        "/rooms/{room}/membership",
        MembershipHandler,
        {
            "PUT": Operation("Be in a public room", "room.join", {200: events.Room}),
            "DELETE": Operation("Leave a room", "room.leave", {204: None}),
        },
    ),
    Address(
        "/rooms/{room}/members",
        MembersHandler,
        {
            "GET": Operation("A page of a room's people", "room.read", {200: api.People}, query=api.MembersAsked),
            "POST": Operation("Bring somebody into a room", "room.add", {204: None}, body=api.NewMember),
        },
    ),
    Address(
        "/rooms/{room}/messages",
        MessagesHandler,
        {
            "GET": Operation("A page of a room's messages", "room.read", {200: api.History}, query=api.HistoryAsked),
            "POST": Operation(
                "Post a message", "room.post", {201: api.Posted, 200: api.Posted}, body=api.NewMessage, headers=(KEY,)
            ),
        },
    ),
    Address(
        "/rooms/{room}/messages/{number}",
        MessageHandler,
        {
            "GET": Operation("One message", "room.read", {200: api.Posted}),
            "PATCH": Operation(
                "Change what one's own message says", "message.edit", {200: api.Posted}, body=api.NewText
            ),
            "DELETE": Operation("Take a message away", "message.remove", {204: None}, query=api.RemovalAsked),
        },
    ),
    Address(
        "/rooms/{room}/messages/{number}/reactions/{emoji}",
        ReactionHandler,
        {
            "PUT": Operation("Put an emoji on a message", "message.react", {204: None}),
            "DELETE": Operation("Take one's own emoji back", "message.react", {204: None}),
        },
    ),
    Address(
        "/rooms/{room}/webhooks",
        WebhooksHandler,
        {"GET": Operation("The webhooks of a room that one moderates", "webhook.manage", {200: api.Webhooks})},
    ),
    Address(
        "/rooms/{room}/webhooks/{webhook}",
        WebhookHandler,
        {"DELETE": Operation("Remove a webhook, and its bot from the room", "webhook.manage", {204: None})},
    ),
    Address(
        "/rooms/{room}/webhooks/{webhook}/on",
        SwitchHandler,
        {"PUT": Operation("Switch a webhook on again", "webhook.manage", {200: api.Webhook})},
    ),
    Address(
        "/search",
        SearchHandler,
        {"GET": Operation("Find messages", "message.search", {200: api.SearchResults}, query=api.SearchAsked)},
    ),
    Address(
        "/files",
        FilesHandler,
        {
            "POST": Operation(
                "Send a file for a message to come",
                "room.post",
                {200: events.File},
                query=api.FileAsked,
                body="bytes",
                headers=(FILE_KEY, FILE_NAME),
            )
        },
    ),
)


def api_routes() -> list[URLSpec]:
    document = document_of({each.path: each.operations for each in ADDRESSES})
    return [
        *(URLSpec(pattern_of(each.path), each.handler, {"operations": each.operations}) for each in ADDRESSES),
        URLSpec(f"{ROOT}/openapi.json", DocumentHandler, {"document": document}),
        URLSpec(r"/api/(.*)", NothingHandler),
    ]


def pattern_of(path: str) -> str:
    for name, pattern in PATTERNS.items():
        path = path.replace(f"{{{name}}}", f"({pattern})")
    return ROOT + path
