"""Messages as the chat page draws them first, before its script takes over."""

from collections.abc import Container, Mapping
from datetime import UTC, date, datetime
from types import SimpleNamespace

from msgspec.structs import replace

from app.chat.calls import tells
from app.chat.events import shown_card, shown_file
from app.chat.messages import Page
from app.errors import said
from app.handlers.languages import Words
from app.handlers.quotes import DELETED, shown_quote, trace_of
from app.handlers.reactions import shown_reactions
from app.models import Message, Thread, User
from app.render.mentions import drawn, mentioned_in

GROUPED_WITHIN = 5 * 60_000
"""Milliseconds between two messages of one author that still stand together."""

WEEKDAYS = (
    said("Monday"),
    said("Tuesday"),
    said("Wednesday"),
    said("Thursday"),
    said("Friday"),
    said("Saturday"),
    said("Sunday"),
)
# Words: the months stand as in "14 January".
MONTHS = (
    said("January"),
    said("February"),
    said("March"),
    said("April"),
    said("May"),
    said("June"),
    said("July"),
    said("August"),
    said("September"),
    said("October"),
    said("November"),
    said("December"),
)


def shown_messages(page: Page, reader: User, blocked: Container[int], words: Words) -> list[SimpleNamespace]:
    """The page's messages as the template draws them: grouped, with a label where a day (UTC) begins, and folded where
    the reader has blocked who wrote them. What its author has removed is not drawn, unless it was
    answered."""
    people = {person.id: named(person, words) for person in page.people}
    shown = [message for message in page.messages if not has_vanished(message)]
    known = {message.number: message for message in [*page.messages, *page.quoted]}
    befores = [None, *shown]
    return [
        shown_message(message, before, known.get(message.answers or 0), people, reader, blocked, words)
        for before, message in zip(befores, shown, strict=False)
    ]


def has_vanished(message: Message) -> bool:
    """Of what a moderator removed there is a trace, and of what was answered, in the room or in a thread."""
    return trace_of(message) == DELETED and not message.more.answered and message.more.thread is None


def shown_message(
    message: Message,
    before: Message | None,
    quoted: Message | None,
    people: Mapping[int, User],
    reader: User,
    blocked: Container[int],
    words: Words,
) -> SimpleNamespace:
    author = people[message.author_id]
    new_day = before is None or day_of(before) != day_of(message)
    trace = trace_of(message)
    return SimpleNamespace(
        number=message.number,
        author=author,
        at=moment_of(message.at),
        at_ms=message.at,
        quote=shown_quote(quoted, people, blocked, words),
        html=words.html(drawn(message.html, people, reader.id)),
        grouped=not new_day and before is not None and stands_with(before, message),
        day=day_label(day_of(message), datetime.now(UTC).date(), words) if new_day else None,
        mine=author.id == reader.id,
        folded=author.id in blocked,
        gone=words.text(trace) if trace else None,
        thread=shown_thread(message.more.thread, people, words),
        **shown_edit(message, words),
        reactions=shown_reactions(message, people, reader, blocked, words),
        for_me=author.id not in blocked and is_for(reader, message, quoted),
        kind=message.kind,
        card=shown_card(message.more.card),
        pinned_by=None if message.more.pinned is None else people[message.more.pinned.by],
        files=[shown_file(file) for file in message.more.files],
    )


def shown_thread(thread: Thread | None, people: Mapping[int, User], words: Words) -> SimpleNamespace | None:
    """How much is said beside a message; None: nothing."""
    if thread is None or thread.count == 0:
        return None
    at = moment_of(thread.at)
    return SimpleNamespace(
        count=thread.count,
        people=[people[user_id] for user_id in thread.people],
        at=at,
        at_label=moment_label(at, datetime.now(UTC), words),
    )


def is_for(reader: User, message: Message, quoted: Message | None) -> bool:
    """Whether it mentions or calls them, or answers them."""
    answers = quoted is not None and quoted.author_id == reader.id != message.author_id
    return answers or reader.id in mentioned_in(message.html) or tells(message, reader)


def shown_edit(message: Message, words: Words) -> dict[str, datetime | str | None]:
    if message.edited_at is None or message.removed_at is not None:
        return {"edited": None, "edited_label": ""}
    edited = moment_of(message.edited_at)
    return {"edited": edited, "edited_label": moment_label(edited, datetime.now(UTC), words)}


def named(person: User, words: Words) -> User:
    """Who has deleted their account has a name in the reader's language, and a bot says that it is one."""
    if person.kind == "bot":
        return replace(person, name=words.text(said("{name} (bot)"), name=person.name))
    return replace(person, name=words.text(said("Former member"))) if person.kind == "former" else person


def stands_with(before: Message, message: Message) -> bool:
    """Whether a message needs no name of its own under the one before. One that quotes has its own, and what somebody
    does has it in its text."""
    if message.answers is not None or "me" in (before.kind, message.kind):
        return False
    return before.author_id == message.author_id and message.at - before.at <= GROUPED_WITHIN


def day_of(message: Message) -> date:
    return moment_of(message.at).date()


def moment_of(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def day_label(day: date, today: date, words: Words) -> str:
    """Today, Yesterday, "Friday, 14 November", with the year when it is not this one: as static/js/core/times.js."""
    distance = (today - day).days
    if distance in (0, 1):
        return words.text((said("Today"), said("Yesterday"))[distance])
    parts = {
        "weekday": words.text(WEEKDAYS[day.weekday()]),
        "day": str(day.day),
        "month": words.text(MONTHS[day.month - 1]),
    }
    if day.year == today.year:
        return words.text(said("{weekday}, {day} {month}"), **parts)
    return words.text(said("{weekday}, {day} {month} {year}"), **parts, year=str(day.year))


def full_day(day: date, words: Words) -> str:
    """The same for those who may read it on another day: "Friday, 14 November 2025"."""
    return day_label(day, date.min, words)


def moment_label(at: datetime, now: datetime, words: Words) -> str:
    """HH:MM of today, "14 November" of another day, with its year unless that is now: as static/js/core/times.js."""
    if at.date() == now.date():
        return f"{at:%H:%M}"
    parts = {"day": str(at.day), "month": words.text(MONTHS[at.month - 1])}
    if at.year == now.year:
        return words.text(said("{day} {month}"), **parts)
    return words.text(said("{day} {month} {year}"), **parts, year=str(at.year))
