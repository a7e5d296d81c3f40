"""Whether a call to a webhook comes from the server that it is from (docs/bots.md, "Webhooks")."""

import hashlib
import hmac
import re
import time
from collections.abc import Mapping

ID, TIME, SIGNATURE = "roost-webhook-id", "roost-webhook-time", "roost-webhook-signature"
SECONDS = re.compile(r"[0-9]{1,12}")
AGE_LIMIT = 300.0
"""Seconds. Whoever has listened could send an older call again."""


def verify(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether the call was sent by somebody who knows the secret, within the last five minutes. `headers` may be in any
    case; `body` are the bytes as they came, before anything reads them."""
    given = {name.lower(): value for name, value in headers.items()}
    sent = given.get(TIME, "")
    if not SECONDS.fullmatch(sent) or abs(time.time() - int(sent)) > AGE_LIMIT:
        return False
    heard = given.get(ID, "").encode("utf-8", "replace")
    signed = hmac.new(secret.encode(), b".".join((heard, sent.encode(), body)), hashlib.sha256).hexdigest()
    # As bytes: of texts compare_digest takes ASCII alone, and anybody may send another.
    return hmac.compare_digest(f"v1={signed}".encode(), given.get(SIGNATURE, "").encode("utf-8", "replace"))
