"""What is to be done about messages once they are delivered. `batch.py` writes a message's jobs in its transaction."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from app.models import Job, Message, NewMessage
from app.storage.records import columns_of, every
from app.storage.tables import jobs

COLUMNS = columns_of(jobs, Job)
WEBHOOK = "webhook"
"""The job of telling an outgoing webhook of a message."""
FIRST = select(func.min(jobs.c.id)).where(jobs.c.webhook_id.is_not(None)).group_by(jobs.c.webhook_id)
"""Of each webhook: what is posted after what it was not told of yet waits, so that it hears all in order."""
DUE = (
    select(*COLUMNS)
    .where(
        jobs.c.what == bindparam("what"),
        jobs.c.due_at <= bindparam("now"),
        or_(jobs.c.webhook_id.is_(None), jobs.c.id.in_(FIRST)),
    )
    .order_by(jobs.c.due_at, jobs.c.id)
    .limit(bindparam("count"))
    # What another process takes at this moment is left to it.
    .with_for_update(skip_locked=True)
)
TAKE = update(jobs).where(jobs.c.id.in_(bindparam("ids", expanding=True)))
MINE = (jobs.c.id == bindparam("job_id")) & (jobs.c.tries == bindparam("mine"))
"""Once it was due again, it may be in other hands."""


def add(connection: Connection, what: str, room_id: int, number: int) -> None:
    """One that is due at once, whatever the clock says."""
    connection.execute(insert(jobs).values(what=what, room_id=room_id, number=number, due_at=0, tries=0))


def add_all(connection: Connection, placed: Sequence[tuple[Message, NewMessage]]) -> None:
    """The jobs of these messages, which have their numbers."""
    rows = [
        {
            "what": what,
            "room_id": message.room_id,
            "number": message.number,
            "due_at": 0,
            "tries": 0,
            "webhook_id": webhook_id,
        }
        for message, new in placed
        for what, webhook_id in begun_by(new)
    ]
    if rows:
        connection.execute(insert(jobs), rows)


def begun_by(new: NewMessage) -> list[tuple[str, int | None]]:
    """What is to be done about a message, and for which webhook."""
    return [*((what, None) for what in new.jobs), *((WEBHOOK, webhook_id) for webhook_id in new.webhooks)]


def drop_of_webhook(connection: Connection, webhook_id: int) -> None:
    """It is told of nothing any more that was posted until now."""
    connection.execute(delete(jobs).where(jobs.c.webhook_id == webhook_id))


def take(connection: Connection, now: int, until: int, limits: Mapping[str, int]) -> list[Job]:
    """Of each kind in `limits` up to so many that are due, which nobody else is given before `until`."""
    kinds = [(what, limit) for what, limit in limits.items() if limit]
    due = [job for what, limit in kinds for job in every(connection, DUE, Job, what=what, now=now, count=limit)]
    if not due:
        return []
    taken = TAKE.values(due_at=until, tries=jobs.c.tries + 1).returning(*COLUMNS)
    return [Job(*row) for row in connection.execute(taken, {"ids": [job.id for job in due]})]


def finish(connection: Connection, job: Job) -> None:
    connection.execute(delete(jobs).where(MINE), {"job_id": job.id, "mine": job.tries})


def put_off(connection: Connection, job: Job, due_at: int) -> None:
    connection.execute(update(jobs).where(MINE).values(due_at=due_at), {"job_id": job.id, "mine": job.tries})
