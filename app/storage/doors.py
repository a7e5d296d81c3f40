"""Who may come in, as the community has it set."""

from typing import cast

from sqlalchemy import Connection, select, update

from app.models import Door
from app.storage import database
from app.storage.tables import meta

KEY = "door"


def read(connection: Connection) -> Door:
    """A new community is open."""
    return cast(Door, connection.scalar(select(meta.c.value).where(meta.c.key == KEY)) or "open")


def change(connection: Connection, door: Door) -> None:
    """Take a turn first."""
    connection.execute(database.of(connection).insert_missing(meta), {"key": KEY, "value": door})
    connection.execute(update(meta).where(meta.c.key == KEY).values(value=door))
