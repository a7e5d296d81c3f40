"""What a timeline shows, one below the other: as the page has it (static/js/core/rows.js)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.protocol.events import Message
from clients.times import day_of

GROUP_SPAN = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Day:
    day: date

    @property
    def key(self) -> str:
        return f"day {self.day}"


@dataclass(frozen=True, slots=True)
class NewLine:
    at: int
    key = "new"


@dataclass(frozen=True, slots=True)
class Said:
    """A grouped one goes on with what its author said just before."""

    message: Message
    is_grouped: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of the room that nobody said, heard when message `after` was the last one."""

    after: int
    text: str


Row = Day | NewLine | Said | Notice


def rows_of(
    messages: Iterable[Message], reader: int, read_up_to: int | None, notices: Iterable[Notice] = ()
) -> Iterator[Row]:
    """`read_up_to` is where the line of what is new stands; None: there is none."""
    shown = [message for message in messages if not has_vanished(message)]
    untold = sorted(notices, key=lambda notice: notice.after)
    first_new = first_after(shown, reader, read_up_to)
    last: Message | None = None
    day: date | None = None
    for message in shown:
        while untold and untold[0].after < message.number:
            yield untold.pop(0)
            last = None
        if day != day_of(message.at):
            day = day_of(message.at)
            yield Day(day)
        if message is first_new:
            yield NewLine(message.at)
        yield Said(message, message is not first_new and is_grouped(last, message))
        last = message
    yield from untold


def stored_by(reader: int, messages: Iterable[Message]) -> set[str]:
    """The nonces of those that no longer wait: an answer may come after the message itself."""
    return {message.nonce for message in messages if message.author == reader}


def has_vanished(message: Message) -> bool:
    """Whether nothing of it is left to see: its author has removed it, and nobody had answered it."""
    return message.removed and message.removed_by is None and not message.answered and message.thread is None


def first_after(shown: list[Message], reader: int, read_up_to: int | None) -> Message | None:
    """The first that is new and not the reader's own; none where what came before it is not held."""
    if read_up_to is None or not shown or shown[0].number > read_up_to + 1:
        return None
    return next((message for message in shown if message.number > read_up_to and message.author != reader), None)


def is_grouped(last: Message | None, message: Message) -> bool:
    return (
        last is not None
        and message.reply_to is None
        and last.author == message.author
        and "me" not in {last.kind, message.kind}
        and message.at - last.at <= GROUP_SPAN
        and day_of(last.at) == day_of(message.at)
    )
