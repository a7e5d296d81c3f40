"""What belongs to one message for ever (docs/protocol.md, D3)."""

import secrets
import time

CHARACTERS = 12


def new_nonce() -> str:
    """The time first, which keeps the server's index warm; it need not be right."""
    return f"{int(time.time() * 1000):011x}-{secrets.token_urlsafe(CHARACTERS)}"
