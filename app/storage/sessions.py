"""Sign-ins of browsers. Whether a session is too old is for the domain to say; here it lives until it is ended."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.models import Preferences, Session, User
from app.storage import database, preferences
from app.storage.records import columns_of, every
from app.storage.tables import sessions

COLUMNS = columns_of(sessions, Session)
ID = (sessions.c.id,)
LIVING = select(*COLUMNS).where(sessions.c.user_id == bindparam("user_id"), sessions.c.ended_at.is_(None)).order_by(*ID)


def create(
    connection: Connection, user_id: int, token_hash: str, user_agent: str, now: int, expires_at: int
) -> Session:
    made = insert(sessions).values(
        user_id=user_id,
        user_agent=user_agent,
        created_at=now,
        seen_at=now,
        expires_at=expires_at,
        token_hash=token_hash,
    )
    return Session(*connection.execute(made.returning(*COLUMNS)).one())


def find(connection: Connection, token_hash: str) -> tuple[Session, User, Preferences] | None:
    """A session that was not ended, whose it is, and how they want to have things."""
    key = ((sessions.c.token_hash,), [(token_hash,)])
    found = database.of(connection).find_rows(connection, (sessions.c.ended_at, *COLUMNS), *key)
    living = [Session(*row) for ended_at, *row in found if ended_at is None]
    return (living[0], *preferences.with_user(connection, living[0].user_id)) if living else None


def of_user(connection: Connection, user_id: int) -> list[Session]:
    """Somebody's sessions that were not ended, oldest first."""
    return every(connection, LIVING, Session, user_id=user_id)


def by_ids(connection: Connection, session_ids: Iterable[int]) -> list[Session]:
    """Those of these sessions that were not ended, oldest first."""
    wanted = [(session_id,) for session_id in sorted(session_ids)]
    found = database.of(connection).find_rows(connection, (sessions.c.ended_at, *COLUMNS), ID, wanted)
    return [Session(*row) for ended_at, *row in found if ended_at is None]


def touch(connection: Connection, session_ids: Iterable[int], now: int) -> None:
    """Note that these sessions were used."""
    rows = [(now, session_id) for session_id in session_ids]
    database.of(connection).update_rows(connection, (sessions.c.seen_at,), ID, rows)


def end_run_out(connection: Connection, now: int, unused_since: int) -> None:
    """End those that expired, or were not used since then."""
    for over in (sessions.c.expires_at <= now, sessions.c.seen_at <= unused_since):  # each has an index
        # What another process changes at this moment is left to it, or to the next time.
        found = select(sessions.c.id).where(sessions.c.ended_at.is_(None), over).with_for_update(skip_locked=True)
        connection.execute(update(sessions).where(sessions.c.id.in_(found)).values(ended_at=now))


def end(connection: Connection, session_id: int, now: int) -> None:
    """End a session for ever. Ending it twice keeps the first time."""
    living = update(sessions).where(sessions.c.id == session_id, sessions.c.ended_at.is_(None))
    connection.execute(living.values(ended_at=now))


def forget(connection: Connection, ended_before: int) -> None:
    """Delete those that were ended before this time."""
    found = select(sessions.c.id).where(sessions.c.ended_at < ended_before).with_for_update(skip_locked=True)
    connection.execute(delete(sessions).where(sessions.c.id.in_(found)))
