"""The rows of a timeline (clients/rows.py), and below them what waits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.protocol.events import Message
from clients import rows
from clients.rows import Notice
from clients.storing import Send


@dataclass(frozen=True, slots=True)
class Unsent:
    """`is_stuck`: there is no connection that could take it."""

    waiting: Send
    is_stuck: bool


Row = rows.Row | Unsent


def rows_of(
    messages: Iterable[Message],
    waiting: Iterable[Send],
    notices: Iterable[Notice],
    me: int,
    read_up_to: int | None,
    *,
    is_live: bool,
) -> Iterator[Row]:
    """`read_up_to` is where the line of what is new stands; None: there is none."""
    held = [*messages]
    yield from rows.rows_of(held, me, read_up_to, notices)
    stored = rows.stored_by(me, held)
    yield from (Unsent(each, not is_live) for each in waiting if each.nonce not in stored)
