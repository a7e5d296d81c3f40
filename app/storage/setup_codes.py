"""Hashes of the codes that make the first owner: each server that starts without an owner prints one of its own."""

from sqlalchemy import Connection, delete, insert, select

from app.storage.tables import meta

KEY = "setup_codes"
KEPT = 10
"""The newest. Whoever starts more servers than that reads the newest lines of their logs."""


def add(connection: Connection, code_hash: str) -> None:
    """Take a turn first."""
    kept = [*read(connection), code_hash][-KEPT:]
    clear(connection)
    connection.execute(insert(meta).values(key=KEY, value=" ".join(kept)))


def read(connection: Connection) -> list[str]:
    """Oldest first."""
    return (connection.scalar(select(meta.c.value).where(meta.c.key == KEY)) or "").split()


def clear(connection: Connection) -> None:
    connection.execute(delete(meta).where(meta.c.key == KEY))
