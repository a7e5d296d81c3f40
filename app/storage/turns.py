"""Turns: the writes that make people or rooms see all of each other, so they come one after the other.

Otherwise a room that is made while somebody signs in for the first time would never have that person in it: neither
write sees what the other one has not committed yet. And two people who sign in with one handle at the same moment would
both find the account that was promised to the first."""

from sqlalchemy import Connection, select

from app.storage.tables import meta


def take(connection: Connection) -> None:
    """Wait until every other transaction that took a turn has ended. What is read from now on holds all they did."""
    connection.execute(select(meta.c.value).where(meta.c.key == "epoch").with_for_update())
