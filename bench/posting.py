"""What a message asks of the database."""

import secrets

from sqlalchemy import Connection
from sqlalchemy.util import await_

from app.models import NewMessage
from app.storage import batch
from app.storage.postgres_append import append
from app.storage.postgres_connector import driver_of
from app.storage.store import Store
from bench.work import Work, work_of


async def work_of_post(store: Store, room_id: int, author_id: int) -> Work:
    """Of one message, as the log stores it."""
    new = NewMessage(room_id, author_id, secrets.token_urlsafe(16), "msg", "hello", "hello")

    def append_one(connection: Connection) -> object:
        if connection.dialect.name == "postgresql":
            return await_(append(driver_of(connection), [new], 2))
        return batch.store(connection, [new], 2)

    return await store.write(lambda connection: work_of(connection, append_one))
