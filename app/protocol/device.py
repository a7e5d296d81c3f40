"""What a program says that is to be let in, or to end its token, and what it is told (RFC 8628 and 7009, without client
ids); JSON."""

import json
from typing import Literal, TypeVar

import msgspec

from app.errors import BadRequest, RoostError
from app.models import USUAL_SCOPE
from app.protocol.codec import refuse_repeated
from app.protocol.fields import Id


class CodeWanted(msgspec.Struct, frozen=True):
    """What /device/code takes. Section 3.1 has more; `scope` is one word."""

    name: str
    scope: str = USUAL_SCOPE


class CodeGiven(msgspec.Struct, frozen=True):
    """Section 3.2. `expires_in` and `interval` are seconds."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int


class TokenWanted(msgspec.Struct, frozen=True):
    """What /device/token takes."""

    device_code: str


class Owner(msgspec.Struct, frozen=True):
    """On whose behalf a program acts."""

    id: Id
    handle: str
    name: str


class TokenGiven(msgspec.Struct, frozen=True):
    access_token: str
    person: Owner
    token_type: Literal["Bearer"] = "Bearer"


class EndWanted(msgspec.Struct, frozen=True):
    """What /device/revoke takes: a bearer token (RFC 7009 section 2.1)."""

    token: str


class TokenEnded(msgspec.Struct, frozen=True):
    """There is nothing more to tell (RFC 7009 section 2.2)."""


class Refusal(msgspec.Struct, frozen=True):
    """Section 3.5, with a sentence for people."""

    error: str
    message: str


Wanted = TypeVar("Wanted", CodeWanted, TokenWanted, EndWanted)


def decode(body: bytes, kind: type[Wanted]) -> Wanted:
    """Raises BadRequest."""
    try:
        json.loads(body, object_pairs_hook=refuse_repeated)
        return msgspec.json.decode(body, type=kind)
    except (RoostError, ValueError, RecursionError) as problem:
        # msgspec's errors, and those of bytes that are no UTF-8, are ValueErrors.
        fields = ", ".join(kind.__struct_fields__)
        raise BadRequest("This address takes a JSON object with: {fields}.", fields=fields) from problem
