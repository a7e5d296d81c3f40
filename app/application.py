"""The web application: settings, pages and files from the start; services and hub as soon as the database is open."""

import logging
import re
from time import monotonic
from typing import Any

from jinja2 import Environment
from tornado.httputil import HTTPServerRequest
from tornado.web import Application as TornadoApplication
from tornado.web import RequestHandler

from app.assets import Assets
from app.errors import Unavailable
from app.handlers.base import OURS, BaseHandler
from app.handlers.languages import every_language
from app.handlers.pages import NothingHandler, RefusedHandler
from app.handlers.rendering import make_pages
from app.handlers.twitter import Breaker
from app.memory.cache import Cache
from app.protocol.fields import FRAME_LIMIT
from app.realtime.hub import Hub
from app.render import emoji
from app.services import Services
from app.settings import Settings
from app.standin.application import standin_routes
from app.standin.guard import refuses
from app.standin.state import State
from app.urls import routes

log = logging.getLogger(__name__)

DOORS_KEPT, DRAWN_FOR = 64, 1.0
"""Seconds: how many are here changes with each who comes."""
SECRET = re.compile(r"(?:https?://[^/]*)?/+(invite|hooks)/.*", re.DOTALL | re.IGNORECASE)
"""What has a secret in it, however mistyped, and whoever answers it (SECURITY S60)."""


class Application(TornadoApplication):
    """Wires the handlers. It answers before `open`, so that the platform sees a live port while the database starts:
    /healthz with "starting", everything else that needs the database with 503."""

    def __init__(self, settings: Settings, standin: State | None = None) -> None:
        self.roost_settings = settings
        self.assets = Assets(made={"js/core/emoji_table.js": emoji.as_module}, debug=settings.debug)
        self.words = every_language()
        self.pages: dict[str, Environment] = make_pages(self.assets, settings, self.words)
        self.doors: Cache[tuple[object, ...], bytes] = Cache(DOORS_KEPT, DRAWN_FOR, monotonic)
        """The sign-in page, by what it shows."""
        self.breaker = Breaker()
        self._guarded = standin is not None
        self._open: tuple[Services, Hub] | None = None
        self._leaving = False
        prefix = "__Host-" if settings.https else ""
        super().__init__(
            [*(standin_routes(standin) if standin else []), *routes(self.assets)],
            default_handler_class=NothingHandler,
            cookie_secret=settings.cookie_secrets,
            key_version=settings.cookie_key_version,
            xsrf_cookies=True,
            xsrf_cookie_name=f"{prefix}xsrf",
            xsrf_cookie_kwargs={"httponly": True, "samesite": "Lax", "secure": settings.https, "path": "/"},
            cross_origin_protection=True,
            trusted_origins=[settings.public_origin],
            websocket_max_message_size=FRAME_LIMIT,
            serve_traceback=False,
            debug=False,
            autoreload=settings.debug,
            log_function=log_request,
        )

    def open(self, services: Services, hub: Hub) -> None:
        """From here on visitors are served."""
        self._open = services, hub

    def leave(self) -> None:
        """From here on nobody new should be sent here; who is here is still served."""
        self._leaving = True

    @property
    def is_open(self) -> bool:
        return self._open is not None

    @property
    def takes_visitors(self) -> bool:
        return self.is_open and not self._leaving

    @property
    def services(self) -> Services:
        """Raises Unavailable before `open`."""
        if self._open is None:
            raise Unavailable
        return self._open[0]

    @property
    def hub(self) -> Hub:
        """Raises Unavailable before `open`."""
        if self._open is None:
            raise Unavailable
        return self._open[1]

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> Any:
        """With the stand-in on anybody signs in as anybody: who is not on this computer gets nothing (SIGNIN X19)."""
        if self._guarded and refuses(request):
            return self.get_handler_delegate(request, RefusedHandler)
        return super().find_handler(request, **kwargs)


def log_request(handler: RequestHandler) -> None:
    """One line per request, without its query, which may hold what is nobody's business."""
    status, request = handler.get_status(), handler.request
    request_id = handler.request_id if isinstance(handler, BaseHandler) else "-"
    level = logging.WARNING if status >= OURS else logging.INFO
    milliseconds = 1000 * request.request_time()
    log.log(level, "%s %s %d %.1f ms %s", request.method, logged(request.path), status, milliseconds, request_id)


def logged(path: str) -> str:
    """A path as the log shows it."""
    secret = SECRET.fullmatch(path)
    return f"/{secret[1].lower()}/…" if secret else path
