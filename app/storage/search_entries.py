"""What messages are found by: an entry for each one that is there, made soon after it was posted, since the log has no
time for it (PERFORMANCE P4). What was edited or removed leaves its entry in the transaction that changes it.

`words` of an entry are those of the text, in order, behind what else can be asked for: the room, the author, who is
mentioned, what it has. A character that no text keeps (`MARK`) tells these from words that people write."""

import re
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, select, update

from app.folding import folded_words, row_of
from app.models import Message
from app.storage import database, messages
from app.storage.tables import mentions, rooms, search_entries, search_marks

MARK = "\ue000"
LINK, FILE, IMAGE = f"{MARK}link", f"{MARK}file", f"{MARK}image"
CALL = f"{MARK}call"
"""Of what mentions everybody who is in the room."""
HAS_LINK = re.compile(r"<a [^>]*href=")
BITS = 8
"""Of an id, below the time: they tell messages of one millisecond apart. More would lengthen an index that keeps the
distances between ids."""

ROOM = (search_marks.c.room_id,)
KEY = (search_entries.c.room_id, search_entries.c.number)
ENTRY = (search_entries.c.number, search_entries.c.id, search_entries.c.words)
MINE = select(search_marks.c.number).where(search_marks.c.room_id == bindparam("room_id"))
BEHIND = (
    select(rooms.c.id)
    .join_from(rooms, search_marks, search_marks.c.room_id == rooms.c.id, isouter=True)
    .where(rooms.c.last_number > func.coalesce(search_marks.c.number, 0))
    .order_by(rooms.c.id)
    .limit(bindparam("count"))
)
MENTIONED = select(mentions.c.number, mentions.c.user_id).where(
    mentions.c.room_id == bindparam("room_id"),
    mentions.c.number >= bindparam("first"),
    mentions.c.number <= bindparam("last"),
)


def room_word(room_id: int) -> str:
    return f"{MARK}r{room_id}"


def author_word(user_id: int) -> str:
    return f"{MARK}a{user_id}"


def mention_word(user_id: int | None) -> str:
    return CALL if user_id is None else f"{MARK}m{user_id}"


def first_id(at: int) -> int:
    """No entry of a message of this time, in milliseconds, or a later one has a lower id."""
    return at << BITS


def rooms_behind(connection: Connection, limit: int) -> list[int]:
    """Rooms that have messages without an entry."""
    return list(connection.scalars(BEHIND, {"count": limit}))


def make_next(connection: Connection, room_id: int, limit: int) -> int | None:
    """Make the entries of a room's next `limit` messages; returns how many messages that were. None: somebody else has
    the room, who makes entries or has changed some, and leaves those that were posted meanwhile."""
    connection.execute(database.of(connection).insert_missing(search_marks), {"room_id": room_id, "number": 0})
    mark = connection.execute(MINE.with_for_update(skip_locked=True), {"room_id": room_id}).scalar()
    if mark is None:
        return None
    # Read behind the lock: whoever changes one of these messages has done so, or waits until it has an entry.
    found = messages.after(connection, room_id, mark, limit)
    if found:
        _add(connection, found, _words(connection, found))
        moved = update(search_marks).where(search_marks.c.room_id == room_id).values(number=found[-1].number)
        connection.execute(moved)
    return len(found)


def rewrite(connection: Connection, changed: Sequence[Message]) -> None:
    """Let these messages, of one room, be found by what they are now. Those that have no entry yet get theirs later."""
    room_id, mark = changed[0].room_id, _mark(connection, changed[0].room_id)
    known = [message for message in changed if message.number <= mark]
    if not known:
        return
    keys = [(room_id, message.number) for message in known]
    had = {
        number: (entry, words)
        for number, entry, words in database.of(connection).find_rows(connection, ENTRY, KEY, keys)
    }
    words = _words(connection, known)
    # A reaction, a pin: most changes leave the words as they are.
    same = {number for number, (_, old) in had.items() if words.get(number) == old}
    _drop(connection, room_id, {number: entry for number, entry in had.items() if number not in same})
    _add(connection, [message for message in known if message.number not in same], words)


def _mark(connection: Connection, room_id: int) -> int:
    """How far the room has entries, locked."""
    found = database.of(connection).find_rows(connection, (search_marks.c.number,), ROOM, [(room_id,)])
    if not found:
        # Or whoever makes the first entries at this moment would not wait for us.
        connection.execute(database.of(connection).insert_missing(search_marks), {"room_id": room_id, "number": 0})
        found = database.of(connection).find_rows(connection, (search_marks.c.number,), ROOM, [(room_id,)])
    mark: int = found[0][0]
    return mark


def _drop(connection: Connection, room_id: int, had: Mapping[int, database.Entry]) -> None:
    """`had`: the entries by number."""
    if had:
        database.of(connection).drop_words(connection, list(had.values()))
        of_room = (search_entries.c.room_id == room_id) & search_entries.c.number.in_(had)
        connection.execute(delete(search_entries).where(of_room))


def _add(connection: Connection, found: Sequence[Message], words: Mapping[int, str]) -> None:
    living = [message for message in found if message.number in words]
    if not living:
        return
    rows = [
        (entry, message.room_id, message.number, message.author_id, words[message.number])
        for entry, message in zip(_free_ids(connection, living), living, strict=True)
    ]
    database.of(connection).insert_rows(connection, search_entries, rows)
    database.of(connection).index_words(connection, [(row[0], row[-1]) for row in rows])


def _words(connection: Connection, found: Sequence[Message]) -> dict[int, str]:
    """What those of them are found by that are there, by number."""
    whom = _mentioned(connection, found)
    return {
        message.number: words_of(message, whom.get(message.number, ()))
        for message in found
        if message.removed_at is None
    }


def words_of(message: Message, mentioned: Iterable[int | None]) -> str:
    asked = [room_word(message.room_id), author_word(message.author_id), *map(mention_word, mentioned)]
    return row_of([*asked, *flags_of(message), *folded_words(message.text)])


def flags_of(message: Message) -> list[str]:
    """What a message has besides its text."""
    files = message.more.files
    has = (
        (LINK, HAS_LINK.search(message.html)),
        (FILE, files),
        (IMAGE, any(file.content_type.startswith("image/") for file in files)),
    )
    return [flag for flag, found in has if found]


def _mentioned(connection: Connection, found: Sequence[Message]) -> dict[int, list[int | None]]:
    numbers = [message.number for message in found]
    asked = {"room_id": found[0].room_id, "first": min(numbers), "last": max(numbers)}
    whom: dict[int, list[int | None]] = {}
    for number, user_id in connection.execute(MENTIONED, asked):
        whom.setdefault(number, []).append(user_id)
    return whom


def _free_ids(connection: Connection, found: Sequence[Message]) -> list[int]:
    """An id for each, which no other message has. Where several want one, some go to a later place, which may be that
    of another millisecond: messages come from elsewhere with days for times."""
    ids = [first_id(message.at) | message.number % (1 << BITS) for message in found]
    step = 1
    while taken := _taken(connection, ids):
        ids = [entry + step if place in taken else entry for place, entry in enumerate(ids)]
        step *= 2
    return ids


def _taken(connection: Connection, ids: list[int]) -> set[int]:
    """The places of those that another message has, here or in the table."""
    column = (search_entries.c.id,)
    seen = {row[0] for row in database.of(connection).find_rows(connection, column, column, [(each,) for each in ids])}
    taken = set()
    for place, entry in enumerate(ids):
        if entry in seen:
            taken.add(place)
        seen.add(entry)
    return taken
