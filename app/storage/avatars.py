"""People's pictures, one each at most."""

from msgspec.structs import asdict
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.models import Avatar, User
from app.storage import users
from app.storage.records import columns_of, one
from app.storage.tables import avatars

COLUMNS = columns_of(avatars, Avatar)
OF_USER = select(*COLUMNS).where(avatars.c.user_id == bindparam("user_id"))


def of(connection: Connection, user_id: int) -> Avatar | None:
    return one(connection, OF_USER, Avatar, user_id=user_id)


def put(connection: Connection, avatar: Avatar) -> User:
    """Let this be the picture of its person, who is returned."""
    values = asdict(avatar)
    if connection.execute(update(avatars).where(avatars.c.user_id == avatar.user_id).values(values)).rowcount == 0:
        connection.execute(insert(avatars), values)
    return users.set_avatar(connection, avatar.user_id, avatar.version)


def drop(connection: Connection, user_id: int) -> User:
    """Let this person have no picture; they are returned."""
    connection.execute(delete(avatars).where(avatars.c.user_id == user_id))
    return users.set_avatar(connection, user_id, None)
