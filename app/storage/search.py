"""Messages that are asked for by what is in them, the newest first.

What many messages hold is soon met by reading them from the newest on; what few hold is looked up by its words. Nobody
knows beforehand which it is, so each page reads a little and looks up the rest: neither costs more than its bound,
however many messages there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, false, not_, or_, select

from app.folding import Term
from app.storage import database
from app.storage.search_entries import CALL, author_word, first_id, room_word
from app.storage.tables import memberships, search_entries

READ = 2_000
"""Entries that are read one after the other: what one in 60 messages holds fills a page, and is not looked up."""
READ_ON = 6_000
"""Entries that are read besides, if so many will fill the page by what was found until there: to look up what 10,000
hold takes twice as long."""
MARGIN = 1.3
"""Of the entries that will fill it: messages about one thing stand together."""
LOOKED_UP = 2_000
"""Entries of one page that hold the words, whether they may be shown or not."""
ROOMS_LOOKED_UP = 64
"""Of somebody who is in more, what is looked up is of all rooms: to look for each costs more than it spares."""
CHUNK = 250
OLDEST, NEWEST = 0, 2**63 - 1

id_of = search_entries.c.id
COLUMNS = (id_of, search_entries.c.room_id, search_entries.c.number)
BACK = select(id_of).where(id_of < bindparam("below"), id_of > bindparam("above")).order_by(id_of.desc())
EDGE = BACK.limit(1).offset(bindparam("skipped"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: all of the `terms` and none of `without`, in one of these rooms, by one of the `authors` and
    by nobody of `but`; with ids between `above` and `below`. `flags` are words of an entry, `mentioned` such words of
    which one will do, or, where the person `called` was in the room and did not write it, that it mentions everybody.
    None: whichever."""

    rooms: Sequence[int]
    terms: Sequence[Term] = ()
    without: Sequence[Term] = ()
    authors: Sequence[int] | None = None
    but: Sequence[int] = ()
    flags: Sequence[str] = ()
    mentioned: Sequence[str] | None = None
    called: int | None = None
    above: int = OLDEST
    below: int = NEWEST


class Hit(NamedTuple):
    id: int
    room_id: int
    number: int

    @property
    def key(self) -> tuple[int, int]:
        return self.room_id, self.number


class Hits(NamedTuple):
    """`further`: what is older than this id was not looked at; None: there is nothing older."""

    hits: list[Hit]
    further: int | None

    def behind(self, count: int) -> int | None:
        """Before which id the next page begins, if only so many of these are shown."""
        return self.further if count == len(self.hits) else self.hits[count - 1].id


def newest(connection: Connection, asked: Asked, limit: int) -> Hits:
    if [] in (asked.rooms, asked.authors, asked.mentioned):
        return Hits([], None)
    hits, edge = read(connection, asked, asked.below, READ, limit)
    if edge is not None and 0 < len(hits) <= limit:
        enough = int(MARGIN * READ * (limit + 1 - len(hits)) / len(hits))
        if enough <= READ_ON:
            more, edge = read(connection, asked, edge, enough, limit - len(hits))
            hits += more
    if len(hits) > limit or edge is None:
        return page(hits, limit, None)
    return page(*look_up(connection, asked, edge, hits, limit))


def read(connection: Connection, asked: Asked, below: int, entries: int, limit: int) -> tuple[list[Hit], int | None]:
    """One hit more than `limit`, or all among so many entries older than `below`; and the id of the last of these, or
    None where there are no older ones."""
    edge = connection.execute(EDGE, {"above": asked.above, "below": below, "skipped": entries - 1}).scalar()
    between = and_(id_of >= (asked.above + 1 if edge is None else edge), id_of < below)
    query = select(*COLUMNS).where(between, *conditions(asked)).order_by(id_of.desc()).limit(limit + 1)
    return [Hit(*row) for row in connection.execute(query)], edge


def look_up(
    connection: Connection, asked: Asked, below: int, hits: list[Hit], limit: int
) -> tuple[list[Hit], int, int | None]:
    """The page with what is older."""
    words = alternatives(asked)
    if not words:  # `-word` alone, or dates
        return hits, limit, below
    found = database.of(connection).with_words(connection, words, asked.above, below, LOOKED_UP)
    for start in range(0, len(found), CHUNK):
        chunk = found[start : start + CHUNK]
        query = select(*COLUMNS).where(id_of.in_(chunk), *conditions(asked)).order_by(id_of.desc())
        hits += [Hit(*row) for row in connection.execute(query)]
        if len(hits) > limit:
            return hits, limit, None
    return hits, limit, found[-1] if len(found) == LOOKED_UP else None


def page(hits: list[Hit], limit: int, further: int | None) -> Hits:
    return Hits(hits[:limit], hits[limit - 1].id) if len(hits) > limit else Hits(hits, further)


def conditions(asked: Asked) -> list[ColumnElement[Any]]:
    """Of an entry that is wanted. A pattern holds letters, digits and spaces, so nothing in it means anything else."""
    words = search_entries.c.words
    found: list[ColumnElement[Any]] = [search_entries.c.room_id.in_(asked.rooms)]
    if asked.authors is not None:
        found.append(search_entries.c.author_id.in_(asked.authors))
    if asked.mentioned is not None:
        found.append(or_(*(words.like(f"% {word} %") for word in asked.mentioned), calling(asked.called)))
    if asked.but:
        found.append(search_entries.c.author_id.not_in(asked.but))
    found += [words.like(f"% {flag} %") for flag in asked.flags]
    found += [words.like(f"%{term.pattern}%") for term in asked.terms]
    found += [not_(words.like(f"%{term.pattern}%")) for term in asked.without]
    return found


def calling(user_id: int | None) -> ColumnElement[bool]:
    """Of an entry: it mentions this person as one of everybody."""
    if user_id is None:
        return false()
    joined = select(memberships.c.joined_at * first_id(1)).where(
        memberships.c.room_id == search_entries.c.room_id, memberships.c.user_id == user_id
    )
    is_call = search_entries.c.words.like(f"% {CALL} %")
    return is_call & (search_entries.c.author_id != user_id) & (id_of >= joined.scalar_subquery())


def alternatives(asked: Asked) -> list[database.Alternatives]:
    """What an entry has to hold, as far as the index of words tells."""
    found: list[database.Alternatives] = [[(flag, False)] for flag in asked.flags]
    for term in asked.terms:
        last = len(term.words) - 1
        found += [[(word, place == last and not term.whole)] for place, word in enumerate(term.words)]
    if asked.authors is not None:
        found.append([(author_word(user_id), False) for user_id in asked.authors])
    if asked.mentioned is not None:
        found.append([(word, False) for word in [*asked.mentioned, *([] if asked.called is None else [CALL])]])
    if found and len(asked.rooms) <= ROOMS_LOOKED_UP:
        found.append([(room_word(room_id), False) for room_id in asked.rooms])
    return found
