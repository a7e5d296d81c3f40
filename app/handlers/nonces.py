"""What makes a request one send, however often it is repeated."""

import re
import secrets

from tornado.httputil import HTTPHeaders

from app.errors import BadRequest

KEY = re.compile(r'("?)([A-Za-z0-9_-]{16,64})\1')
"""A nonce, with the quotation marks of draft-ietf-httpapi-idempotency-key-header or without."""


def nonce_in(headers: HTTPHeaders) -> str:
    """Of the header Idempotency-Key. Without one it is sent once, whatever becomes of the answer. Raises BadRequest."""
    given = headers.get("Idempotency-Key")
    if given is None:
        return secrets.token_urlsafe(24)
    found = KEY.fullmatch(given)
    if found is None:
        raise BadRequest("An Idempotency-Key is 16 to 64 letters, digits, - or _, made by chance.")
    return found[2]
