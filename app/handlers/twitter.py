"""The one file that knows tornado.auth: the requests to X, in the form that X's documentation asks for.

Tornado's TwitterMixin is deprecated. It sends what is secret in the address of a GET, puts the request token's secret
into a plain cookie, waits 20 s per step, and fails when the profile does. From it come the signature and its escaping;
the three requests are made here: POST with an Authorization header, in a few seconds, with every failure named.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec
from tornado.auth import TwitterMixin, _oauth10a_signature, _oauth_escape, _oauth_parse_response
from tornado.httpclient import HTTPClientError, HTTPResponse
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError, SimpleAsyncHTTPClient

from app.clock import Clock
from app.errors import SignInFailed
from app.handlers.twitter_answers import identity_in, profile_in
from app.handlers.twitter_refusal import CLOSED, failed, read_refusal
from app.models import TwitterProfile
from app.render.names import plain_name
from app.settings import Settings

log = logging.getLogger(__name__)

REQUEST_TOKEN_SECONDS = 5.0
ACCESS_TOKEN_SECONDS = 5.0
PROFILE_SECONDS = 2.0
CONNECT_SECONDS = 2.0
WORTH_RETRYING_SECONDS = 0.5
PAUSE_SECONDS = 3600.0
BODY_LIMIT = 64 * 1024
NO_QUERY: Mapping[str, str] = {}
WITH_PICTURE: Mapping[str, str] = {"user.fields": "profile_image_url"}
"""Version 2 of the profile leaves it out unless asked; 1.1 always has it."""

UNREACHABLE = (OSError, HTTPStreamClosedError, HTTPTimeoutError)
# KeyError and ValueError are what the parser raises for an answer that is no form encoding or has no token in it.
GONE_WRONG = (OSError, HTTPClientError, KeyError, ValueError)


class RequestToken(NamedTuple):
    key: str
    secret: str


class Breaker:
    """Leaves a profile address alone for an hour after X has said that it is closed to this server (SIGNIN X9)."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._paused_until: dict[str, float] = {}

    def is_open(self, url: str) -> bool:
        """Open as a circuit is: nothing goes through."""
        return self._monotonic() < self._paused_until.get(url, 0.0)

    def trip(self, url: str) -> None:
        self._paused_until[url] = self._monotonic() + PAUSE_SECONDS


class Provider(NamedTuple):
    """What a sign-in needs to know of X: where it is and with which keys, what the time is, what not to ask."""

    settings: Settings
    breaker: Breaker
    clock: Clock


class BoundedClient(SimpleAsyncHTTPClient):
    """One per event loop, apart from the default client, which would read a body of 100 MB."""

    def initialize(self, **_options: Any) -> None:  # type: ignore[override]
        super().initialize(
            max_clients=100,
            max_buffer_size=4 * BODY_LIMIT,
            max_body_size=BODY_LIMIT,
            defaults={"connect_timeout": CONNECT_SECONDS, "follow_redirects": False, "decompress_response": False},
        )


class TwitterSignIn(TwitterMixin):
    """`begin`, send the person to `authenticate_url`, and `complete` with what they bring back."""

    @property
    def provider(self) -> Provider:
        raise NotImplementedError

    async def begin(self, callback: str) -> RequestToken:
        """A request token for a dance that ends at `callback`, within 5 s. Raises SignInFailed."""
        try:
            token = _oauth_parse_response((await self._request_token(callback)).body)
        except GONE_WRONG as error:
            raise failed("request token", error, self._now()) from error
        if token.get("oauth_callback_confirmed") != "true":
            # OAuth 1.0 without the "a": whoever starts a sign-in could have somebody else finish it for them.
            log.error("sign-in: X did not confirm the callback %s, so no token of it is used", callback)
            raise SignInFailed("refused")
        return RequestToken(token["key"], token["secret"])

    def authenticate_url(self, token: RequestToken) -> str:
        """Where the browser goes next. `oauth_callback` does not belong here, whatever Tornado does."""
        return f"{self.provider.settings.twitter_authenticate_url}?{urlencode({'oauth_token': token.key})}"

    async def complete(
        self, token: RequestToken, verifier: str, wants_profile: Callable[[str], Awaitable[bool]]
    ) -> TwitterProfile:
        """Who approved the token, within 7 s. Raises SignInFailed.

        The access token's answer settles it. The profile, asked for only if `wants_profile` says so of the user id,
        adds a name and a picture's address when it comes in time; nothing that can happen to it matters.
        """
        try:
            access = _oauth_parse_response((await self._access_token(token, verifier)).body)
        except GONE_WRONG as error:
            raise self._refused_verifier(error) from error
        identity = identity_in(access)
        if self._profile_urls() and await wants_profile(identity.user_id):
            return await self._profile(identity, access) or identity
        return identity

    def get_auth_http_client(self) -> SimpleAsyncHTTPClient:
        return BoundedClient()

    def _oauth_consumer_token(self) -> dict[str, Any]:
        settings = self.provider.settings
        return {"key": settings.twitter_consumer_key, "secret": settings.twitter_consumer_secret}

    async def _request_token(self, callback: str) -> HTTPResponse:
        """Tried again when the connection fails, since nothing is used up by it."""
        url, started = self.provider.settings.twitter_request_token_url, time.monotonic()
        try:
            return await self._fetch("POST", url, REQUEST_TOKEN_SECONDS, {"oauth_callback": callback})
        except UNREACHABLE:
            left = REQUEST_TOKEN_SECONDS - (time.monotonic() - started)
            if left < WORTH_RETRYING_SECONDS:
                raise
            return await self._fetch("POST", url, left, {"oauth_callback": callback})

    async def _access_token(self, token: RequestToken, verifier: str) -> HTTPResponse:
        """Not tried again: the verifier works once, so a second try fails whatever became of the first."""
        url = self.provider.settings.twitter_access_token_url
        return await self._fetch("POST", url, ACCESS_TOKEN_SECONDS, {"oauth_verifier": verifier}, token._asdict())

    def _refused_verifier(self, error: Exception) -> SignInFailed:
        """X says in plain words, without a code, that a token or verifier is wrong or used."""
        refusal = read_refusal(error, self._now())
        if refusal.status == HTTPStatus.UNAUTHORIZED and refusal.code is None and not refusal.clock_is_wrong:
            log.info("sign-in: the access token was refused: %s", refusal)
            return SignInFailed("expired")
        return failed("access token", error, self._now())

    def _profile_urls(self) -> list[str]:
        settings = self.provider.settings
        v2, v1 = settings.twitter_profile_v2_url, settings.twitter_profile_v1_url
        urls = {"v2": [v2, v1], "v1.1": [v1], "none": []}[settings.twitter_profile]
        return [url for url in urls if not self.provider.breaker.is_open(url)]

    async def _profile(self, identity: TwitterProfile, access: dict[str, Any]) -> TwitterProfile | None:
        try:
            async with asyncio.timeout(PROFILE_SECONDS):
                for url in self._profile_urls():
                    if profile := await self._profile_from(url, identity, access):
                        return profile
        except TimeoutError:
            log.warning("sign-in: no profile within %d s", PROFILE_SECONDS)
        return None

    async def _profile_from(self, url: str, identity: TwitterProfile, access: dict[str, Any]) -> TwitterProfile | None:
        try:
            asked = WITH_PICTURE if url == self.provider.settings.twitter_profile_v2_url else {}
            found = profile_in((await self._fetch("GET", url, PROFILE_SECONDS, {}, access, asked)).body)
        except Exception as error:  # noqa: BLE001  nothing that happens here may keep a person out
            self._write_down(url, error)
            return None
        if found.id != identity.user_id:
            log.warning("sign-in: %s answered with the profile of somebody else", url)
            return None
        name, picture = plain_name(found.name) or None, found.profile_image_url
        return msgspec.structs.replace(identity, name=name, fetched=True, picture=picture)

    def _write_down(self, url: str, error: Exception) -> None:
        refusal = read_refusal(error, self._now())
        if refusal.status in CLOSED:
            self.provider.breaker.trip(url)
        log.warning("sign-in: no profile from %s: %s", url, refusal)

    async def _fetch(
        self,
        method: str,
        url: str,
        seconds: float,
        oauth: dict[str, str],
        token: dict[str, Any] | None = None,
        query: Mapping[str, str] = NO_QUERY,
    ) -> HTTPResponse:
        return await self.get_auth_http_client().fetch(
            f"{url}?{urlencode(query)}" if query else url,
            method=method,
            body=b"" if method == "POST" else None,
            headers={"Authorization": self._authorization(method, url, oauth, token, query)},
            request_timeout=seconds,
            user_agent=f"Roost (+{self.provider.settings.public_url})",
        )

    def _authorization(
        self, method: str, url: str, oauth: dict[str, str], token: dict[str, Any] | None, query: Mapping[str, str]
    ) -> str:
        """The header of RFC 5849 section 3.5.1, signed as in section 3.4: with what the query says."""
        consumer = self._oauth_consumer_token()
        parameters = {
            "oauth_consumer_key": consumer["key"],
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(int(self._now())),
            "oauth_version": "1.0",
            **({"oauth_token": token["key"]} if token else {}),
            **oauth,
        }
        signature = _oauth10a_signature(consumer, method, url, {**parameters, **query}, token)
        parameters["oauth_signature"] = signature.decode()
        return "OAuth " + ", ".join(f'{name}="{_oauth_escape(value)}"' for name, value in sorted(parameters.items()))

    def _now(self) -> float:
        return self.provider.clock.now() / 1000
