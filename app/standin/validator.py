"""oauthlib's questions, answered from State. oauthlib judges, so that client and provider share no mistake."""

from typing import Any

from oauthlib.common import Request
from oauthlib.oauth1 import RequestValidator

from app.standin.state import AccessToken, State

NOBODY = "nobody"


class Validator(RequestValidator):  # type: ignore[misc]
    """Judges one request. `readable`: the parameters were there and in time. `findings`: what held and what did not.

    oauthlib's defaults refuse plain http, nonces over 30 characters (Tornado's have 32) and all but letters and digits.
    """

    enforce_ssl = False
    allowed_signature_methods = ("HMAC-SHA1",)
    safe_characters = frozenset(map(chr, range(0x21, 0x7F)))
    client_key_length = request_token_length = access_token_length = verifier_length = nonce_length = (1, 200)
    timestamp_lifetime = 300
    dummy_client = dummy_request_token = dummy_access_token = NOBODY

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self.readable = False
        self.findings: dict[str, bool] = {}

    def validate_timestamp_and_nonce(
        self, client_key: str, timestamp: str, nonce: str, request: Request, **_tokens: str | None
    ) -> bool:
        self.readable = True
        self.findings = request.validator_log  # filled in when all is checked; stays empty for a repeated nonce
        return self._state.first_use(client_key, timestamp, nonce)

    def validate_client_key(self, client_key: str, request: Request) -> bool:
        return client_key == self._state.app.key

    def get_client_secret(self, client_key: str, request: Request) -> str:
        return self._state.app.secret if client_key == self._state.app.key else NOBODY

    def validate_redirect_uri(self, client_key: str, redirect_uri: str, request: Request) -> bool:
        return redirect_uri in self._state.app.callbacks

    def save_request_token(self, token: dict[str, str], request: Request) -> None:
        self._state.add_request_token(token["oauth_token"], token["oauth_token_secret"], request.redirect_uri)

    def validate_request_token(self, client_key: str, token: str, request: Request) -> bool:
        return self._state.request_token(token) is not None

    def get_request_token_secret(self, client_key: str, token: str, request: Request) -> str:
        found = self._state.request_token(token)
        return found.secret if found else NOBODY

    def validate_verifier(self, client_key: str, token: str, verifier: str, request: Request) -> bool:
        found = self._state.request_token(token)
        return found is not None and found.verifier == verifier

    def invalidate_request_token(self, client_key: str, request_token: str, request: Request) -> None:
        self._state.drop_request_token(request_token)

    def save_access_token(self, token: dict[str, str], request: Request) -> None:
        """Also gives `token` the form of X's answer: oauthlib encodes it after this call."""
        person_id = _bound_person(self._state, request.resource_owner_key)
        token["oauth_token"] = f"{person_id}-{token['oauth_token']}"
        token["user_id"] = person_id
        token["screen_name"] = self._state.people.by_id(person_id).handle
        del token["oauth_authorized_realms"]
        self._state.add_access_token(AccessToken(token["oauth_token"], token["oauth_token_secret"], person_id))

    def validate_access_token(self, client_key: str, token: str, request: Request) -> bool:
        return self._state.access_token(token) is not None

    def get_access_token_secret(self, client_key: str, token: str, request: Request) -> str:
        found = self._state.access_token(token)
        return found.secret if found else NOBODY

    # X has no realms.

    def get_default_realms(self, client_key: str, request: Request) -> list[str]:
        return []

    def get_realms(self, token: str, request: Request) -> list[str]:
        return []

    def check_realms(self, realms: list[str]) -> bool:
        return True

    def validate_requested_realms(self, client_key: str, realms: list[str], request: Request) -> bool:
        return True

    def validate_realms(self, client_key: str, token: str, request: Request, **_realms: Any) -> bool:
        return True


def _bound_person(state: State, request_token: str) -> str:
    token = state.request_token(request_token)
    if token is None or token.person_id is None:
        raise AssertionError("oauthlib saved an access token for a request token that nobody approved")
    return token.person_id
