"""The live way down for who reads a room without an account."""

import re
from functools import partial

from tornado.iostream import StreamClosedError

from app.chat import public_pages
from app.errors import BadRequest, Forbidden, RoostError
from app.handlers.base import BaseHandler, refusal
from app.handlers.event_stream_transport import ReaderTransport
from app.handlers.stream import begin_stream
from app.handlers.takeover import detached_stream, take_over
from app.models import Room
from app.realtime.readers import Reader

SEQ = re.compile(r"[0-9]{1,15}")
FROM_HERE = ("same-origin", "none")


class ReadersHandler(BaseHandler):
    """GET /chat/<room>/live?since=SEQ, as server-sent events: what is posted behind that change, or behind the one that
    Last-Event-ID names when a browser comes back. No cookie is looked at: everybody is told the same."""

    action = "public.read"
    knows_visitor = False

    async def get(self, slug: str) -> None:
        self.check_request()
        address = self.client_address
        public_pages.take_turn(self.services, address)
        room = await public_pages.room(self.services, slug)
        since = self.since(room)
        self.hub.readers.take_place(address)
        try:
            begin_stream(self)
            connect = partial(Reader, self.hub.readers, address, room, since)
            await take_over(detached_stream(self), lambda _: ReaderTransport(connect))
        except StreamClosedError:  # gone before it began
            self.hub.readers.give_place(address)
        except BaseException:
            self.hub.readers.give_place(address)
            raise

    def check_request(self) -> None:
        """No other site lets its visitors hold our places."""
        if self.request.version == "HTTP/1.0":
            raise BadRequest("A stream needs HTTP/1.1.")
        headers = self.request.headers
        if headers.get("Sec-Fetch-Site", "none") not in FROM_HERE:
            raise Forbidden
        if headers.get("Origin", self.settings_.public_origin) != self.settings_.public_origin:
            raise Forbidden

    def since(self, room: Room) -> int:
        given = self.request.headers.get("Last-Event-ID") or self.get_query_argument("since", "")
        return int(given) if SEQ.fullmatch(given) else room.seq

    def show_error(self, error: RoostError | None) -> None:
        """No person sees a page here: a sentence in plain text."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.write((error or refusal(self.get_status())).message)
