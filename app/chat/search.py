"""Finding messages by what is in them: those alone that the visitor may read now, the newest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.chat.context import people_in
from app.chat.days import start_of
from app.chat.portions import first_that_fit
from app.chat.search_query import Chip, Query, parse
from app.folding import Term
from app.memory.limits import Limit
from app.models import Message, Room, User, Visitor
from app.services import Services
from app.storage import blocks, memberships, messages, rooms, search, threads, users
from app.storage.database import Connection
from app.storage.search import Asked, Hits
from app.storage.search_entries import FILE, IMAGE, LINK, first_id, mention_word

PACE = Limit(30, 60.0)
"""Pages of one person's."""
MINUTE = 60_000
LAST = 2**43 - 1
"""The last time, in milliseconds, that an entry can have."""
HAS = {"link": LINK, "file": FILE, "image": IMAGE}


@dataclass(frozen=True, slots=True)
class Hit:
    """A message with those before and after it in its room, unless they were removed or their author is blocked."""

    message: Message
    before: Message | None
    after: Message | None


@dataclass(frozen=True, slots=True)
class Found:
    """`terms` are what was looked for, to be marked; `threads`, by their ids, the rooms of hits that are some. Older
    ones are `before` this, where it is not None; there may be none."""

    hits: Sequence[Hit] = ()
    people: Sequence[User] = ()
    chips: Sequence[Chip] = ()
    terms: Sequence[Term] = ()
    before: int | None = None
    threads: Mapping[int, Room] = field(default_factory=dict)


async def find(
    services: Services, visitor: Visitor, text: str, *, before: int | None = None, limit: int = 30, zone: int = 0
) -> Found:
    """A page of what matches the text (docs/search.md). `before` is what the page before this one said, `zone` the
    minutes that the visitor's days begin before those of UTC.

    A room that the visitor is not in is as good as none. People they have blocked are left out, unless `from:` names
    them. Raises BadDate, BadRequest or TooFast."""
    query = parse(text)
    services.limits.take(f"search:{visitor.user.id}", PACE)
    if query.is_empty:
        return Found()
    between = ids_between(query.since, query.until, zone, before)
    return await services.store.read(read, visitor.user.id, query, between, limit)


def ids_between(since: date, until: date, zone: int, before: int | None) -> tuple[int, int]:
    first, end = (first_id(min(max(start_of(day) - zone * MINUTE, 0), LAST)) for day in (since, until))
    return first - 1, end if before is None else min(end, before)


def read(connection: Connection, user_id: int, query: Query, between: tuple[int, int], limit: int) -> Found:
    found = search.newest(connection, asked(connection, user_id, query, between), limit)
    blocked = blocks.ids(connection, user_id)
    hits, before = with_neighbours(connection, found, blocked)
    said = [each for hit in hits for each in (hit.message, hit.before, hit.after) if each is not None]
    beside = rooms.threads_of(connection, {hit.message.room_id for hit in hits})
    return Found(hits, users.by_ids(connection, people_in(said)), query.chips, query.terms, before, beside)


def asked(connection: Connection, user_id: int, query: Query, between: tuple[int, int]) -> Asked:
    """What the words stand for, to this person. What nobody and nothing is called finds nothing."""
    authors = ids_of(connection, user_id, query.authors)
    mentioned = ids_of(connection, user_id, query.mentioned)
    mine = memberships.room_ids(connection, user_id)
    return Asked(
        rooms=rooms_called(connection, user_id, mine, query.rooms) if query.rooms else mine,
        terms=query.terms,
        without=query.without,
        authors=authors if query.authors else None,
        but=[each for each in blocks.ids(connection, user_id) if each not in authors],
        flags=[HAS[has] for has in query.has],
        mentioned=[mention_word(each) for each in mentioned] if query.mentioned else None,
        called=user_id if user_id in mentioned else None,
        above=between[0],
        below=between[1],
    )


def ids_of(connection: Connection, user_id: int, handles: Iterable[str]) -> list[int]:
    found: list[int] = []
    for handle in handles:
        found += [user_id] if handle.lower() == "me" else [each.id for each in users.called(connection, handle)]
    return found


def rooms_called(connection: Connection, user_id: int, mine: Sequence[int], names: Iterable[str]) -> list[int]:
    """Those of the visitor's rooms that are called so, with their threads; `@handle` is the talk of the two."""
    names = list(names)
    found = memberships.rooms_called(connection, user_id, [name for name in names if not name.startswith("@")])
    for other in ids_of(connection, user_id, [name[1:] for name in names if name.startswith("@")]):
        talk = rooms.by_people(connection, {user_id, other})
        found += [talk.id] if talk is not None and talk.id in mine else []
    return [*found, *(thread for room_id in found for thread in threads.under(connection, room_id, user_id))]


def with_neighbours(connection: Connection, found: Hits, blocked: Sequence[int]) -> tuple[list[Hit], int | None]:
    """As many as fit into an answer, and before which id the next page begins."""
    keys = {(hit.room_id, hit.number + side) for hit in found.hits for side in (-1, 0, 1)}
    rows = {(each.room_id, each.number): each for each in messages.by_numbers(connection, sorted(keys))}
    fitting = first_that_fit([rows[hit.key] for hit in found.hits])

    def beside(message: Message, side: int) -> Message | None:
        each = rows.get((message.room_id, message.number + side))
        return None if each is None or each.removed_at is not None or each.author_id in blocked else each

    hits = [Hit(message, beside(message, -1), beside(message, 1)) for message in fitting]
    return hits, found.behind(len(hits))
