"""Bearer tokens of programs."""

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.models import Preferences, Token, User
from app.storage import preferences
from app.storage import users as user_rows
from app.storage.records import columns_of, every
from app.storage.tables import tokens, users

COLUMNS = columns_of(tokens, Token)
OF_USER = select(*COLUMNS).where(tokens.c.user_id == bindparam("user_id")).order_by(tokens.c.id)
WITH_USER = (
    select(*COLUMNS, *user_rows.COLUMNS, users.c.preferences)
    .join_from(tokens, users)
    .where(tokens.c.token_hash == bindparam("token_hash"))
)


def create(connection: Connection, user_id: int, name: str, token_hash: str, now: int) -> Token:
    made = insert(tokens).values(user_id=user_id, name=name, created_at=now, token_hash=token_hash)
    return Token(*connection.execute(made.returning(*COLUMNS)).one())


def of_user(connection: Connection, user_id: int) -> list[Token]:
    """Those of somebody's programs, oldest first."""
    return every(connection, OF_USER, Token, user_id=user_id)


def drop_of(connection: Connection, user_id: int) -> None:
    """Nothing acts for this person any more."""
    connection.execute(delete(tokens).where(tokens.c.user_id == user_id))


def find(connection: Connection, token_hash: str) -> tuple[Token, User, Preferences] | None:
    """A token, on whose behalf it acts, and how they want to have things."""
    return preferences.find_with(connection, WITH_USER, Token, token_hash=token_hash)
