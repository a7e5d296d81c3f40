"""What the timeline shows, one below the other: as the page has it (static/js/core/rows.js)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.protocol.events import Message
from clients.terminal.outgoing import Waiting
from clients.terminal.times import day_of

GROUP_SPAN = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Day:
    day: date


@dataclass(frozen=True, slots=True)
class NewLine:
    at: int


@dataclass(frozen=True, slots=True)
class Said:
    message: Message
    grouped: bool


@dataclass(frozen=True, slots=True)
class Unsent:
    """`is_stuck`: there is no connection that could take it."""

    waiting: Waiting
    is_stuck: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of the room that nobody said, heard when message `after` was the last one."""

    after: int
    text: str


Row = Day | NewLine | Said | Unsent | Notice


def rows_of(
    messages: Iterable[Message],
    waiting: Iterable[Waiting],
    notices: Iterable[Notice],
    me: int,
    read_up_to: int | None,
    *,
    is_live: bool,
) -> Iterator[Row]:
    """`read_up_to` is where the line of what is new stands; None: there is none."""
    shown = [message for message in messages if not has_vanished(message)]
    stored = {message.nonce for message in shown if message.author == me}
    untold = sorted(notices, key=lambda notice: notice.after)
    first_new = first_after(shown, me, read_up_to)
    last: Message | None = None
    for message in shown:
        while untold and untold[0].after < message.number:
            yield untold.pop(0)
            last = None
        if last is None or day_of(last.at) != day_of(message.at):
            yield Day(day_of(message.at))
        if message is first_new:
            yield NewLine(message.at)
        yield Said(message, message is not first_new and is_grouped(last, message))
        last = message
    yield from untold
    yield from (Unsent(each, not is_live) for each in waiting if each.nonce not in stored)


def has_vanished(message: Message) -> bool:
    """Whether nothing of it is left to see: its author has removed it, and nobody had answered it."""
    return message.removed and message.removed_by is None and not message.answered and message.thread is None


def first_after(shown: list[Message], me: int, read_up_to: int | None) -> Message | None:
    """The first that is new and not the reader's own; none where what came before it is not held."""
    if read_up_to is None or not shown or shown[0].number > read_up_to + 1:
        return None
    return next((message for message in shown if message.number > read_up_to and message.author != me), None)


def is_grouped(last: Message | None, message: Message) -> bool:
    return (
        last is not None
        and message.reply_to is None
        and last.author == message.author
        and "me" not in {last.kind, message.kind}
        and message.at - last.at <= GROUP_SPAN
        and day_of(last.at) == day_of(message.at)
    )
