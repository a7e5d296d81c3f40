"""Bearer tokens of programs. Whether one is too old is for the domain to say; here it lives until it is ended."""

from collections.abc import Iterable

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update

from app.models import Preferences, Scope, Token, User
from app.storage import database, preferences
from app.storage.records import columns_of, every
from app.storage.tables import tokens

COLUMNS = columns_of(tokens, Token)
ID = (tokens.c.id,)
IS_LIVING = tokens.c.ended_at.is_(None)
OF_USER = select(*COLUMNS).where(tokens.c.user_id == bindparam("user_id"), IS_LIVING).order_by(*ID)


def create(connection: Connection, user_id: int, name: str, token_hash: str, now: int, scope: Scope) -> Token:
    made = insert(tokens).values(user_id=user_id, name=name, created_at=now, token_hash=token_hash, scope=scope)
    return Token(*connection.execute(made.returning(*COLUMNS)).one())


def find(connection: Connection, token_hash: str) -> tuple[Token, User, Preferences] | None:
    """A token that was not ended, on whose behalf it acts, and how they want to have things."""
    key = ((tokens.c.token_hash,), [(token_hash,)])
    found = database.of(connection).find_rows(connection, (tokens.c.ended_at, *COLUMNS), *key)
    living = [Token(*row) for ended_at, *row in found if ended_at is None]
    return (living[0], *preferences.with_user(connection, living[0].user_id)) if living else None


def of_user(connection: Connection, user_id: int) -> list[Token]:
    """Those of somebody's programs that were not ended, oldest first."""
    return every(connection, OF_USER, Token, user_id=user_id)


def by_ids(connection: Connection, token_ids: Iterable[int]) -> list[Token]:
    """Those of these tokens that were not ended, oldest first."""
    wanted = [(token_id,) for token_id in sorted(token_ids)]
    found = database.of(connection).find_rows(connection, (tokens.c.ended_at, *COLUMNS), ID, wanted)
    return [Token(*row) for ended_at, *row in found if ended_at is None]


def touch(connection: Connection, token_ids: Iterable[int], now: int) -> None:
    """Note that these tokens were used."""
    rows = [(now, token_id) for token_id in token_ids]
    database.of(connection).update_rows(connection, (tokens.c.seen_at,), ID, rows)


def end(connection: Connection, token_ids: Iterable[int], now: int) -> None:
    """End tokens for ever. Ending one twice keeps the first time."""
    connection.execute(update(tokens).where(tokens.c.id.in_(list(token_ids)), IS_LIVING).values(ended_at=now))


def end_of(connection: Connection, user_id: int, now: int) -> None:
    """Nothing acts for this person any more."""
    connection.execute(update(tokens).where(tokens.c.user_id == user_id, IS_LIVING).values(ended_at=now))


def end_unused(connection: Connection, now: int, unused_since: int) -> None:
    """End those that were not used since then, and were there before."""
    never_used = and_(tokens.c.seen_at.is_(None), tokens.c.created_at <= unused_since)
    # What another process changes at this moment is left to it, or to the next time.
    found = select(tokens.c.id).where(IS_LIVING, or_(tokens.c.seen_at <= unused_since, never_used))
    unused = found.with_for_update(skip_locked=True)
    connection.execute(update(tokens).where(tokens.c.id.in_(unused)).values(ended_at=now))


def forget(connection: Connection, ended_before: int) -> None:
    """Delete those that were ended before this time."""
    found = select(tokens.c.id).where(tokens.c.ended_at < ended_before).with_for_update(skip_locked=True)
    connection.execute(delete(tokens).where(tokens.c.id.in_(found)))
