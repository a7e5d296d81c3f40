"""The random name of what a database holds. It changes when a backup is restored, so that nobody goes on from there
with what they remember of another time (DELIVERY D7)."""

import secrets

from sqlalchemy import Connection, select, update

from app.storage.tables import meta


def of(connection: Connection) -> str:
    epoch: str = connection.execute(select(meta.c.value).where(meta.c.key == "epoch")).scalar_one()
    return epoch


def new() -> str:
    return secrets.token_urlsafe(16)


def renew(connection: Connection) -> None:
    connection.execute(update(meta).where(meta.c.key == "epoch").values(value=new()))
