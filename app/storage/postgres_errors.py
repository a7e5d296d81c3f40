"""What PostgreSQL's errors mean to the layers above."""

from collections.abc import Iterator
from contextlib import contextmanager
from ssl import SSLCertVerificationError

import asyncpg
from sqlalchemy.exc import DBAPIError

from app.errors import RoostError, SettingsError, StorageFull, Unavailable

ERRORS: dict[str, type[RoostError]] = {
    "08": Unavailable,  # connection
    "25006": StorageFull,  # read-only
    "25P03": Unavailable,  # idle in transaction
    "28": Unavailable,  # user or password
    "3D": Unavailable,  # no such database
    "40": Unavailable,  # serialization, deadlock
    "42501": Unavailable,  # no right to
    "53": Unavailable,  # too many connections, out of memory
    "53100": StorageFull,  # disk full
    "55P03": Unavailable,  # lock_timeout
    "57": Unavailable,  # statement_timeout, shutting down, starting up
    "58": StorageFull,  # I/O
    "F0000": Unavailable,  # configuration: ours, of TLS
    "XX001": StorageFull,  # corrupted data
    "XX002": StorageFull,  # corrupted index
}
"""By code, or by its class, the first two characters (PostgreSQL's documentation, appendix A). Others are mistakes of
ours and stay what they are."""
LOST_RACES = {"23505", "40001", "40P01"}
"""Unique violation, serialization failure, deadlock."""
REFUSALS = {
    "28": "The PostgreSQL server refuses this user or password.",
    "3D": "The PostgreSQL server has no database of this name. Make it with createdb --owner.",
    "42501": "This user may not make or use tables. Let them own the database: ALTER DATABASE roost OWNER TO roost.",
    "F0000": "TLS cannot be had as sslmode asks. Name the file with the authority's certificate in sslrootcert.",
}

Raised = (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""Everything that can come of talking to the server, by way of SQLAlchemy or directly."""
Broken = asyncpg.InterfaceError | asyncpg.InternalClientError | OSError
"""Without a code of the server. The second is what asyncpg says of a connection that the server is just ending."""


@contextmanager
def translated_errors() -> Iterator[None]:
    try:
        yield
    except Raised as error:
        code = code_of(error)
        meaning = ERRORS.get(code) or ERRORS.get(code[:2])
        if meaning is None:
            raise
        raise meaning from error


def is_lost_race(error: Exception) -> bool:
    """Another transaction got in the way of this one, and it may be run again."""
    return code_of(error) in LOST_RACES


def is_locked_out(error: Exception) -> bool:
    """Others have not let go of what this one needs."""
    return code_of(error) == "55P03"


def is_broken(error: Exception) -> bool:
    """The connection is of no use any more."""
    return code_of(error.__cause__).startswith("08")


def is_worth_a_second_look(error: Exception) -> bool:
    """What was in the way may be gone, or may be what a longer way finds: a row, another transaction, a connection that
    broke while it was idle."""
    return code_of(error)[:2] in {"08", "23", "40"}


def explained(error: RoostError) -> RoostError:
    """A sentence for whoever wrote DATABASE_URL, when that is what is wrong; else the error itself."""
    code = code_of(error.__cause__)
    refusal = REFUSALS.get(code) or REFUSALS.get(code[:2])
    return error if refusal is None else SettingsError({"DATABASE_URL": refusal})


def code_of(error: BaseException | None) -> str:
    cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig else error
    if isinstance(cause, asyncpg.PostgresError):
        return str(cause.sqlstate)
    if isinstance(cause, asyncpg.ClientConfigurationError | SSLCertVerificationError):
        return "F0000"
    return "08000" if isinstance(cause, Broken) else ""
