"""Messages as the chat page draws them first, before its script takes over."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from app.chat.messages import Page
from app.models import Message, User

GROUPED_WITHIN = 5 * 60_000
"""Milliseconds between two messages of one author that still stand together."""


def shown_messages(page: Page, reader: User) -> list[SimpleNamespace]:
    """The page's messages as the template draws them: grouped, with a label where a day (UTC) begins."""
    authors = {author.id: author for author in page.authors}
    befores = [None, *page.messages]
    return [
        shown_message(message, before, authors[message.author_id], reader)
        for before, message in zip(befores, page.messages, strict=False)
    ]


def shown_message(message: Message, before: Message | None, author: User, reader: User) -> SimpleNamespace:
    new_day = before is None or day_of(before) != day_of(message)
    return SimpleNamespace(
        number=message.number,
        author=author,
        at=datetime.fromtimestamp(message.at / 1000, UTC),
        at_ms=message.at,
        html=message.html,
        grouped=not new_day and before is not None and stands_with(before, message),
        day=day_label(day_of(message), datetime.now(UTC).date()) if new_day else None,
        mine=author.id == reader.id,
        kind=message.kind,
    )


def stands_with(before: Message, message: Message) -> bool:
    """Whether a message needs no name of its own under the one before."""
    return before.author_id == message.author_id and message.at - before.at <= GROUPED_WITHIN


def day_of(message: Message) -> date:
    return datetime.fromtimestamp(message.at / 1000, UTC).date()


def day_label(day: date, today: date) -> str:
    """Today, Yesterday, "Friday, 14 November", with the year when it is not this one."""
    distance = (today - day).days
    if distance in (0, 1):
        return ("Today", "Yesterday")[distance]
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%A}, {day.day} {day:%B}{year}"
