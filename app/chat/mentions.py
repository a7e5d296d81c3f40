"""Whom a message mentions, and where one was mentioned."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.chat import calls
from app.chat.rendering import html_of
from app.memory.limits import Limit
from app.models import Mention, Message, Told, User, Visitor
from app.render.mentions import CALLS, Call, Named, call_in, handles_in, mentioned_in
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
    """A text as it is kept: its HTML, whom it mentions by name, the ids of those of them who hear of it (neither the
    author nor who has blocked them), and whom it calls together."""

    author_id: int
    html: str
    people: list[User]
    heard: list[int]
    told: Told | None = None

    @property
    def noted(self) -> tuple[int | None, ...]:
        """Whom it mentions, as that is kept: without its author, None for everybody."""
        return with_told((person.id for person in self.people if person.id != self.author_id), self.told)

    @property
    def hearers(self) -> tuple[int | None, ...]:
        """Who is told of it, in the same words."""
        return with_told(self.heard, self.told)

    def instead_of(self, before: Told | None) -> "Written":
        """The same as an edit: whoever is here by now was not called by what calls here already."""
        return replace(self, told=before) if calls.is_here(before) and calls.is_here(self.told) else self


def with_told(ids: Iterable[int], told: Told | None) -> tuple[int | None, ...]:
    if told == "all":
        return *ids, None
    return tuple(dict.fromkeys([*ids, *(told or ())]))


async def write(services: Services, visitor: Visitor, room_id: int, text: str) -> Written:
    """What a text of this visitor is in a room of theirs. Whoever changes a message asks this again. A text without a
    handle asks nothing of the database."""
    author = visitor.user
    names = list(dict.fromkeys(found[1].casefold() for found in handles_in(text)))[:MOST] if "@" in text else []
    keys = [name for name in names if name not in CALLS]
    found = await services.store.read(mentions.called, room_id, author.id, keys) if keys else []
    called = await calls.reach(services, visitor, room_id, names) if len(keys) < len(names) else {}
    # Of several with one handle the last holds it.
    people = {person.handle.casefold(): (person, is_blocked) for person, is_blocked in found}
    meant: dict[str, Named] = {key: person for key, (person, _) in people.items()}
    html = await html_of(services, text, meant | {word: Call(word) for word in called})
    # Not those whose handle stands in code or in a link alone.
    ids = mentioned_in(html)
    named = [each for each in people.values() if each[0].id in ids]
    heard = [person.id for person, is_blocked in named if not is_blocked and person.id != author.id]
    told = called.get(call_in(html) or "") if called else None
    return Written(author.id, html, [person for person, _ in named], heard, told)


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
