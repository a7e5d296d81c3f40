"""The log of acts: what was done to keep the peace, in order."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from app.models import Act, Deed
from app.storage.records import columns_of
from app.storage.tables import acts

COLUMNS = columns_of(acts, Act)
OF_ROLES: tuple[Deed, ...] = ("role.set", "role.claim")


def add(
    connection: Connection,
    what: Deed,
    now: int,
    *,
    actor_id: int | None,
    person_id: int | None = None,
    room_id: int | None = None,
    details: Mapping[str, str | int] | None = None,
) -> Act:
    made = insert(acts).values(
        actor_id=actor_id,
        what=what,
        person_id=person_id,
        room_id=room_id,
        at=now,
        details=msgspec.json.encode(details or {}).decode(),
    )
    return _act(connection.execute(made.returning(*COLUMNS)).one())


def page(connection: Connection, reader_id: int, before: int | None, limit: int) -> list[Act]:
    """The newest that this person is told, or the newest of those before an act; newest first."""
    query = select(*COLUMNS).where(told(reader_id)).order_by(acts.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(acts.c.id < before)
    return [_act(row) for row in connection.execute(query)]


def by_id(connection: Connection, reader_id: int, act_id: int) -> Act | None:
    """An act, if this person is told of it."""
    row = connection.execute(select(*COLUMNS).where(acts.c.id == act_id, told(reader_id))).one_or_none()
    return None if row is None else _act(row)


def told(reader_id: int) -> ColumnElement[bool]:
    """Nobody is told that they were reported."""
    return or_(acts.c.what != "report.dismiss", acts.c.person_id != reader_id)


def last(connection: Connection, what: Deed, person_id: int) -> Act | None:
    """The last of this kind that was done to somebody."""
    query = select(*COLUMNS).where(acts.c.what == what, acts.c.person_id == person_id).order_by(acts.c.id.desc())
    row = connection.execute(query.limit(1)).one_or_none()
    return None if row is None else _act(row)


def undo(connection: Connection, act_id: int, now: int) -> None:
    connection.execute(update(acts).where(acts.c.id == act_id, acts.c.undone_at.is_(None)).values(undone_at=now))


def undo_last(connection: Connection, what: Deed, person_id: int, now: int) -> None:
    """The last thing of this kind that was done to somebody is undone."""
    last = select(func.max(acts.c.id)).where(acts.c.what == what, acts.c.person_id == person_id).scalar_subquery()
    connection.execute(update(acts).where(acts.c.id == last, acts.c.undone_at.is_(None)).values(undone_at=now))


def given_roles(connection: Connection, count: int) -> set[int]:
    """Whom the last so many acts gave another role."""
    query = select(acts.c.person_id).where(acts.c.what.in_(OF_ROLES)).order_by(acts.c.id.desc()).limit(count)
    return set(connection.scalars(query))


def _act(row: Any) -> Act:
    return msgspec.structs.replace(Act(*row), details=msgspec.json.decode(row.details))
