"""Programs that ask to be let in, by hashes of the two codes that each was given."""

import msgspec
from sqlalchemy import Connection, bindparam, delete, false, func, insert, select, update

from app.models import DeviceCode
from app.storage.records import columns_of, one
from app.storage.tables import device_codes

COLUMNS = columns_of(device_codes, DeviceCode)
IS_OPEN = device_codes.c.user_id.is_(None)
BY_DEVICE = select(*COLUMNS).where(device_codes.c.device_hash == bindparam("device_hash"))
OPEN = select(*COLUMNS).where(device_codes.c.user_hash == bindparam("user_hash"), IS_OPEN)


def begin(connection: Connection, code: DeviceCode) -> None:
    connection.execute(insert(device_codes).values(msgspec.structs.asdict(code)))


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(device_codes)).scalar_one()


def by_device(connection: Connection, device_hash: str) -> DeviceCode | None:
    return one(connection, BY_DEVICE, DeviceCode, device_hash=device_hash)


def open_one(connection: Connection, user_hash: str) -> DeviceCode | None:
    """One that nobody has answered."""
    return one(connection, OPEN, DeviceCode, user_hash=user_hash)


def answer(connection: Connection, user_hash: str, user_id: int, now: int, *, refused: bool) -> bool:
    """Whether this was the first answer, in time."""
    asking = update(device_codes).where(device_codes.c.user_hash == user_hash, IS_OPEN, device_codes.c.expires_at > now)
    return connection.execute(asking.values(user_id=user_id, refused=refused)).rowcount == 1


def take(connection: Connection, device_hash: str, now: int) -> DeviceCode | None:
    """Read and delete one that somebody has approved, so that it works once; None where there is none, or not yet."""
    approved = delete(device_codes).where(
        device_codes.c.device_hash == device_hash,
        device_codes.c.user_id.is_not(None),
        device_codes.c.refused == false(),
        device_codes.c.expires_at > now,
    )
    return one(connection, approved.returning(*COLUMNS), DeviceCode)


def drop_of(connection: Connection, user_id: int) -> None:
    """What this person has approved and no program has fetched yet is void."""
    connection.execute(delete(device_codes).where(device_codes.c.user_id == user_id))


def forget(connection: Connection, now: int) -> None:
    """Delete those that have run out."""
    connection.execute(delete(device_codes).where(device_codes.c.expires_at <= now))
