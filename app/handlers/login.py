"""In with X and out again."""

import hashlib
import logging
from http import HTTPStatus
from urllib.parse import quote

from app.chat import accounts, profiles
from app.errors import SignInFailed, TooFast
from app.handlers.base import BaseHandler
from app.handlers.door import DoorHandler
from app.handlers.next_page import safe_next
from app.handlers.twitter import Provider, RequestToken, TwitterSignIn
from app.memory.limits import Limit

log = logging.getLogger(__name__)

ATTEMPT_SECONDS = accounts.SIGN_IN_LIFE // 1000
ATTEMPT_DAYS = ATTEMPT_SECONDS / 86_400
ATTEMPTS_KEPT = 5

FROM_X = frozenset(("oauth_token", "oauth_verifier", "denied"))
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
PREFETCH_WORDS = ("prefetch", "prerender", "preview")

NOTICES = {"refused": "failed"}
"""Failures that the sign-in page calls by another name; the others by their own."""
STATUSES = {"cancelled": HTTPStatus.OK, "expired": HTTPStatus.BAD_REQUEST}
"""The others are X's or the operator's to mend: 503."""


class LoginHandler(TwitterSignIn, DoorHandler):
    """GET /login?next=: off to X. GET /login?oauth_token=&oauth_verifier=, or ?denied=: back from it.

    It is a link, not a form: the page's policy lets forms lead nowhere but here (SECURITY S14).
    """

    next_page: str

    @property
    def provider(self) -> Provider:
        return Provider(self.settings_, self.roost.breaker, self.services.clock)

    async def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.next_page = safe_next(self.get_query_argument("next", ""))
        try:
            await (self._come_back() if FROM_X & self.request.query_arguments.keys() else self._set_out())
        except SignInFailed as failure:
            log.info("sign-in %s: request %s", failure.kind, self.request_id)
            status = STATUSES.get(failure.kind, HTTPStatus.SERVICE_UNAVAILABLE)
            self.door(NOTICES.get(failure.kind, failure.kind), status=status, next_page=self.next_page)
        except TooFast as refusal:
            self.say_when_to_return(refusal)
            self.door("rate_limited", status=refusal.status, next_page=self.next_page)

    async def _set_out(self) -> None:
        if self.visitor is not None:
            self.redirect(self.next_page)
        elif not self.settings_.sign_in_configured:
            raise SignInFailed("not_configured")
        elif self._nobody_asked():
            self.door(None, next_page=self.next_page)
        else:
            await self._go_to_x()

    def _nobody_asked(self) -> bool:
        """A link on somebody else's page, or a browser that reads ahead, starts nothing and costs no request token."""
        headers = self.request.headers
        purpose = " ".join(headers.get(name, "") for name in PREFETCH_HEADERS).lower()
        return headers.get("Sec-Fetch-Site") == "cross-site" or any(word in purpose for word in PREFETCH_WORDS)

    async def _go_to_x(self) -> None:
        limit = Limit(self.settings_.limit_login_per_minute, 60)
        self.services.limits.take(f"login:{self.client_address}", limit)
        token = await self.begin(self.settings_.callback_url)
        browser = accounts.new_token()
        await accounts.begin_sign_in(self.services, token.key, token.secret, self.next_page, browser)
        self._remember(token.key, browser)
        self.redirect(self.authenticate_url(token))

    async def _come_back(self) -> None:
        denied = self.get_query_argument("denied", "")
        token = denied or self.get_query_argument("oauth_token", "")
        browser = self._remembered(token)
        if denied and browser is None:
            raise SignInFailed("cancelled")
        if browser is None:
            raise SignInFailed("expired")
        self._forget(token)
        sign_in = await accounts.take_sign_in(self.services, token, browser)
        self.next_page = sign_in.next_page
        if denied:
            raise SignInFailed("cancelled")
        await self._let_in(RequestToken(sign_in.token, sign_in.secret))

    async def _let_in(self, token: RequestToken) -> None:
        verifier = self.get_query_argument("oauth_verifier", "")
        if not verifier:  # OAuth 1.0 without the "a": nothing proves that whoever approved is whoever is here
            raise SignInFailed("expired")
        profile = await self.complete(token, verifier, self._wants_profile)
        user_agent = self.request.headers.get("User-Agent", "")
        signed_in = await accounts.sign_in_with_twitter(self.services, profile, user_agent)
        if self.visitor is not None:
            await accounts.sign_out(self.services, self.visitor)
        log.info("person %d signed in: request %s", signed_in.user.id, self.request_id)
        self.set_session_cookie(signed_in.token)
        self.redirect(f"/welcome?next={quote(self.next_page)}" if signed_in.newcomer else self.next_page)

    async def _wants_profile(self, twitter_id: str) -> bool:
        return await profiles.is_due(self.services, twitter_id)

    # The cookie that binds an attempt to this browser: one for each, so that two tabs do not disturb each other.

    def _remember(self, token: str, browser: str) -> None:
        attempts = [name for name in self.cookies if name.startswith(self.cookie_name("sign-in-"))]
        if len(attempts) >= ATTEMPTS_KEPT:  # a header of many cookies is refused by servers on the way
            for name in attempts:
                self.clear_private_cookie(name)
        name = self._cookie_of(token)
        self.set_private_cookie(name, self.create_signed_value(name, browser).decode(), ATTEMPT_SECONDS)

    def _remembered(self, token: str) -> str | None:
        """What this browser was given for the attempt, or None if it did not begin it or has taken too long."""
        # Version 1 has no key version: with several keys Tornado fails on it instead of refusing it.
        value = self.get_signed_cookie(self._cookie_of(token), max_age_days=ATTEMPT_DAYS, min_version=2)
        return value.decode() if value else None

    def _forget(self, token: str) -> None:
        self.clear_private_cookie(self._cookie_of(token))

    def _cookie_of(self, token: str) -> str:
        return self.cookie_name(f"sign-in-{hashlib.sha256(token.encode()).hexdigest()[:16]}")


class LogoutHandler(BaseHandler):
    """POST /logout, from a form of ours: the session ends, and its open connections with it."""

    async def post(self) -> None:
        if self.visitor is not None:
            await accounts.sign_out(self.services, self.visitor)
            log.info("person %d signed out: request %s", self.visitor.user.id, self.request_id)
        self.clear_session_cookie()
        # Not "cookies": browsers would clear those of the whole domain, other people's sites included. Not "storage":
        # it holds drafts and unsent messages, kept apart per person, and what somebody typed is never thrown away.
        self.set_header("Clear-Site-Data", '"cache"')
        self.redirect("/?notice=signed_out", status=HTTPStatus.SEE_OTHER)
