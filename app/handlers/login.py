"""In with X and out again."""

import hashlib
import logging
from http import HTTPStatus
from urllib.parse import quote, unquote

from app.chat import accounts, memberships, profiles, public_pages, waiting_room
from app.chat.accounts import SignedIn
from app.errors import Banned, Forbidden, MustWait, NotFound, NotInvited, SignInFailed, TooFast
from app.handlers.base import BaseHandler
from app.handlers.door import DoorHandler
from app.handlers.next_page import safe_next
from app.handlers.pictures import bring_picture
from app.handlers.twitter import Provider, RequestToken, TwitterSignIn
from app.memory.limits import Limit
from app.models import User, Visitor

log = logging.getLogger(__name__)

ATTEMPT_SECONDS = accounts.SIGN_IN_LIFE // 1000
ATTEMPT_DAYS = ATTEMPT_SECONDS / 86_400
ATTEMPTS_KEPT = 5

FROM_X = frozenset(("oauth_token", "oauth_verifier", "denied"))
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
PREFETCH_WORDS = ("prefetch", "prerender", "preview")

JOIN = "join"
"""The query of a room's address in `next` that asks to be in it after the sign-in."""
NOTICES = {"refused": "failed"}
"""Failures that the sign-in page calls by another name; the others by their own."""
STATUSES = {"cancelled": HTTPStatus.OK, "expired": HTTPStatus.BAD_REQUEST}
"""The others are X's or the operator's to mend: 503."""


class LoginHandler(TwitterSignIn, DoorHandler):
    """GET /login?next=: off to X; with ?again also who is signed in, with ?invite by the link that this browser opened
    last. GET /login?oauth_token=&oauth_verifier=, or ?denied=: back from it.

    It is a link, not a form: the page's policy lets forms lead nowhere but here (SECURITY S14).
    """

    action = "site.visit"
    next_page: str

    @property
    def provider(self) -> Provider:
        return Provider(self.settings_, self.roost.breaker, self.services.clock)

    async def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.next_page = safe_next(self.get_query_argument("next", ""))
        self.is_invited = "invite" in self.request.query_arguments
        try:
            await (self._come_back() if FROM_X & self.request.query_arguments.keys() else self._set_out())
        except MustWait as wait:
            await self._let_wait(wait)
        except Banned as refusal:
            log.info("sign-in %s: request %s", refusal.kind, self.request_id)
            self.page("banned.html", status=refusal.status)
        except NotInvited as refusal:
            log.info("sign-in %s: request %s", refusal.kind, self.request_id)
            self.page("not_invited.html", status=refusal.status, had_invite=self.is_invited)
        except SignInFailed as failure:
            log.info("sign-in %s: request %s", failure.kind, self.request_id)
            status = STATUSES.get(failure.kind, HTTPStatus.SERVICE_UNAVAILABLE)
            self.door(NOTICES.get(failure.kind, failure.kind), status=status, next_page=self.next_page)
        except TooFast as refusal:
            self.say_when_to_return(refusal)
            self.door("rate_limited", status=refusal.status, next_page=self.next_page)

    async def _set_out(self) -> None:
        again = "again" in self.request.query_arguments
        if self.visitor is not None and not again:
            self.redirect(self.next_page)
        elif not again and not self.is_invited and await self._waits():
            self.redirect(self._waiting_page())
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
        invite = self.get_cookie(self.invite_cookie) if self.is_invited else None
        await accounts.begin_sign_in(self.services, token.key, token.secret, self.next_page, browser, invite)
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
        self.next_page, self.is_invited = sign_in.next_page, bool(sign_in.invite_hash)
        if denied:
            raise SignInFailed("cancelled")
        await self._let_in(RequestToken(sign_in.token, sign_in.secret), sign_in.invite_hash)

    async def _let_in(self, token: RequestToken, invite_hash: str) -> None:
        verifier = self.get_query_argument("oauth_verifier", "")
        if not verifier:  # OAuth 1.0 without the "a": nothing proves that whoever approved is whoever is here
            raise SignInFailed("expired")
        profile = await self.complete(token, verifier, self._wants_profile)
        user_agent = self.request.headers.get("User-Agent", "")
        signed_in = await accounts.sign_in_with_twitter(self.services, profile, user_agent, invite_hash)
        log.info("person %d signed in: request %s", signed_in.user.id, self.request_id)
        await self._carry(signed_in.token)
        self.next_page, is_there = await self._join_what_was_read(signed_in.user)
        if invite_hash:
            self.clear_private_cookie(self.invite_cookie)
        self.redirect(self.next_page if is_there else self._first_page(signed_in))
        if profile.picture:  # the answer has left: nobody waits for X to hand it out
            await bring_picture(self.services, signed_in.user.id, profile.picture)

    async def _join_what_was_read(self, user: User) -> tuple[str, bool]:
        """Who read a room without an account and signed in to reply is in it from here on: where they go, and whether
        straight there. Only a room that they could read anyway: the address may come from anybody."""
        path, _, wish = self.next_page.partition("?")
        if wish != JOIN or not path.startswith("/chat/"):
            return self.next_page, False
        try:
            room = await public_pages.room(self.services, unquote(path.removeprefix("/chat/")))
            await memberships.join(self.services, Visitor(user), room.id)
        except (NotFound, Forbidden, TooFast):
            return path, False
        return path, True

    def _first_page(self, signed_in: SignedIn) -> str:
        """An invite leads straight into its room."""
        if signed_in.room is not None:
            return f"/chat/{quote(signed_in.room.slug)}"
        return f"/welcome?next={quote(self.next_page)}" if signed_in.newcomer else self.next_page

    async def _let_wait(self, wait: MustWait) -> None:
        log.info("sign-in %s: request %s", wait.kind, self.request_id)
        await self._carry(wait.token)
        self.redirect(self._waiting_page())

    async def _waits(self) -> bool:
        """Whether this browser's person waits to be let in already."""
        return await waiting_room.of_browser(self.services, self.get_cookie(self.session_cookie)) is not None

    def _waiting_page(self) -> str:
        return f"/waiting?next={quote(self.next_page)}"

    async def _carry(self, token: str) -> None:
        """The browser is known by this token from now on, and the session it had ends (SECURITY S6)."""
        if self.visitor is not None:
            await accounts.sign_out(self.services, self.visitor)
        self.set_session_cookie(token)

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

    action = "site.visit"

    async def post(self) -> None:
        if self.visitor is not None:
            await accounts.sign_out(self.services, self.visitor)
            log.info("person %d signed out: request %s", self.visitor.user.id, self.request_id)
        self.clear_session_cookie()
        # Not "cookies": browsers would clear those of the whole domain, other people's sites included. Not "storage":
        # it holds drafts and unsent messages, kept apart per person, and what somebody typed is never thrown away.
        self.set_header("Clear-Site-Data", '"cache"')
        self.redirect("/?notice=signed_out", status=HTTPStatus.SEE_OTHER)
