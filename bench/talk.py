"""A million messages to search in: 300 rooms, five years, words as common and as rare as in a language."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, insert, update

from app.models import Message
from app.storage import database
from app.storage.tables import memberships, messages, rooms, users

ROOMS = 300
PEOPLE = 500
WORDS = 50_000
STEP = 157_680
"""Milliseconds between two messages: five years for a million."""
BEGAN = 1_600_000_000_000
CHUNK = 2_000
COMMON, UNCOMMON, RARE = "common", "uncommon", "rarely"
"""Words of one message in 10, in 100 and in 1,000."""
SHARES = {COMMON: 10, UNCOMMON: 100, RARE: 1_000, "unusual": 100}
LINKED = 20
"""One message in so many has a link."""


@dataclass(frozen=True)
class Talk:
    """The ids of who is in all rooms and of who is in three of them, and of the rooms, the largest first."""

    everywhere: int
    in_three: int
    rooms: list[int]


def people_and_rooms(connection: Connection) -> Talk:
    made = [
        {
            "twitter_id": f"x-{number}",
            "handle": f"person{number}",
            "handle_key": f"person{number}",
            "name": f"Person {number}",
            "kind": "person",
            "role": "member",
            "created_at": 1,
            "handle_at": 1,
        }
        for number in range(PEOPLE)
    ]
    counters = dict.fromkeys(("last_number", "seq", "last_at", "members"), 0)
    names = [f"room-{number}" for number in range(ROOMS)]
    kept = [
        {"slug": name, "name": name, "name_key": name, "kind": "public", "topic": "", "created_at": 1, **counters}
        for name in names
    ]
    ids = [connection.execute(insert(users).values(one)).inserted_primary_key[0] for one in made]  # type: ignore[index]
    room_ids = [connection.execute(insert(rooms).values(one)).inserted_primary_key[0] for one in kept]  # type: ignore[index]
    few = room_ids[10:13]
    joined = [
        {"room_id": room_id, "user_id": user_id, "read_number": 0, "seq": 1, "joined_at": 1}
        for user_id, mine in ((ids[0], room_ids), (ids[1], few))
        for room_id in mine
    ]
    connection.execute(insert(memberships), joined)
    return Talk(ids[0], ids[1], room_ids)


def write(connection: Connection, talk: Talk, count: int) -> None:
    """The rooms' heads come last: PostgreSQL looks through all versions of its row for each message of a room."""
    last: dict[int, Message] = {}
    for said in spoken(talk, count):
        kept = [tuple(getattr(one, name) for name in Message.__struct_fields__) for one in said]
        database.of(connection).insert_rows(connection, messages, kept)
        last |= {one.room_id: one for one in said}
    for room_id, one in last.items():
        values = {"last_number": one.number, "seq": one.seq, "last_at": one.at}
        connection.execute(update(rooms).where(rooms.c.id == room_id).values(values))


def spoken(talk: Talk, count: int) -> Iterator[list[Message]]:
    """In the order of time, some at once."""
    chance = random.Random(1)
    numbers = dict.fromkeys(talk.rooms, 0)
    busy = list(itertools.accumulate(1 / place for place in range(1, len(talk.rooms) + 1)))
    where = chance.choices(talk.rooms, cum_weights=busy, k=count)
    known, weights = vocabulary(), list(itertools.accumulate(1 / place for place in range(1, WORDS + 1)))
    for start in range(0, count, CHUNK):
        said = []
        for place in range(start, min(start + CHUNK, count)):
            room_id = where[place]
            numbers[room_id] += 1
            words = chance.choices(known, cum_weights=weights, k=chance.randint(3, 20))
            said.append(message(chance, words, talk, room_id, numbers[room_id], place))
        yield said


def message(chance: random.Random, words: list[str], talk: Talk, room_id: int, number: int, place: int) -> Message:
    for word, share in SHARES.items():
        if chance.randrange(share) == 0:
            words[chance.randrange(len(words))] = word
    text = html = " ".join(words)
    if chance.randrange(LINKED) == 0:
        text, html = f"{text} https://example.com", f'{html} <a href="https://example.com">https://example.com</a>'
    return Message(
        room_id=room_id,
        number=number,
        seq=number,
        author_id=talk.everywhere + chance.randrange(PEOPLE),
        nonce=f"made-{place:012d}",
        kind="msg",
        text=text,
        html=html,
        at=BEGAN + place * STEP,
    )


def vocabulary() -> list[str]:
    """Words of two to five syllables, the commonest first: the n-th is said as often as one in n."""
    chance = random.Random(2)
    syllables = [consonant + vowel for consonant in "bcdfghjklmnprstvz" for vowel in "aeiou"]
    made: dict[str, None] = {}
    while len(made) < WORDS:
        made["".join(chance.choices(syllables, k=chance.randint(2, 5)))] = None
    return list(made)
