"""Whose a handle was, and until when. Handles change hands on X, people do not (SIGNIN X10)."""

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.models import FormerHandle, User
from app.storage.records import columns_of, every
from app.storage.tables import handles

COLUMNS = columns_of(handles, FormerHandle)
NEWEST = select(*COLUMNS).order_by(handles.c.id.desc()).limit(bindparam("count"))
OF_USER = NEWEST.where(handles.c.user_id == bindparam("user_id"))
OF_OTHERS = NEWEST.where(handles.c.handle_key == bindparam("key"), handles.c.user_id != bindparam("user_id"))


def end(connection: Connection, user: User, now: int) -> None:
    """Note that X calls this person something else now."""
    row = {"user_id": user.id, "handle": user.handle, "handle_key": user.handle.casefold(), "ended_at": now}
    connection.execute(insert(handles), row)


def formerly(connection: Connection, user_id: int, limit: int) -> list[FormerHandle]:
    """What somebody was called before, the newest first."""
    return every(connection, OF_USER, FormerHandle, user_id=user_id, count=limit)


def of_others(connection: Connection, user: User, limit: int) -> list[FormerHandle]:
    """When others were called as this person is now, the newest first."""
    key = user.handle.casefold()
    return every(connection, OF_OTHERS, FormerHandle, key=key, user_id=user.id, count=limit)


def drop_of(connection: Connection, user_id: int) -> None:
    """Nothing says any more what somebody was called."""
    connection.execute(delete(handles).where(handles.c.user_id == user_id))
