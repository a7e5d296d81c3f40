"""Files of messages, from our own address: /files/ID, and their thumbnails."""

from http import HTTPStatus

from tornado.iostream import StreamClosedError

from app.chat import accounts, file_reading
from app.files.kinds import kind_of
from app.handlers.base import BaseHandler
from app.handlers.ranges import Span, span_of
from app.models import File, Visitor
from app.render.file_names import disposition

ASKED_AGAIN = "private, no-cache"
"""A browser keeps it and asks each time whether it may still show it: who may read it can change at any moment."""
ALONE = "sandbox; default-src 'none'"
"""Opened by itself, it is a page that may nothing (SECURITY S32)."""
THUMB_TYPE = "image/webp"


class FileHandler(BaseHandler):
    """GET /files/<id> and /files/<id>/thumb: to whoever may read its message. All others are told that there is
    nothing, whoever they are."""

    action = "public.read"

    def initialize(self, *, thumb: bool = False) -> None:
        self.thumb = thumb

    async def get(self, file_id: str) -> None:
        file = await file_reading.find(self.services, self.visitor, file_id)
        self.describe(file)
        if self.check_etag_header():
            self.set_status(HTTPStatus.NOT_MODIFIED)
            return
        blob = await file_reading.open_blob(self.services, file, thumb=self.thumb)
        span = self.asked_span(blob.size)
        if span is None:
            self.set_status(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            self.set_header("Content-Range", f"bytes */{blob.size}")
            return
        self.set_header("Content-Length", str(span.end - span.start))
        if self.request.method == "HEAD":
            return
        try:
            async for piece in blob.pieces(span.start, span.end):
                self.write(piece)
                await self.flush()
        except StreamClosedError:
            return  # gone before the end, as who looks for a place in a video

    head = get

    def describe(self, file: File) -> None:
        """The bytes of an id never change, so the id is their tag."""
        kind = "image" if self.thumb else kind_of(file.content_type)
        self.set_header("Content-Type", THUMB_TYPE if self.thumb else file.content_type)
        self.set_header("Content-Disposition", disposition("attachment" if kind == "file" else "inline", file.name))
        self.set_header("Content-Security-Policy", ALONE)
        self.set_header("Cache-Control", ASKED_AGAIN)
        self.set_header("Etag", f'"{file.id}{"-thumb" if self.thumb else ""}"')
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("X-Robots-Tag", "noindex")

    def asked_span(self, size: int) -> Span | None:
        """None: of what is asked for there is nothing."""
        headers = self.request.headers
        asked = headers.get("Range", "")
        if headers.get("If-Range", self._headers["Etag"]) != self._headers["Etag"]:
            asked = ""
        span = span_of(asked, size)
        if span is not None and span.is_part:
            self.set_status(HTTPStatus.PARTIAL_CONTENT)
            self.set_header("Content-Range", f"bytes {span.start}-{span.end - 1}/{size}")
        return span

    async def _recognised(self) -> Visitor | None:
        token = self.bearer_token
        return await super()._recognised() if token is None else await accounts.resume_bearer(self.services, token)
