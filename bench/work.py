"""What a function asks of its database, counted, so that a busy machine changes nothing."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, event
from sqlalchemy.util import await_

ROWS = """
SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)::bigint,
    coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint
FROM pg_stat_xact_user_tables
"""

DRIVERS_OWN = ("pg_catalog", "'jit'")


class Work(NamedTuple):
    """`read` are rows on PostgreSQL, and steps of its machine on SQLite, which tells of no rows: some ten for each."""

    statements: int
    read: int
    written: int


def work_of(connection: Connection, act: Callable[[Connection], object]) -> Work:
    """Of `act` in a transaction under way."""
    return COUNTERS[connection.dialect.name](connection, act)


def on_sqlite(connection: Connection, act: Callable[[Connection], object]) -> Work:
    driver: Any = connection.connection.driver_connection
    statements: list[str] = []
    steps: list[None] = []
    written = driver.total_changes
    driver.set_trace_callback(statements.append)
    driver.set_progress_handler(lambda: steps.append(None), 1)
    try:
        act(connection)
    finally:
        driver.set_progress_handler(None, 1)
        driver.set_trace_callback(None)
    # What it says of foreign keys and of a transaction's beginning are no statements of ours.
    asked = [one for one in statements if not one.startswith(("--", "BEGIN"))]
    return Work(len(asked), len(steps), driver.total_changes - written)


def on_postgres(connection: Connection, act: Callable[[Connection], object]) -> Work:
    """SQLAlchemy's statements and those that go to the driver directly are told in two places. What the driver asks of
    the server's types, once for each connection, is none of ours."""
    driver: Any = connection.connection.driver_connection
    statements: list[str] = []
    read, written = await_(driver.fetchrow(ROWS))

    def note(*execution: Any) -> None:
        statements.append(execution[2])

    def note_direct(asked: Any) -> None:
        if not any(about in asked.query for about in DRIVERS_OWN):
            statements.append(asked.query)

    event.listen(connection, "before_cursor_execute", note)
    driver.add_query_logger(note_direct)
    try:
        act(connection)
    finally:
        driver.remove_query_logger(note_direct)
        event.remove(connection, "before_cursor_execute", note)
    read_now, written_now = await_(driver.fetchrow(ROWS))
    return Work(len(statements), read_now - read, written_now - written)


COUNTERS = {"sqlite": on_sqlite, "postgresql": on_postgres}
