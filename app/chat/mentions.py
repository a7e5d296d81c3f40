"""Whom a message mentions, and where one was mentioned."""

from dataclasses import dataclass

from app.chat.rendering import html_of
from app.memory.limits import Limit
from app.models import Mention, Message, User, Visitor
from app.render.mentions import handles_in, mentioned_in
from app.services import Services
from app.storage import mentions, users
from app.storage.database import Connection

PACE = Limit(60, 60.0)
"""Pages of one person's."""
MOST = 50
"""People of one message: those who are named first."""
MOST_UNREAD = 200
"""Of one room, told at the beginning of a connection; nobody counts further."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it is kept: its HTML, whom it mentions, and the ids of those of them who are told: neither the author
    nor who has blocked them."""

    html: str
    people: list[User]
    told: list[int]


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
    return Written(html, [person for person, _ in meant], told)


def with_mentioned(connection: Connection, found: list[Message]) -> list[tuple[Message, list[User]]]:
    """These messages, each with those whom it mentions."""
    ids = {user_id for message in found for user_id in mentioned_in(message.html)}
    people = {person.id: person for person in users.by_ids(connection, ids)} if ids else {}
    return [(message, [people[user_id] for user_id in mentioned_in(message.html)]) for message in found]


def people_in(found: list[Message]) -> set[int]:
    """The ids of those who wrote these messages, whom they mention, and who have pinned them."""
    pinned = {message.more.pinned.by for message in found if message.more.pinned is not None}
    return {message.author_id for message in found}.union(pinned, *(mentioned_in(message.html) for message in found))


@dataclass(frozen=True, slots=True)
class Page:
    """Mentions of the visitor, the newest first, with their messages and the people in those. `last`: none is older."""

    mentions: list[tuple[Mention, Message]]
    people: list[User]
    last: bool


async def page(services: Services, visitor: Visitor, before: int | None, limit: int) -> Page:
    """Raises TooFast."""
    services.limits.take(f"mentions:{visitor.user.id}", PACE)
    return await services.store.read(read, visitor.user.id, before, limit)


def read(connection: Connection, user_id: int, before: int | None, limit: int) -> Page:
    found = mentions.inbox(connection, user_id, before, limit + 1)
    people = users.by_ids(connection, people_in([message for _, message in found[:limit]]))
    return Page(found[:limit], people, last=len(found) <= limit)
