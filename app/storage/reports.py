"""What people told moderators: rows of one person or message are one case, which is closed as a whole."""

from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, update

from app.models import Report, ReportReason
from app.storage.records import columns_of, every, one
from app.storage.tables import reports, users

COLUMNS = columns_of(reports, Report)
OPEN = reports.c.closed_at.is_(None)


def add(
    connection: Connection,
    reporter_id: int | None,
    person_id: int,
    now: int,
    *,
    reason: ReportReason,
    note: str = "",
    room_id: int | None = None,
    number: int | None = None,
    said: str = "",
) -> bool:
    """Of a message, or without one of the person. False when they have told this already, and it is not closed yet."""
    # One after the other, or who tells it in several processes at once would count as so many people.
    connection.execute(select(users.c.id).where(users.c.id == person_id).with_for_update(key_share=True))
    case = same_case(person_id, room_id, number)
    told = select(reports.c.id).where(case, OPEN, reports.c.reporter_id.is_not_distinct_from(reporter_id)).limit(1)
    if connection.execute(told).first() is not None:
        return False
    made = insert(reports).values(
        reporter_id=reporter_id,
        person_id=person_id,
        room_id=room_id,
        number=number,
        said=said,
        reason=reason,
        note=note,
        at=now,
    )
    connection.execute(made)
    return True


def by_id(connection: Connection, report_id: int) -> Report | None:
    return one(connection, select(*COLUMNS).where(reports.c.id == report_id), Report)


def by_reporter(connection: Connection, user_id: int) -> list[Report]:
    """What somebody has told, the oldest first."""
    return every(connection, select(*COLUMNS).where(reports.c.reporter_id == user_id).order_by(reports.c.id), Report)


def page(connection: Connection, limit: int) -> list[Report]:
    """Those that are open, the oldest first."""
    return every(connection, select(*COLUMNS).where(OPEN).order_by(reports.c.at, reports.c.id).limit(limit), Report)


def count_cases(connection: Connection, without: int) -> int:
    """Of all that are open, but those about the person `without`."""
    case = select(reports.c.person_id, reports.c.room_id, reports.c.number)
    cases = case.where(OPEN, reports.c.person_id != without).distinct().subquery()
    return connection.execute(select(func.count()).select_from(cases)).scalar_one()


def people(connection: Connection) -> dict[int, int]:
    """Whom open cases are about, and how many each."""
    case = select(reports.c.person_id, reports.c.room_id, reports.c.number).where(OPEN).distinct().subquery()
    counted = select(case.c.person_id, func.count()).group_by(case.c.person_id)
    return {row[0]: row[1] for row in connection.execute(counted)}


def close(connection: Connection, report: Report, now: int) -> bool:
    """The whole case. False when it was closed meanwhile."""
    case = same_case(report.person_id, report.room_id, report.number)
    return connection.execute(update(reports).where(case, OPEN).values(closed_at=now)).rowcount > 0


def close_all(connection: Connection, person_id: int, now: int) -> None:
    """Every case about somebody."""
    connection.execute(update(reports).where(reports.c.person_id == person_id, OPEN).values(closed_at=now))


def reopen(connection: Connection, person_id: int, closed_at: int) -> None:
    """What was closed of somebody at that time."""
    closed = update(reports).where(reports.c.person_id == person_id, reports.c.closed_at == closed_at)
    connection.execute(closed.values(closed_at=None))


def same_case(person_id: int, room_id: int | None, number: int | None) -> Any:
    return and_(
        reports.c.person_id == person_id,
        reports.c.room_id.is_not_distinct_from(room_id),
        reports.c.number.is_not_distinct_from(number),
    )
