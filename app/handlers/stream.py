"""The live way down where WebSocket is blocked: /stream. Commands come by /command."""

import re
from functools import partial

import msgspec
from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler

from app.errors import BadRequest
from app.handlers.event_stream_transport import EventStreamTransport
from app.handlers.live import LiveHandler
from app.handlers.takeover import detached_stream, take_over
from app.protocol.commands import OpenRoom
from app.realtime.connection import Connection
from app.values import origin_of

ROOM = re.compile(r"([0-9]{1,16})(?:\.([0-9]{1,16}))?")
MOST_ROOMS = 16


class StreamHandler(LiveHandler):
    """GET /stream?room=ID[.SEQ]&room=…&epoch=…: the head of an answer that goes on as server-sent events; then an
    EventStreamTransport has the socket and this handler is gone."""

    stays = True

    def check_request(self) -> None:
        if self.request.version == "HTTP/1.0":
            raise BadRequest("A stream needs HTTP/1.1.")
        super().check_request()

    def comes_from_here(self) -> bool:
        """A browser sends no Origin with its page's EventSource, and over plain HTTP, where upgrades are blocked most,
        no Sec-Fetch-Site either. No page can send another's Referer."""
        headers = self.request.headers
        return super().comes_from_here() or (
            "Origin" not in headers
            and "Sec-Fetch-Site" not in headers
            and origin_of(headers.get("Referer", "")) == self.settings_.public_origin
        )

    async def get(self) -> None:
        opening = opening_commands(self.get_query_arguments("room"), self.get_query_argument("epoch", None))
        connect = partial(Connection, self.services, self.hub, self.signed_in)
        begin_stream(self)
        try:
            await take_over(detached_stream(self), lambda _: EventStreamTransport(connect, opening))
        except StreamClosedError:
            return  # gone before it began


def begin_stream(handler: RequestHandler) -> None:
    """Send the head. Nobody on the way may keep the stream, or collect it to compress it."""
    handler.set_header("Content-Type", "text/event-stream")
    handler.set_header("Cache-Control", "no-store, no-transform")
    handler.set_header("X-Accel-Buffering", "no")
    handler.set_header("Connection", "close")
    _ = handler.flush()
    handler.application.log_request(handler)


def opening_commands(rooms: list[str], epoch: str | None) -> list[bytes]:
    """The commands that a stream's address stands for: room.open for each room, in order, with 0, 1, 2 … as `ref`.

    Raises BadRequest for what is no room; whether an id or a seq is possible is for the command's own check.
    """
    if len(rooms) > MOST_ROOMS:
        raise BadRequest("A stream opens at most {limit} rooms.", limit=MOST_ROOMS)
    return [opening_command(ref, room, epoch) for ref, room in enumerate(rooms)]


def opening_command(ref: int, text: str, epoch: str | None) -> bytes:
    room = ROOM.fullmatch(text)
    if room is None:
        raise BadRequest("A room of a stream is its id, or its id and the last seq you hold: room=7 or room=7.120.")
    since = None if room[2] is None else int(room[2])
    return msgspec.json.encode(OpenRoom(ref=ref, room=int(room[1]), epoch=epoch, since=since))
