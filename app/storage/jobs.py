"""What is to be done about messages once they are delivered. `batch.py` writes a message's jobs in its transaction."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, case, delete, func, insert, select, update

from app.models import Job, Message, NewMessage
from app.storage.records import columns_of, every
from app.storage.tables import jobs, messages, webhooks

COLUMNS = columns_of(jobs, Job)
WEBHOOK = "webhook"
"""The job of telling an outgoing webhook of a message."""
IS_DUE = jobs.c.due_at <= bindparam("now")
DUE = (
    select(*COLUMNS)
    .where(jobs.c.what == bindparam("what"), IS_DUE)
    .order_by(jobs.c.due_at, jobs.c.id)
    .limit(bindparam("count"))
    # What another process takes at this moment is left to it.
    .with_for_update(skip_locked=True)
)

OTHERS = jobs.alias("others")
OWN = jobs.alias("own")
IN_ORDER = (OTHERS.c.webhook_id, OTHERS.c.id)
"""Of the index. What is asked for in this order is found there, and not by PostgreSQL in the order of ids among all."""
LEAST = select(OTHERS.c.id).where(OTHERS.c.webhook_id.is_not(None)).order_by(*IN_ORDER).limit(1).scalar_subquery()
NEXT = select(OTHERS.c.id).where(OTHERS.c.webhook_id > OWN.c.webhook_id).order_by(*IN_ORDER).limit(1).scalar_subquery()
FIRST = select(LEAST.label("id")).cte("first", recursive=True)
FIRST = FIRST.union_all(select(NEXT).join_from(FIRST, OWN, OWN.c.id == FIRST.c.id))
"""Of each webhook: what is posted after what it was not told of yet waits, so that it hears all in order. It takes one
step in the index each, however many messages one of them waits for."""
SINCE = case((jobs.c.due_at > 0, jobs.c.due_at), else_=messages.c.at)
"""When it came to be the first of its webhook."""
TOLD = webhooks.alias("told")
BEING_TOLD = (
    select(func.count())
    .where(TOLD.c.id.in_(bindparam("being_told", expanding=True)), TOLD.c.made_by == webhooks.c.made_by)
    .correlate(webhooks)
    .scalar_subquery()
)
TURNS = (
    select(
        jobs.c.id,
        SINCE.label("since"),
        (BEING_TOLD + func.row_number().over(partition_by=webhooks.c.made_by, order_by=(SINCE, jobs.c.id))).label(
            "place"
        ),
    )
    .select_from(
        jobs.outerjoin(
            messages, (messages.c.room_id == jobs.c.room_id) & (messages.c.number == jobs.c.number)
        ).outerjoin(webhooks, webhooks.c.id == jobs.c.webhook_id)
    )
    .where(jobs.c.what == WEBHOOK, IS_DUE, jobs.c.id.in_(select(FIRST.c.id)))
    .subquery("turns")
)
"""Whoever answers for webhooks takes turns with the others, however many they have and however slow these are: `place`
counts those of theirs that are being told here, and those that have waited longer."""
TO_TELL = (
    select(*COLUMNS)
    .join(TURNS, TURNS.c.id == jobs.c.id)
    .where(IS_DUE)
    .order_by(TURNS.c.place, TURNS.c.since, jobs.c.id)
    .limit(bindparam("count"))
    .with_for_update(of=jobs, skip_locked=True)
)

TAKE = update(jobs).where(jobs.c.id.in_(bindparam("ids", expanding=True)))
MINE = (jobs.c.id == bindparam("job_id")) & (jobs.c.tries == bindparam("mine"))
"""Once it was due again, it may be in other hands."""
AT_OR_AFTER = select(OTHERS.c.id).where(OTHERS.c.webhook_id >= bindparam("of")).order_by(*IN_ORDER)
BEHIND = update(jobs).where(
    jobs.c.id == AT_OR_AFTER.limit(1).scalar_subquery(),
    jobs.c.webhook_id == bindparam("of"),
    jobs.c.due_at == 0,
)
BEYOND = AT_OR_AFTER.with_only_columns(OTHERS.c.webhook_id).offset(bindparam("most")).limit(1)


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


def waits_for_more(connection: Connection, webhook_id: int, most: int) -> bool:
    """Whether this webhook is to be told of more than so many messages."""
    return connection.execute(BEYOND, {"of": webhook_id, "most": most}).scalar() == webhook_id


def take(
    connection: Connection, now: int, until: int, limits: Mapping[str, int], being_told: Collection[int] = ()
) -> list[Job]:
    """Of each kind in `limits` up to so many that are due, which nobody else is given before `until`. `being_told` are
    the webhooks whose jobs are under way: those who answer for them come after the others."""
    due = [job for what, count in limits.items() if count for job in due_of(connection, what, now, count, being_told)]
    if not due:
        return []
    taken = TAKE.values(due_at=until, tries=jobs.c.tries + 1).returning(*COLUMNS)
    return [Job(*row) for row in connection.execute(taken, {"ids": [job.id for job in due]})]


def due_of(connection: Connection, what: str, now: int, count: int, being_told: Collection[int]) -> list[Job]:
    if what == WEBHOOK:
        return every(connection, TO_TELL, Job, now=now, count=count, being_told=list(being_told))
    return every(connection, DUE, Job, what=what, now=now, count=count)


def finish(connection: Connection, job: Job, now: int) -> None:
    """What the same webhook is told of next waits from now on, behind those who have waited longer."""
    connection.execute(delete(jobs).where(MINE), {"job_id": job.id, "mine": job.tries})
    if job.webhook_id is not None:
        connection.execute(BEHIND.values(due_at=now), {"of": job.webhook_id})


def put_off(connection: Connection, job: Job, due_at: int, *, counted: bool = True) -> None:
    """Not `counted`, as if it had not been tried."""
    tries = jobs.c.tries if counted else jobs.c.tries - 1
    put = update(jobs).where(MINE).values(due_at=due_at, tries=tries)
    connection.execute(put, {"job_id": job.id, "mine": job.tries})
