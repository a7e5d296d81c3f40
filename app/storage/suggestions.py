"""Whom somebody may mean who has written the first letters of a name: of several hundred those who spoke last."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, exists, func, select

from app.models import User
from app.storage import blocks, database
from app.storage import memberships as membership_rows
from app.storage import rooms as room_rows
from app.storage import users as user_rows
from app.storage.blocks import NOT_BLOCKED
from app.storage.memberships import IS_IN
from app.storage.name_words import fold
from app.storage.records import every
from app.storage.tables import memberships, messages, name_words, rooms, users

LAST = "\U0010ffff"
"""Sorts behind every character of a word."""
RECENT = 500
"""Messages of a room whose authors count as those who speak there: to read them takes half a millisecond."""
WORDS_EACH = 8
"""Rows that are read for each person wanted: several words of one name may begin alike."""
FEW = 250
"""People whose words are all read. Along the index of words one would meet mostly others, and of more than these one
soon meets enough."""

BEGINS = (name_words.c.word >= bindparam("prefix"), name_words.c.word < bindparam("end"))
NEWEST = (
    select(messages.c.author_id, messages.c.number)
    .where(messages.c.room_id == bindparam("room_id"))
    .order_by(messages.c.number.desc())
    .limit(RECENT)
    .subquery("newest")
)
SPOKE = (
    select(NEWEST.c.author_id, func.max(NEWEST.c.number).label("number")).group_by(NEWEST.c.author_id).subquery("spoke")
)
SPEAKERS = (
    select(*user_rows.COLUMNS)
    .join_from(SPOKE, users, users.c.id == SPOKE.c.author_id)
    .where(IS_IN, NOT_BLOCKED, exists().where(name_words.c.user_id == users.c.id, *BEGINS))
    .order_by(SPOKE.c.number.desc())
    .limit(bindparam("count"))
)
BY_WORD = (
    select(*user_rows.COLUMNS)
    .join_from(name_words, users)
    .where(NOT_BLOCKED, *BEGINS)
    .order_by(name_words.c.word, name_words.c.user_id)
    .limit(bindparam("count"))
)
MINE, THEIRS = memberships.alias("mine"), memberships.alias("theirs")
MET = exists().where(
    THEIRS.c.user_id == users.c.id,
    THEIRS.c.left_at.is_(None),
    THEIRS.c.room_id == MINE.c.room_id,
    MINE.c.user_id == bindparam("visitor_id"),
    MINE.c.left_at.is_(None),
)
ALL_MET = (
    select(THEIRS.c.user_id)
    .join_from(MINE, THEIRS, THEIRS.c.room_id == MINE.c.room_id)
    .where(MINE.c.user_id == bindparam("visitor_id"), MINE.c.left_at.is_(None), THEIRS.c.left_at.is_(None))
)
COUNT_MET = (
    select(func.coalesce(func.sum(rooms.c.members), 0))
    .join_from(memberships, rooms, memberships.c.room_id == rooms.c.id)
    .where(memberships.c.user_id == bindparam("visitor_id"), memberships.c.left_at.is_(None))
)
MEMBERS, OTHERS = BY_WORD.where(IS_IN), BY_WORD.where(~IS_IN, MET, users.c.kind == "person")


def members(connection: Connection, room_id: int, visitor_id: int, prefix: str, limit: int) -> list[User]:
    """People of a room one of whose words begins so: who spoke there last comes first, then the others by that word.
    Nobody is suggested whom the visitor has blocked."""
    asked = {"room_id": room_id, "visitor_id": visitor_id, **begin(prefix)}
    speakers = every(connection, SPEAKERS, User, count=limit, **asked)
    if len(speakers) == limit:
        return speakers
    if room_rows.count_members(connection, room_id) <= FEW:
        inside = set(membership_rows.people(connection, room_id))
        found = of_few(connection, inside.difference(blocks.ids(connection, visitor_id)), prefix, limit)
    else:
        found = every(connection, MEMBERS, User, count=limit * WORDS_EACH, **asked)
    return distinct([*speakers, *found])[:limit]


def others(connection: Connection, room_id: int, visitor_id: int, prefix: str, limit: int) -> list[User]:
    """People who are not in the room but in another one of the visitor's, by the word that begins so. No bots: those
    stay in their rooms."""
    if connection.execute(COUNT_MET, {"visitor_id": visitor_id}).scalar_one() <= FEW:
        inside = membership_rows.people(connection, room_id)
        met = set(connection.scalars(ALL_MET, {"visitor_id": visitor_id}))
        others = met.difference(inside, blocks.ids(connection, visitor_id))
        return [each for each in of_few(connection, others, prefix, limit) if each.kind == "person"]
    asked = {"room_id": room_id, "visitor_id": visitor_id, **begin(prefix)}
    return distinct(every(connection, OTHERS, User, count=limit * WORDS_EACH, **asked))[:limit]


def of_few(connection: Connection, user_ids: Collection[int], prefix: str, limit: int) -> list[User]:
    """Of these people, by the word that begins so."""
    asked, wanted = begin(prefix), [(user_id,) for user_id in sorted(user_ids)]
    columns = (name_words.c.word, name_words.c.user_id)
    found = database.of(connection).find_rows(connection, columns, (name_words.c.user_id,), wanted)
    fitting = sorted((word, user_id) for word, user_id in found if asked["prefix"] <= word < asked["end"])
    first = list(dict.fromkeys(user_id for _, user_id in fitting))[:limit]
    people = {user.id: user for user in user_rows.by_ids(connection, first)}
    return [people[user_id] for user_id in first]


def begin(prefix: str) -> dict[str, str]:
    """The bounds of the words that begin so."""
    folded = fold(prefix)
    return {"prefix": folded, "end": folded + LAST}


def distinct(people: list[User]) -> list[User]:
    return list({person.id: person for person in people}.values())
