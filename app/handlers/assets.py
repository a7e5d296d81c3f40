"""AssetHandler: the built files, from memory."""

from typing import Protocol

from tornado.web import HTTPError

from app.handlers.base import BaseHandler

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class Asset(Protocol):
    @property
    def content_type(self) -> str: ...
    @property
    def version(self) -> str: ...
    def sent_to(self, accepted: str) -> tuple[bytes, str | None]: ...


class AssetFiles(Protocol):
    """The built files by path; `app.assets.Assets` is one."""

    def find(self, path: str) -> Asset | None: ...


class AssetHandler(BaseHandler):
    """GET /static/<path>?v=<version>. Only what was built is there: no path is looked up on the disk (SECURITY S61)."""

    action = "site.visit"
    knows_visitor = False

    def initialize(self, assets: AssetFiles) -> None:
        self._assets = assets

    def get(self, path: str) -> None:
        asset = self._assets.find(path)
        if asset is None:
            raise HTTPError(404)
        self.set_header("Content-Type", asset.content_type)
        # A page from before a deploy asks for an old version: it gets today's file, but must not keep it as that one.
        fresh = self.get_query_argument("v", "") == asset.version
        self.set_header("Cache-Control", FOR_EVER if fresh else ASK_AGAIN)
        body, encoding = asset.sent_to(self.request.headers.get("Accept-Encoding", ""))
        self.set_header("Vary", "Accept-Encoding")
        if encoding is not None:
            self.set_header("Content-Encoding", encoding)
        self.write(body)

    head = get
