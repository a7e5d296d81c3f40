"""BaseHandler: what every page and endpoint shares: who asks, the headers, Jinja2, error pages, the JSON of errors."""

import gzip
import logging
import re
import secrets
from http.client import responses
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import msgspec
import tornado.locale
from tornado.locale import Locale
from tornado.web import HTTPError, RequestHandler

from app.chat import access, accounts
from app.chat.rights import Action
from app.errors import BadRequest, Forbidden, NotFound, NotSignedIn, RoostError
from app.handlers.forwarded import came_in_the_open, client_address
from app.handlers.headers import security_headers
from app.handlers.languages import Words
from app.memory.counting import counted_as
from app.models import Preferences, User, Visitor
from app.realtime.hub import Hub
from app.services import Services
from app.settings import Settings
from app.values import is_loopback_host

if TYPE_CHECKING:
    from app.application import Application

log = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
OURS = 500
"""From this status on it is our fault, and logged."""
PAGE_PACKING = 5
"""Of gzip's 9: a millisecond for a room full of messages, and within a few percent of the smallest."""
WORDED = (Forbidden.status, NotFound.status)
"""The page of an error has better words of its own for these."""
SESSION_SECONDS = accounts.SESSION_LIFE // 1000


class BaseHandler(RequestHandler):
    """Base of all handlers. A RoostError that leaves a method becomes its status and a page or JSON that says why."""

    action: Action
    """What its visitor has to have the right to. Without one nobody is let in."""

    knows_visitor = True
    """Whether the request's session is looked up; files and health checks do without."""

    https_only = True
    """Whether who comes over plain http is led away from it, where PUBLIC_URL is https."""

    led_to_https = frozenset({"GET", "HEAD"})
    """The methods by which nothing is lost then: what came along with any other has been read on the way."""

    visitor: Visitor | None = None

    @property
    def roost(self) -> "Application":
        return cast("Application", self.application)

    @property
    def settings_(self) -> Settings:
        return self.roost.roost_settings

    @property
    def services(self) -> Services:
        return self.roost.services

    @property
    def hub(self) -> Hub:
        return self.roost.hub

    @property
    def person(self) -> User:
        """Who is signed in; NotSignedIn when nobody is."""
        return self.signed_in.user

    @property
    def signed_in(self) -> Visitor:
        if self.visitor is None:
            raise NotSignedIn
        return self.visitor

    @property
    def preferences(self) -> Preferences:
        return self.visitor.preferences if self.visitor else Preferences()

    @property
    def words(self) -> Words:
        """The interface's texts in the reader's language: what they chose or the browser asks for, of what there is."""
        return self.roost.words[self.locale.code]

    def get_user_locale(self) -> Locale | None:
        chosen = self.preferences.language
        return tornado.locale.get(chosen) if chosen in self.roost.words else None

    async def prepare(self) -> None:
        if self.https_only and self._came_in_the_open():
            self._lead_to_https()
        elif self._came_by_another_loopback_name():
            self.redirect(self._public_address())
        else:
            if self.knows_visitor:
                self.visitor = await self._recognised()
            self.check_right()

    def check_right(self) -> None:
        """Raises NotSignedIn, Forbidden or SignInAgain for who may not come in here."""
        access.allow(self.visitor, self.action)
        if self.visitor is not None:
            access.allow_fresh(self.services, self.visitor, self.action)

    def page(self, template: str, *, status: int = 200, **names: Any) -> None:
        """Answer with a page. It is personal, so nobody keeps it (SECURITY S20)."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write_packed(self.rendered(template, status=status, preferences=self.preferences, **names))

    def rendered(self, template: str, **names: Any) -> bytes:
        """A page in the reader's language."""
        return self.roost.pages[self.words.language].get_template(template).render(**names).encode()

    def write_packed(self, body: bytes) -> None:
        """Write `body` compressed if the browser takes it so.

        A page of messages shrinks to a sixth. Its one secret is the XSRF token, which Tornado masks anew each time, so
        that no length tells anything of it (BREACH).
        """
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            body = gzip.compress(body, PAGE_PACKING, mtime=0)
        self.write(body)

    def set_session_cookie(self, token: str) -> None:
        self.set_private_cookie(self.session_cookie, token, SESSION_SECONDS)

    def clear_session_cookie(self) -> None:
        self.clear_private_cookie(self.session_cookie)

    def set_private_cookie(self, name: str, value: str, max_age: int) -> None:
        """A cookie no script reads and no other site sends, unless a link leads here, as X's does (SECURITY S9)."""
        self.set_cookie(
            name, value, max_age=max_age, path="/", httponly=True, samesite="Lax", secure=self.settings_.https
        )

    def clear_private_cookie(self, name: str) -> None:
        """Tornado takes a `max_age` of 0 for none, and browsers forget a `__Host-` cookie only with its attributes."""
        self.clear_cookie(name, path="/", httponly=True, samesite="Lax", secure=self.settings_.https)

    def cookie_name(self, name: str) -> str:
        """`__Host-` binds a cookie to this very host; browsers take it over https only."""
        return f"__Host-{name}" if self.settings_.https else name

    @property
    def session_cookie(self) -> str:
        return self.cookie_name("session")

    @property
    def invite_cookie(self) -> str:
        """Holds the token of the invite link that this browser opened last."""
        return self.cookie_name("invite")

    @property
    def bearer_token(self) -> str | None:
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    @property
    def client_address(self) -> str:
        """Whose request this is, for the limits."""
        return counted_as(client_address(self.request, trust_proxy=self.settings_.trust_proxy))

    @property
    def request_id(self) -> str:
        if not hasattr(self, "_request_id"):
            given = self.request.headers.get("X-Request-Id", "") if self.settings_.trust_proxy else ""
            self._request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        return self._request_id

    def set_default_headers(self) -> None:
        for name, value in security_headers(self.settings_, self.roost.assets.import_map_hash).items():
            self.set_header(name, value)
        if self._came_in_the_open():  # RFC 6797 section 7.2
            self.clear_header("Strict-Transport-Security")
        self.clear_header("Server")
        self.set_header("X-Request-Id", self.request_id)

    def compute_etag(self) -> str | None:
        """None: a personal page must not be told apart by its tag (SECURITY S20)."""
        return None

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        raised = kwargs.get("exc_info", (None, None, None))[1]
        error = raised if isinstance(raised, RoostError) else None
        self.set_status(error.status if error else status_code)
        if error:
            self.say_when_to_return(error)
        if self._wants_json():
            self._write_json_error(error or refusal(status_code))
        else:
            self.show_error(error)
        _ = self.finish()

    def show_error(self, error: RoostError | None) -> None:
        """A page that says why; None when Tornado refused the request by itself."""
        text = None if error is None or error.status in WORDED else self.in_words(error)
        self.page("error.html", status=self.get_status(), request_id=self.request_id, error_text=text)

    def in_words(self, error: RoostError) -> str:
        """The error's sentence in the reader's language."""
        return self.words.text(error.sentence, **error.values)

    def say_when_to_return(self, error: RoostError) -> None:
        if error.retry_after is not None:
            self.set_header("Retry-After", str(max(1, round(error.retry_after))))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        # What is temporary has its own line where it arose, and here it comes from everybody at once, after a restart.
        if isinstance(value, RoostError) and (value.temporary or value.status < OURS):
            return
        if isinstance(value, HTTPError) and value.status_code < OURS:
            return
        log.error("request %s broke", self.request_id, exc_info=(typ, value, tb))

    def _came_in_the_open(self) -> bool:
        return self.settings_.https and came_in_the_open(self.request, trust_proxy=self.settings_.trust_proxy)

    def _lead_to_https(self) -> None:
        """By a redirect, if nothing is lost by it."""
        if self.request.method not in self.led_to_https:
            raise BadRequest("Use {address}: nothing is taken over plain http.", address=self.settings_.public_url)
        self.redirect(self._public_address(), permanent=True)

    def _public_address(self) -> str:
        """Of this page. A request may name a whole address, of any host."""
        uri: str = self.request.uri
        return self.settings_.public_url + (uri if uri.startswith("/") else "/")

    def _came_by_another_loopback_name(self) -> bool:
        """localhost and 127.0.0.1 are two sites to a browser: a cookie set on one is lost on the way back from X."""
        if self.request.method != "GET" or not self.settings_.is_loopback:
            return False
        asked = urlsplit(f"//{self.request.host}").hostname or ""
        return is_loopback_host(asked) and asked != urlsplit(self.settings_.public_url).hostname

    async def _recognised(self) -> Visitor | None:
        token = self.get_cookie(self.session_cookie)
        return await accounts.resume(self.services, token) if token else None

    def _wants_json(self) -> bool:
        accepted = self.request.headers.get("Accept", "")
        return "application/json" in accepted and "text/html" not in accepted

    def _write_json_error(self, error: RoostError) -> None:
        self.set_header("Content-Type", "application/json")
        body = {"error": {"code": error.code, "message": self.in_words(error), "request_id": self.request_id}}
        self.write(msgspec.json.encode(body))


def refusal(status: int) -> RoostError:
    """What to say when Tornado refuses: a wrong method, a missing token, a body that is too long."""
    if status >= OURS:
        return RoostError()
    known = {error.status: error for error in (Forbidden, NotFound)}
    if status in known:
        return known[status]()
    reason = responses.get(status, str(status))
    return BadRequest("This cannot be answered as it was asked: {reason}.", reason=reason)
