"""The rows of a timeline (clients/rows.py) with all that is drawn of each. One that equals one that is drawn already
need not be drawn again."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.protocol.events import Message, Person
from clients import rows
from clients.desktop.changes import Talk
from clients.desktop.unsent import Waiting
from clients.rows import Day, NewLine
from clients.timeline import is_for


@dataclass(frozen=True, slots=True)
class Older:
    """There are messages before these."""

    key = "older"


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
    for row in rows.rows_of(talk.messages, reader, read_up_to):
        if isinstance(row, rows.Said):
            yield said(talk, row, reader)
        elif not isinstance(row, rows.Notice):
            yield row
    stored = rows.stored_by(reader, talk.messages)
    yield from (Unstored(each) for each in waiting if each.send.nonce not in stored)


def said(talk: Talk, row: rows.Said, reader: int) -> Said:
    message = row.message
    quote = talk.quoted.get(message.reply_to) if message.reply_to is not None else None
    return Said(
        message,
        talk.people.get(message.author),
        reader,
        row.is_grouped,
        message.author != reader and is_for(reader, message, quote),
        message.author in talk.blocked,
        quote,
        talk.people.get(quote.author) if quote is not None else None,
    )
