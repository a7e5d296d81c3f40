"""A client of the stand-in that knows nothing of Roost's: requests-oauthlib signs, Tornado's client walks the page."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import requests
from requests_oauthlib import OAuth1
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from app.standin.state import State

CALLBACK = "http://127.0.0.1:5000/login"


class Client:
    def __init__(self, state: State, base: str) -> None:
        self.state = state
        self.base = base

    async def signed(self, method: str, path: str, **oauth: Any) -> requests.Response:
        """One request signed by requests-oauthlib; `oauth` overrides what it signs with."""
        timeout = oauth.pop("timeout", 5)
        auth = OAuth1(oauth.pop("key", self.state.app.key), oauth.pop("secret", self.state.app.secret), **oauth)
        return await asyncio.to_thread(requests.request, method, self.base + path, auth=auth, timeout=timeout)

    async def plain(self, method: str, path: str, headers: dict[str, str]) -> requests.Response:
        return await asyncio.to_thread(requests.request, method, self.base + path, headers=headers, timeout=5)

    async def request_token(self, callback: str = CALLBACK) -> dict[str, str]:
        answer = await self.signed("POST", "/oauth/request_token", callback_uri=callback)
        assert answer.status_code == 200, answer.text
        return dict(parse_qsl(answer.text))

    async def page(self, token: str) -> HTTPResponse:
        return await self.get(f"/oauth/authenticate?{urlencode({'oauth_token': token})}")

    async def choose(self, token: str, **fields: str) -> HTTPResponse:
        body = urlencode({"oauth_token": token, **fields})
        return await self.get("/oauth/authenticate", method="POST", body=body)

    async def verifier(self, token: str, **fields: str) -> str:
        answer = await self.choose(token, **fields)
        assert answer.code == 302, answer.body
        return parse_qs(urlsplit(answer.headers["Location"]).query)["oauth_verifier"][0]

    async def exchange(self, token: dict[str, str], verifier: str | None, **oauth: Any) -> requests.Response:
        return await self.signed("POST", "/oauth/access_token", **_owner(token), verifier=verifier, **oauth)

    async def access_token(self, **fields: str) -> dict[str, str]:
        token = await self.request_token()
        answer = await self.exchange(token, await self.verifier(token["oauth_token"], **fields))
        assert answer.status_code == 200, answer.text
        return dict(parse_qsl(answer.text))

    async def profile(self, token: dict[str, str], path: str = "/2/users/me") -> requests.Response:
        return await self.signed("GET", path, **_owner(token))

    async def get(self, path: str, **options: Any) -> HTTPResponse:
        return await AsyncHTTPClient().fetch(self.base + path, raise_error=False, follow_redirects=False, **options)


def _owner(token: dict[str, str]) -> dict[str, str]:
    return {"resource_owner_key": token["oauth_token"], "resource_owner_secret": token["oauth_token_secret"]}
