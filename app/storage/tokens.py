"""Bearer tokens of programs."""

from sqlalchemy import Connection, bindparam, insert, select

from app.models import Token, User
from app.storage import users as user_rows
from app.storage.records import columns_of, pairs
from app.storage.tables import tokens, users

COLUMNS = columns_of(tokens, Token)
WITH_USER = (
    select(*COLUMNS, *user_rows.COLUMNS).join_from(tokens, users).where(tokens.c.token_hash == bindparam("token_hash"))
)


def create(connection: Connection, user_id: int, name: str, token_hash: str, now: int) -> Token:
    made = insert(tokens).values(user_id=user_id, name=name, created_at=now, token_hash=token_hash)
    return Token(*connection.execute(made.returning(*COLUMNS)).one())


def find(connection: Connection, token_hash: str) -> tuple[Token, User] | None:
    """A token, and on whose behalf it acts."""
    return next(iter(pairs(connection, WITH_USER, Token, User, token_hash=token_hash)), None)
