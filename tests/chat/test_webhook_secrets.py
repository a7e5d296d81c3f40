"""Secrets of webhooks: what is shown, what is kept, and what they sign."""

import hashlib
import hmac
import re
from pathlib import Path

import msgspec
import pytest

from app.chat.accounts import token_hash
from app.chat.webhook_secrets import new_secret, signature, signing_secret
from app.models import WebhookKind
from app.settings import Settings
from app.storage.webhooks import Kept

OLD, NEW = "old " * 10, "new " * 10


def settings(*keys: str) -> Settings:
    return msgspec.structs.replace(Settings(root=Path()), secret_key=keys)


@pytest.mark.parametrize("kind", ["incoming", "outgoing"])
def test_one_is_256_bits_with_a_prefix_and_only_its_hash_is_kept(kind: WebhookKind) -> None:
    made = [new_secret(settings(OLD), kind) for _ in range(2)]
    for secret, kept in made:
        assert re.fullmatch("roost_hook_[A-Za-z0-9_-]{43}", secret)
        assert kept.secret_hash == token_hash(secret)
        assert secret not in str(kept)
    assert made[0][0] != made[1][0]


def test_that_of_an_outgoing_one_is_made_anew_of_any_key_of_the_settings() -> None:
    secret, kept = new_secret(settings(OLD), "outgoing")
    assert signing_secret(settings(OLD), kept) == secret
    assert signing_secret(settings(NEW, OLD), kept) == secret
    assert signing_secret(settings(NEW), kept) is None
    assert signing_secret(settings(OLD), Kept(kept.secret_hash, "another salt")) is None


def test_a_signature_is_of_the_id_the_time_and_the_body() -> None:
    digest = hmac.new(b"a secret", b'3-12.1800000000.{"a":1}', hashlib.sha256).hexdigest()
    assert signature("a secret", "3-12", 1_800_000_000, b'{"a":1}') == f"v1={digest}"
