"""Sign-ins with X under way: the request token's secret stays here and works once (SIGNIN X5)."""

import msgspec
from sqlalchemy import Connection, delete, insert

from app.models import SignIn
from app.storage.records import columns_of, one
from app.storage.tables import sign_ins

COLUMNS = columns_of(sign_ins, SignIn)


def begin(connection: Connection, sign_in: SignIn) -> None:
    connection.execute(insert(sign_ins).values(msgspec.structs.asdict(sign_in)))


def take(connection: Connection, token: str, now: int) -> SignIn | None:
    """Read and delete a sign-in, so that it works once; None when it is unknown, taken or expired.

    Expired ones of everybody go with it: most sign-ins that were given up are never asked for.
    """
    connection.execute(delete(sign_ins).where(sign_ins.c.expires_at <= now))
    taken = delete(sign_ins).where(sign_ins.c.token == token).returning(*COLUMNS)
    return one(connection, taken, SignIn)
