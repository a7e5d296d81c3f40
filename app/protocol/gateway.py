"""What is said over TCP alone, where no HTTP comes first: who it is, and why the conversation ends."""

from typing import Literal

import msgspec


class Auth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first frame of a client: the bearer token of a program. Its answer is session.started."""

    token: str
    type: Literal["auth"]
    """No tag: msgspec takes a struct that is alone without one, too."""


class Closed(msgspec.Struct, frozen=True, tag_field="type", tag="closed"):
    """The last frame of the server: what the close frame of a WebSocket says."""

    code: int
    reason: str
