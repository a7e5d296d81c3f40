"""What makes the page an app to install: its manifest, and the worker that answers when the network does not."""

import hashlib
from typing import Any

import msgspec

from app.handlers.base import BaseHandler

ASK_AGAIN = "no-cache"
ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))
FRAME = "#e8f2f4"
"""The token --frame by day, which a page waits on until it is drawn."""


class ManifestHandler(BaseHandler):
    """GET /manifest.webmanifest: the community as an app."""

    action = "site.visit"
    knows_visitor = False

    def get(self) -> None:
        self.set_header("Content-Type", "application/manifest+json")
        self.set_header("Cache-Control", ASK_AGAIN)
        self.write_packed(msgspec.json.encode(self._manifest()))

    head = get

    def _manifest(self) -> dict[str, Any]:
        return {
            "id": "/",
            "name": self.settings_.community_name,
            "short_name": self.settings_.community_name,
            "start_url": "/chat",
            "scope": "/",
            "display": "standalone",
            "background_color": FRAME,
            "theme_color": FRAME,
            "lang": self.words.language,
            "dir": self.words.direction,
            "icons": [self._icon(size, purpose) for size, purpose in ICONS],
        }

    def _icon(self, size: str, purpose: str) -> dict[str, str]:
        name = f"icons/{size}.png" if purpose == "any" else f"icons/{size}-{purpose}.png"
        return {"src": self.roost.assets.url(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


class WorkerHandler(BaseHandler):
    """GET /sw.js, at the root because a worker serves what lies beside and below it."""

    action = "site.visit"

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", ASK_AGAIN)
        self.write_packed(self._head().encode() + self.roost.assets.worker)

    head = get

    def _head(self) -> str:
        """Another one makes a browser take up the worker anew: with other files, and with other words on its page."""
        assets = self.roost.assets
        page = hashlib.sha256(self.rendered("offline.html", status=200, preferences=self.preferences)).hexdigest()[:12]
        values = {"RELEASE": assets.release, "PAGE": page, "SHELL": assets.shell}
        return "".join(f"const {name} = {msgspec.json.encode(value).decode()};\n" for name, value in values.items())
