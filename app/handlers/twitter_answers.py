"""What X answers when all is well: whose an access token is, and what they are called."""

import logging
import re
from typing import Any

import msgspec

from app.errors import SignInFailed
from app.models import TwitterProfile

log = logging.getLogger(__name__)

USER_ID = re.compile(r"[0-9]{1,19}")
HANDLE = re.compile(r"[A-Za-z0-9_]{1,50}")


class Profile(msgspec.Struct, frozen=True):
    id: str
    name: str
    profile_image_url: str | None = None


class _V2(msgspec.Struct):
    data: Profile


class _V1(msgspec.Struct):
    id_str: str
    """Version 1.1 also has `id`, a number that most programs round."""
    name: str
    profile_image_url_https: str | None = None


def identity_in(access: dict[str, Any]) -> TwitterProfile:
    """Who approved, by the fields of the access token's answer. Raises SignInFailed when they do not say."""
    user_id, handle = access.get("user_id", ""), access.get("screen_name", "")
    if not USER_ID.fullmatch(user_id) or not HANDLE.fullmatch(handle):
        log.error("sign-in: X granted an access token without saying whose it is")
        raise SignInFailed("refused")
    return TwitterProfile(user_id=user_id, handle=handle)


def profile_in(body: bytes) -> Profile:
    """The profile in an answer of API v2 or v1.1. Raises msgspec's errors, or UnicodeDecodeError, for anything else."""
    answer = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    if "data" in answer:
        return msgspec.json.decode(body, type=_V2).data
    found = msgspec.json.decode(body, type=_V1)
    return Profile(found.id_str, found.name, found.profile_image_url_https)
