"""Counts of what happened, for processes to compare with what they have heard of: no clock is needed for that, and
nothing gets lost."""

from typing import Literal, get_args

from sqlalchemy import BigInteger, Connection, Text, cast, select, update

from app.storage import database
from app.storage.tables import meta

Counter = Literal["revoked", "unheard", "roles"]
"""`revoked`: sessions and memberships that were ended, mutes, and changes of what rooms are. `unheard`: words of
processes that the others could not hear. `roles`: acts that gave somebody another role."""
COUNTERS: tuple[Counter, ...] = get_args(Counter)


def read(connection: Connection) -> dict[Counter, int]:
    found = connection.execute(select(meta.c.key, meta.c.value).where(meta.c.key.in_(COUNTERS)))
    return dict.fromkeys(COUNTERS, 0) | {row.key: int(row.value) for row in found}


def take(connection: Connection, counter: Counter) -> int:
    """The next number. Call it last in a transaction: others wait for its end."""
    connection.execute(database.of(connection).insert_missing(meta), {"key": counter, "value": "0"})
    counted = update(meta).where(meta.c.key == counter).values(value=cast(cast(meta.c.value, BigInteger) + 1, Text))
    return int(connection.execute(counted.returning(meta.c.value)).scalar_one())
