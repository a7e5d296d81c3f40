"""What one stand-in remembers: apps, tokens, nonces, people, faults. All of it in memory and gone with the process."""

import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from app.settings import Settings
from app.standin.faults import Faults
from app.standin.guard import require_local
from app.standin.keys import CONSUMER_KEY, CONSUMER_SECRET
from app.standin.people import People, Person

REQUEST_TOKEN_SECONDS = 300
NONCE_SECONDS = 600


@dataclass(frozen=True)
class App:
    """What X's portal knows of a client: its keys and the exact callback URLs it may name."""

    key: str
    secret: str
    callbacks: tuple[str, ...]


@dataclass
class RequestToken:
    key: str
    secret: str
    callback: str
    expires_at: float
    person_id: str | None = None
    verifier: str | None = None


@dataclass(frozen=True)
class AccessToken:
    key: str
    secret: str
    person_id: str


@dataclass(frozen=True)
class Asked:
    """One request that came in, kept so that tests can tell what a client asked for and with which words."""

    method: str
    path: str
    uri: str
    headers: dict[str, str] = field(repr=False)


class State:
    """One provider with one app, the server of these settings. SettingsError where a stand-in must not run.

    `clock` gives seconds since 1970 and decides when request tokens expire.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        require_local(settings)
        self.app = App(
            settings.twitter_consumer_key or CONSUMER_KEY,
            settings.twitter_consumer_secret or CONSUMER_SECRET,
            (settings.callback_url,),
        )
        self.clock = clock
        self.people = People()
        self.faults = Faults()
        self.asked: deque[Asked] = deque(maxlen=1000)
        self._request_tokens: dict[str, RequestToken] = {}
        self._access_tokens: dict[str, AccessToken] = {}
        self._nonces: dict[tuple[str, str, str], float] = {}

    def add_request_token(self, key: str, secret: str, callback: str) -> None:
        now = self.clock()
        self._request_tokens = {k: token for k, token in self._request_tokens.items() if token.expires_at > now}
        self._request_tokens[key] = RequestToken(key, secret, callback, now + REQUEST_TOKEN_SECONDS)

    def request_token(self, key: str) -> RequestToken | None:
        """The token, while it has neither expired nor been used nor been denied."""
        token = self._request_tokens.get(key)
        return token if token and token.expires_at > self.clock() else None

    def waiting_token(self, key: str) -> RequestToken | None:
        """A token that nobody has answered on the page yet."""
        token = self.request_token(key)
        return token if token and token.verifier is None else None

    def approve(self, token: RequestToken, person: Person) -> str:
        """Binds the token to a person; returns the verifier that the client must bring."""
        token.person_id = person.id
        token.verifier = secrets.token_urlsafe(24)
        return token.verifier

    def drop_request_token(self, key: str) -> None:
        self._request_tokens.pop(key, None)

    def add_access_token(self, token: AccessToken) -> None:
        self._access_tokens[token.key] = token

    def access_token(self, key: str) -> AccessToken | None:
        return self._access_tokens.get(key)

    def first_use(self, consumer_key: str, timestamp: str, nonce: str) -> bool:
        """False if the same client has sent this nonce with this timestamp before (RFC 5849 section 3.3)."""
        now = self.clock()
        self._nonces = {seen: at for seen, at in self._nonces.items() if at > now - NONCE_SECONDS}
        if (consumer_key, timestamp, nonce) in self._nonces:
            return False
        self._nonces[consumer_key, timestamp, nonce] = now
        return True
