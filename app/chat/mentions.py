"""Whom a message mentions, and where one was mentioned."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.chat.context import Quotes, context_of, quotes_of
from app.chat.rendering import html_of
from app.memory.limits import Limit
from app.models import Mention, Message, User, Visitor
from app.render.mentions import handles_in, mentioned_in
from app.services import Services
from app.storage import mentions
from app.storage.database import Connection

PACE = Limit(60, 60.0)
"""Pages of one person's."""
MOST = 50
"""People of one message: those who are named first."""
MOST_UNREAD = 200
"""Of one room, told at the beginning of a connection; nobody counts further."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it is kept: its HTML, the people in it, and of those whom it is for, without its author, the ids:
    `noted` are all, `told` those who hear of it, for they have not blocked the author. An answer has what it is to as
    `quoted` (replies.py)."""

    html: str
    people: list[User]
    told: list[int]
    noted: Sequence[int] = ()
    quoted: Sequence[Message] = ()


async def write(services: Services, author: User, room_id: int, text: str) -> Written:
    """What a text of this author is in a room. Whoever changes a message asks this again. A text without a handle asks
    nothing of the database."""
    keys = list(dict.fromkeys(found[1].casefold() for found in handles_in(text)))[:MOST] if "@" in text else []
    found = await services.store.read(mentions.called, room_id, author.id, keys) if keys else []
    # Of several with one handle the last holds it.
    people = {person.handle.casefold(): (person, is_blocked) for person, is_blocked in found}
    html = await html_of(services, text, {key: person for key, (person, _) in people.items()})
    # Not those whose handle stands in code or in a link alone.
    ids = mentioned_in(html)
    meant = [each for each in people.values() if each[0].id in ids]
    told = [person.id for person, is_blocked in meant if not is_blocked and person.id != author.id]
    noted = [person.id for person, _ in meant if person.id != author.id]
    return Written(html, [person for person, _ in meant], told, noted)


@dataclass(frozen=True, slots=True)
class Page:
    """What is for the visitor: messages that mention them, or answer one of theirs, the newest first, with what goes
    with them (context.py). `last`: none is older."""

    mentions: list[tuple[Mention, Message]]
    people: list[User]
    last: bool
    quotes: Quotes


async def page(services: Services, visitor: Visitor, before: int | None, limit: int) -> Page:
    """Raises TooFast."""
    services.limits.take(f"mentions:{visitor.user.id}", PACE)
    return await services.store.read(read, visitor.user.id, before, limit)


def read(connection: Connection, user_id: int, before: int | None, limit: int) -> Page:
    found = mentions.inbox(connection, user_id, before, limit + 1)
    told = [message for _, message in found[:limit]]
    context = context_of(connection, told)
    return Page(found[:limit], context.people, len(found) <= limit, quotes_of(told, context))
