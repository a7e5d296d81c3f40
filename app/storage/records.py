"""From rows to the records of `app.models`. A query selects the columns of one record, or of two, in their order.

Queries of every day are made once, with `bindparam` where their values go: to put one together takes SQLAlchemy four
times as long as to run it."""

from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Executable, Table

from app.models import Record

R = TypeVar("R", bound=Record)
S = TypeVar("S", bound=Record)


def columns_of(table: Table, record: type[Record]) -> list[Column[Any]]:
    """The columns that make a record, in the order of its fields."""
    return [table.c[name] for name in record.__struct_fields__]


def one(connection: Connection, query: Executable, record: type[R], **values: Any) -> R | None:
    """The only row, if there is one."""
    row = connection.execute(query, values).one_or_none()
    return None if row is None else record(*row)


def every(connection: Connection, query: Executable, record: type[R], **values: Any) -> list[R]:
    return [record(*row) for row in connection.execute(query, values)]


def pairs(
    connection: Connection, query: Executable, first: type[R], second: type[S], **values: Any
) -> list[tuple[R, S]]:
    """Rows of a query that selects the columns of `first`, then those of `second`."""
    width = len(first.__struct_fields__)
    return [(first(*row[:width]), second(*row[width:])) for row in connection.execute(query, values)]
