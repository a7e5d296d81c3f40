"""The secrets of webhooks: 256 bits, shown once, with a prefix by which those who look for leaked ones know them.

Of each a hash is kept (SECURITY S44). That is not enough to sign with, and a key that lay in the database would let
whoever has a copy of it sign, too. So an outgoing webhook's secret is made of SECRET_KEY, which is not in there, and of
a salt, which is; and made anew for each signature.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from app.chat.accounts import new_token, token_hash
from app.models import WebhookKind
from app.settings import Settings
from app.storage.webhooks import Kept

PREFIX = "roost_hook_"


def new_secret(settings: Settings, kind: WebhookKind) -> tuple[str, Kept]:
    """One to be shown, and what is kept of it."""
    if kind == "incoming":
        secret = f"{PREFIX}{new_token()}"
        return secret, Kept(token_hash(secret))
    salt = new_token()
    secret = made_of(settings.secret_key[0], salt)
    return secret, Kept(token_hash(secret), salt)


def signing_secret(settings: Settings, kept: Kept) -> str | None:
    """That of an outgoing webhook. None: it was made with a SECRET_KEY that is not among those of now."""
    assert kept.salt is not None, "every outgoing one has a salt until it is removed"
    made = (made_of(key, kept.salt) for key in settings.secret_key)
    return next((secret for secret in made if hmac.compare_digest(token_hash(secret), kept.secret_hash)), None)


def made_of(key: str, salt: str) -> str:
    digest = hmac.new(key.encode(), b"webhook:" + salt.encode(), hashlib.sha256).digest()
    return PREFIX + urlsafe_b64encode(digest).decode().rstrip("=")


def signature(secret: str, telling: str, time: int, body: bytes) -> str:
    """Of `telling.time.body`, where the time is in seconds: what it says is no older than that, and whoever repeats it
    cannot give it another id, to be taken for something new (SECURITY S45)."""
    return "v1=" + hmac.new(secret.encode(), b"%b.%d.%b" % (telling.encode(), time, body), hashlib.sha256).hexdigest()
