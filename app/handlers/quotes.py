"""What a message answers, as pages draw it first: one line of it."""

from collections.abc import Container, Mapping
from types import SimpleNamespace

from app.errors import said
from app.handlers.languages import Words
from app.models import Message, User
from app.render.line import line_of
from app.render.mentions import drawn_outside

DELETED = said("Message deleted.")
REMOVED = said("Removed by a moderator.")


def shown_quote(
    quoted: Message | None, people: Mapping[int, User], blocked: Container[int], words: Words
) -> SimpleNamespace | None:
    """`author` is None where the reader has blocked them."""
    if quoted is None:
        return None
    if quoted.author_id in blocked:
        return SimpleNamespace(number=quoted.number, author=None, line=words.text(said("From somebody you blocked.")))
    trace = trace_of(quoted)
    line = words.text(trace) if trace else line_of(words.html(drawn_outside(quoted.html, people.values())))
    return SimpleNamespace(number=quoted.number, author=people[quoted.author_id], line=line)


def trace_of(message: Message) -> str | None:
    """What stands in the place of a message that was removed; None: it is there."""
    if message.removed_at is None:
        return None
    return DELETED if message.removed_by == message.author_id else REMOVED
