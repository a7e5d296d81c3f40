"""Who owns a new community: whoever runs the server, and shows it by a code out of its log (SECURITY S43)."""

import hmac
import secrets

from app.chat import access, roles
from app.chat.accounts import token_hash
from app.chat.events import publish_to_everyone, shown_person
from app.errors import WrongCode
from app.memory.limits import Limit
from app.models import User, Visitor
from app.protocol.events import PersonChanged
from app.services import Services
from app.storage import setup_codes, turns, users
from app.storage.database import Connection

PACE = Limit(5, 600.0)
"""Codes that one person, or one address, may try; guessing one of 128 bits takes more."""


async def new_code(services: Services) -> str | None:
    """A code for the log of a server that starts; None where somebody is owner, or OWNER_HANDLES says who will be. Only
    a hash is kept. The codes of servers that start one after the other all work, until one is used."""
    if not await is_wanted(services):
        return None
    code = secrets.token_urlsafe(16)
    await services.store.write(offer, token_hash(code))
    return code


def offer(connection: Connection, code_hash: str) -> None:
    turns.take(connection)
    setup_codes.add(connection, code_hash)


async def is_wanted(services: Services) -> bool:
    """Whether a code would make an owner."""
    return not services.settings.owner_handles and not await services.store.read(users.expects_owner)


async def claim(services: Services, visitor: Visitor, address: str, code: str) -> User:
    """Make the visitor the first owner, once for all codes there are. Raises WrongCode, also to who comes second, and
    TooFast."""
    services.limits.take(f"first-owner:{visitor.user.id}", PACE)
    services.limits.take(f"first-owner:{address}", PACE)
    if not await is_wanted(services):
        raise WrongCode
    owner = await services.store.write(claim_with, visitor, token_hash(code.strip()), services.clock.now())
    publish_to_everyone(services, PersonChanged(person=shown_person(owner)))
    return owner


def claim_with(connection: Connection, visitor: Visitor, code_hash: str, now: int) -> User:
    turns.take(connection)
    person = access.allow_now(connection, visitor, "role.claim").user
    if users.expects_owner(connection) or not is_one_of(code_hash, setup_codes.read(connection)):
        raise WrongCode
    setup_codes.clear(connection)
    owner = users.set_role(connection, person, "owner", now, ())
    roles.record(connection, "role.claim", now, person, person.role, owner)
    return owner


def is_one_of(code_hash: str, kept: list[str]) -> bool:
    """In a time that tells nothing of where a wrong one differs."""
    return any(hmac.compare_digest(code_hash, each) for each in kept)
