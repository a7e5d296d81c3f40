"""Programs that act for somebody, each with a bearer token of its own, and the ends of them (SECURITY S7)."""

from app.chat import access
from app.chat.accounts import SEEN_EVERY, SESSION_LIFE, TOKEN_IDLE_LIFE, is_unused, token_hash
from app.chat.events import publish_to_peers
from app.errors import NotFound
from app.memory.limits import Limit
from app.models import Token, Visitor
from app.protocol.peers import TokenRevoked
from app.services import Services
from app.storage import counters, device_codes, tokens, turns, users
from app.storage.database import Connection


async def mine(services: Services, visitor: Visitor) -> list[Token]:
    """The living tokens of the visitor's programs, those used last first."""
    return await living(services, visitor.user.id)


async def of_handle(services: Services, handle: str) -> list[Token]:
    """The same of whoever has this handle, for whoever runs the server. Raises NotFound."""
    user = await services.store.read(users.by_handle, handle)
    if user is None:
        raise NotFound
    return await living(services, user.id)


async def living(services: Services, user_id: int) -> list[Token]:
    now = services.clock.steady()
    found = await services.store.read(tokens.of_user, user_id)
    used = [token for token in found if not is_unused(token, now)]
    return sorted(used, key=lambda token: (token.seen_at or token.created_at, token.id), reverse=True)


async def end(services: Services, visitor: Visitor, token_id: int) -> None:
    """End one of the visitor's tokens; the connections of its program close at once, in every process. Raises NotFound
    when it is not theirs, or has ended."""
    token = await access.own_token(services, visitor, token_id)
    await end_tokens(services, [token])


async def end_by_holder(services: Services, address: str, secret: str) -> None:
    """The same of a token that whoever asks from this address has. One that has ended, or never was, is no error (RFC
    7009 section 2.2). Raises TooFast."""
    services.limits.take(f"revoke:{address}", Limit(services.settings.limit_login_per_minute, 60))
    found = await services.store.read(tokens.find, token_hash(secret))
    if found is not None:
        await end_tokens(services, [found[0]])


async def end_by_operator(services: Services, token_id: int) -> Token:
    """The same of anybody's, for whoever runs the server. Raises NotFound."""
    found = await services.store.read(tokens.by_ids, [token_id])
    if not found:
        raise NotFound
    await end_tokens(services, found)
    return found[0]


async def end_others(services: Services, visitor: Visitor) -> None:
    """End all tokens of the visitor's programs but the one that asks; nor does what they have approved let one in."""
    await services.store.write(drop_approved, visitor.user.id)
    found = await services.store.read(tokens.of_user, visitor.user.id)
    await end_tokens(services, [token for token in found if token.id != visitor.token_id])


def drop_approved(connection: Connection, user_id: int) -> None:
    turns.take(connection)  # an approval that has begun is seen
    device_codes.drop_of(connection, user_id)


async def end_tokens(services: Services, those: list[Token]) -> None:
    numbers = await services.store.write(end_counted, [token.id for token in those], services.clock.now())
    for number, token in zip(numbers, those, strict=True):
        publish_to_peers(services, number, TokenRevoked(number=number, token=token.id, user=token.user_id))


def end_counted(connection: Connection, token_ids: list[int], now: int) -> list[int]:
    """The number of each among what was taken from people."""
    tokens.end(connection, token_ids, now)
    return [counters.take(connection, "revoked") for _ in token_ids]


def end_all(connection: Connection, user_id: int, now: int) -> None:
    """Nothing acts for this person from here on, nor will what they have approved. Take a turn first."""
    tokens.end_of(connection, user_id, now)
    device_codes.drop_of(connection, user_id)


async def ended(services: Services, token_ids: list[int]) -> set[int]:
    """Those of the tokens that have ended or were not used for too long, for the check of open connections, as
    accounts.ended_sessions (SECURITY S8). Programs whose time to be let in is over are forgotten, too."""
    now = services.clock.steady()

    def look(connection: Connection) -> set[int]:
        tokens.end_unused(connection, now, now - TOKEN_IDLE_LIFE)
        tokens.forget(connection, now - SESSION_LIFE)
        device_codes.forget(connection, now)
        alive = tokens.by_ids(connection, token_ids)
        tokens.touch(connection, [token.id for token in alive if (token.seen_at or 0) + SEEN_EVERY <= now], now)
        return set(token_ids) - {token.id for token in alive}

    return await services.store.write(look)
