"""What the timeline shows, one below the other: as the page has it (static/js/core/rows.js). A row that equals one that
is drawn already need not be drawn again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.protocol.events import Message, Person
from clients.desktop.changes import Talk
from clients.desktop.times import day_of
from clients.desktop.unsent import Waiting

GROUP_SPAN = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Older:
    """There are messages before these."""

    key = "older"


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
    """`quote` is what it answers, by `quoted`; `reader` is who looks at it."""

    message: Message
    author: Person | None
    reader: int
    is_grouped: bool
    is_for_reader: bool
    is_blocked: bool
    quote: Message | None = None
    quoted: Person | None = None

    @property
    def key(self) -> str:
        return f"message {self.message.number}"

    @property
    def is_own(self) -> bool:
        return self.message.author == self.reader


@dataclass(frozen=True, slots=True)
class Unstored:
    waiting: Waiting

    @property
    def key(self) -> str:
        return f"waiting {self.waiting.send.nonce}"


Row = Older | Day | NewLine | Said | Unstored


def rows_of(talk: Talk, waiting: tuple[Waiting, ...], reader: int, read_up_to: int | None) -> Iterator[Row]:
    """`read_up_to` is where the line of what is new stands; None: there is none."""
    if talk.messages and talk.messages[0].number > 1:
        yield Older()
    shown = [message for message in talk.messages if not has_vanished(message)]
    stored = {message.nonce for message in shown if message.author == reader}
    first_new = first_after(shown, reader, read_up_to)
    last: Message | None = None
    for message in shown:
        if last is None or day_of(last.at) != day_of(message.at):
            yield Day(day_of(message.at))
        if message is first_new:
            yield NewLine(message.at)
        yield said(talk, message, reader, is_grouped=message is not first_new and is_grouped(last, message))
        last = message
    yield from (Unstored(each) for each in waiting if each.send.nonce not in stored)


def said(talk: Talk, message: Message, reader: int, *, is_grouped: bool) -> Said:
    quote = talk.quoted.get(message.reply_to) if message.reply_to is not None else None
    told = message.told == "all" or (message.told is not None and reader in message.told)
    answers_reader = quote is not None and quote.author == reader
    means = message.author != reader and (told or reader in message.mentions or answers_reader)
    return Said(
        message,
        talk.people.get(message.author),
        reader,
        is_grouped,
        means,
        message.author in talk.blocked,
        quote,
        talk.people.get(quote.author) if quote is not None else None,
    )


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
