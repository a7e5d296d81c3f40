"""Signing in where no browser is at hand (SIGNIN X18): the device authorization grant of RFC 8628. A program asks and
shows a short code, somebody who is signed in enters it and approves, and the program fetches a bearer token."""

import secrets
from dataclasses import dataclass

import msgspec

from app.chat import access
from app.chat.accounts import check_living, new_bearer, new_token, token_hash
from app.chat.room_names import plain_text
from app.errors import (
    AccessDenied,
    AuthorizationPending,
    BadRequest,
    ExpiredToken,
    InvalidScope,
    NotFound,
    SlowDown,
    TooFast,
    WrongUserCode,
)
from app.memory.limits import Limit
from app.models import SCOPES, USUAL_SCOPE, DeviceCode, Scope, User, Visitor
from app.services import Services
from app.storage import device_codes, tokens, turns
from app.storage.database import Connection

LIFE = 10 * 60_000
"""Milliseconds."""
INTERVAL = 3
"""Seconds that a program leaves between two questions."""
POLLS = Limit(1, INTERVAL - 1)
"""For each code. A second less, since no network keeps distances."""
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no word comes of it, nor what looks like a digit (RFC 8628 section 6.1)."""
LETTERS = 8
GUESSES = Limit(5, 600.0)
"""Wrong codes of one person. Who never stops guessing hits the code of one program that waits in 97,000 years, by the
20^8 that there are."""
NAME_LIMIT = 60
MOST_OPEN = 10_000
"""Programs that wait at once, whoever they are."""
FULL_FOR = 60.0
"""Seconds after which to ask again where there are so many."""


@dataclass(frozen=True, slots=True)
class Codes:
    """What a program is given. Only hashes are kept."""

    device_code: str
    user_code: str


async def ask(services: Services, address: str, name: str, scope: str = USUAL_SCOPE) -> Codes:
    """A program that calls itself `name` asks, from this address, to be let in for this. Raises BadRequest for a name
    that is none, InvalidScope or TooFast."""
    per_minute = Limit(services.settings.limit_login_per_minute, 60)
    services.limits.take(f"device:{address}", per_minute)
    name, scope, codes, now = checked(name), known(scope), Codes(new_token(), new_user_code()), services.clock.steady()
    hashes = token_hash(codes.device_code), token_hash(codes.user_code)
    await services.store.write(begin, DeviceCode(*hashes, name, address, now, now + LIFE, scope))
    return codes


def checked(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= NAME_LIMIT:
        raise BadRequest("A program's name has 1 to {limit} characters.", limit=NAME_LIMIT)
    if "\n" in name or plain_text(name) != name:
        raise BadRequest("A program's name is one line, without characters that cannot be seen.")
    return name


def known(scope: str) -> Scope:
    if scope not in SCOPES:
        raise InvalidScope(", ".join(SCOPES))
    return scope


def begin(connection: Connection, code: DeviceCode) -> None:
    device_codes.forget(connection, code.asked_at)
    if device_codes.count(connection) >= MOST_OPEN:
        raise TooFast(FULL_FOR)
    device_codes.begin(connection, code)


def new_user_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def shown(user_code: str) -> str:
    """In two halves, as people read it."""
    return f"{user_code[:4]}-{user_code[4:]}"


def typed(text: str) -> str:
    """The code that somebody means, however they write it; empty where it can be none."""
    letters = "".join(character for character in text.upper() if character not in " -")
    return letters if len(letters) == LETTERS and set(letters) <= set(ALPHABET) else ""


async def look_up(services: Services, visitor: Visitor, text: str) -> DeviceCode:
    """The program that shows this code, before the visitor answers. Raises WrongUserCode or TooFast."""
    services.limits.take(f"user-code:{visitor.user.id}", GUESSES)
    found = await services.store.read(device_codes.open_one, token_hash(typed(text)))
    if found is None or found.expires_at <= services.clock.steady():
        raise WrongUserCode
    services.limits.give_one_back(f"user-code:{visitor.user.id}", GUESSES)
    return found


async def answer(services: Services, visitor: Visitor, text: str, *, approved: bool) -> None:
    """Let the program that shows this code act for the visitor, or refuse it: once, whoever answers first. Raises
    WrongUserCode, TooFast, SignInAgain, or NotSignedIn for who is not somebody any more."""
    code = msgspec.structs.replace(await look_up(services, visitor, text), refused=not approved)
    if approved:
        access.allow_fresh(services, visitor, "program.approve")
    await services.store.write(give_answer, visitor, code, services.clock.steady())


def give_answer(connection: Connection, visitor: Visitor, code: DeviceCode, now: int) -> None:
    # A session that is being ended would leave a program behind, whose token nobody ends.
    turns.take(connection)
    check_living(connection, visitor)
    user = access.allow_now(connection, visitor, "settings.change").user
    if not device_codes.answer(connection, code.user_hash, user.id, now, refused=code.refused):
        raise WrongUserCode


async def redeem(services: Services, device_code: str) -> tuple[str, User]:
    """A bearer token, once, and whose it is. Raises AuthorizationPending, SlowDown, AccessDenied or ExpiredToken (RFC
    8628 section 3.5), whichever process was told the answer."""
    device_hash, now = token_hash(device_code), services.clock.steady()
    try:
        services.limits.take(f"poll:{device_hash}", POLLS)
    except TooFast as refusal:
        raise SlowDown from refusal
    found = await services.store.read(device_codes.by_device, device_hash)
    if found is None or found.expires_at <= now:
        raise ExpiredToken
    if found.user_id is None:
        raise AuthorizationPending
    if found.refused:
        raise AccessDenied
    token = new_bearer()
    return token, await services.store.write(let_in, device_hash, token_hash(token), now)


def let_in(connection: Connection, device_hash: str, bearer_hash: str, now: int) -> User:
    turns.take(connection)
    code = device_codes.take(connection, device_hash, now)
    if code is None or code.user_id is None:
        raise ExpiredToken
    try:
        person = access.somebody(connection, code.user_id)
    except NotFound as gone:  # banned, or gone for good, since they approved
        raise AccessDenied from gone
    tokens.create(connection, person.id, code.name, bearer_hash, now, code.scope)
    return person
