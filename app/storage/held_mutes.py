"""Mutes of people who have deleted their account, by a mark that says of nobody who it is."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert

from app.storage.tables import held_mutes


def keep(connection: Connection, mark: str, until: int) -> None:
    """Instead of what was kept under this mark. Take a turn first."""
    connection.execute(delete(held_mutes).where(held_mutes.c.mark == mark))
    connection.execute(insert(held_mutes).values(mark=mark, muted_until=until))


def take(connection: Connection, marks: Collection[str]) -> int | None:
    """Read and delete what is kept under these marks: until when, at the latest."""
    taken = delete(held_mutes).where(held_mutes.c.mark.in_(list(marks))).returning(held_mutes.c.muted_until)
    return max(connection.scalars(taken), default=None)


def forget(connection: Connection, over: int) -> None:
    """Those that were over at this time."""
    connection.execute(delete(held_mutes).where(held_mutes.c.muted_until <= over))
