"""Files on their way in, for a message that is to be sent: /files."""

import asyncio
import re
from typing import cast
from urllib.parse import unquote_to_bytes

import msgspec
from tornado.http1connection import HTTP1Connection
from tornado.web import stream_request_body

from app.chat import files
from app.chat.events import shown_file
from app.chat.incoming import Incoming
from app.chat.sweeping import BROKEN_OFF
from app.errors import BadRequest, RoostError
from app.handlers.base import refusal
from app.handlers.live import LiveHandler
from app.models import File
from app.realtime.outcome import problem_of

SECONDS, PACE = 30.0, 20_000
"""For any body, and the bytes of a second beyond that: who is slower is cut off, so that nobody holds many open."""
MOST_SECONDS = BROKEN_OFF / 1000 * 3 / 4
"""What takes longer would be swept while it comes."""
REFUSED_TOO = 4
"""So many times the largest file is read to its end, and thrown away: who writes on does not read the refusal."""
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
NUMBER = re.compile(r"[1-9][0-9]{0,14}")


@stream_request_body
class UploadHandler(LiveHandler):
    """POST /files?room=ID: the bytes of one file as the body, its name in X-File-Name, percent-encoded, and a nonce in
    Idempotency-Key. Answered by the file as JSON; a repeat, by the one that is there."""

    action = "room.post"
    given: File | Incoming | None = None
    failed: RoostError | None = None

    def check_xsrf_cookie(self) -> None:
        """As in commands.py."""
        if self.bearer_token is None:
            super().check_xsrf_cookie()

    async def prepare(self) -> None:
        """While the body waits to be read."""
        connection = cast("HTTP1Connection", self.request.connection)
        connection.set_max_body_size(max(1, self.settings_.file_limit) * REFUSED_TOO)
        await super().prepare()
        if self.request.method == "POST":
            size = self._size()
            connection.set_body_timeout(min(SECONDS + size / PACE, MOST_SECONDS))
            self.given = await files.begin(
                self.services, self.signed_in, self._room(), self._nonce(), self._name(), size
            )

    async def data_received(self, chunk: bytes) -> None:
        """Whatever is raised here ends the connection without a word, so it is kept for `post`."""
        if isinstance(self.given, Incoming) and self.failed is None:
            try:
                await self.given.write(chunk)
            except RoostError as error:
                self.failed = error

    async def post(self) -> None:
        if self.failed is not None:
            await self._give_up()
            raise self.failed
        file = await self.given.finish() if isinstance(self.given, Incoming) else self.given
        assert file is not None, "prepare has found one, or refused"
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.write(msgspec.json.encode(shown_file(file)))

    def on_connection_close(self) -> None:
        """Gone in the middle of it."""
        super().on_connection_close()
        self._ending = asyncio.get_running_loop().create_task(self._give_up())

    def write_error(self, status_code: int, **kwargs: object) -> None:
        raised = cast("tuple[object, object, object]", kwargs.get("exc_info", (None, None, None)))[1]
        error = raised if isinstance(raised, RoostError) else refusal(status_code)
        if self.roost.is_open:
            self.services.metrics.commands_failed[error.code] += 1
        self.set_status(error.status if error is raised else status_code)
        self.say_when_to_return(error)
        self.set_header("Content-Type", "application/json")
        self.write(msgspec.json.encode({"error": problem_of(error)}))
        _ = self.finish()

    async def _give_up(self) -> None:
        if isinstance(self.given, Incoming):
            await self.given.give_up()

    def _room(self) -> int:
        given = self.get_query_argument("room", "")
        if not NUMBER.fullmatch(given):
            raise BadRequest("A file is for a room: /files?room=ID.")
        return int(given)

    def _nonce(self) -> str:
        given = self.request.headers.get("Idempotency-Key", "")
        if not NONCE.fullmatch(given):
            raise BadRequest("A file comes with an Idempotency-Key: 16 to 64 letters, digits, - or _, made by chance.")
        return given

    def _name(self) -> str:
        given = self.request.headers.get("X-File-Name", "")
        try:
            return unquote_to_bytes(given).decode()
        except UnicodeDecodeError:
            raise BadRequest("X-File-Name is percent-encoded UTF-8.") from None

    def _size(self) -> int:
        given = self.request.headers.get("Content-Length", "")
        if not given.isdecimal():
            raise BadRequest("A file comes with its Content-Length.")
        return int(given)
