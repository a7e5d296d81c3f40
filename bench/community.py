"""A community of 5,000 people in 300 rooms, made by a handful of statements on whatever engine there is.

Everybody is in `general` and in a dozen rooms of 200; `person0000` is in all of them. There are rooms of 10, 100 and
1,000 people, too, and one room in ten is private.
"""

from sqlalchemy import Connection, insert, select, text

from app.models import User
from app.storage import name_words
from app.storage.records import columns_of, every
from app.storage.tables import name_words as words
from app.storage.tables import rooms, users

PEOPLE, ROOMS = 5_000, 300
SIZES = {"room-ten": 10, "room-hundred": 100, "room-thousand": 1_000}
"""The members of these rooms; of `general` it is everybody."""
SHARE = 25
"""One person in so many is in each of the other rooms."""
TALK, LITTLE_TALK = 600, 6
"""Messages of `general`, and of each other room."""
FIRST = ("Ada", "Bo", "Cleo", "Dan", "Eve", "Finn", "Gül", "Hana", "Ivo", "Juno", "Kai", "Lea", "Mo", "Nia", "Ovid")
LAST = ("Abel", "Birk", "Clay", "Dorn", "Elm", "Falk", "Gray", "Holt", "Iris", "Jäger", "Klee", "Lund", "Marsh", "Nash")

JOIN = """
INSERT INTO memberships (room_id, user_id, read_number, seq, joined_at)
SELECT room_id, user_id, 0, row_number() OVER (PARTITION BY room_id ORDER BY user_id), 1
FROM (
    SELECT rooms.id AS room_id, users.id AS user_id, rooms.slug, rooms.id - :room AS room, users.id - :user AS person
    FROM rooms CROSS JOIN users
    WHERE users.id >= :user
) AS pairs
WHERE CASE slug WHEN 'general' THEN 1 = 1 WHEN 'room-ten' THEN person < 10 WHEN 'room-hundred' THEN person < 100
    WHEN 'room-thousand' THEN person < 1000 ELSE person = 0 OR (person + 7 * room) % :share = 0 END
"""
COUNT = "UPDATE rooms SET members = (SELECT count(*) FROM memberships WHERE room_id = rooms.id)"
TALKED = """
WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :talk)
INSERT INTO messages (room_id, number, seq, author_id, nonce, kind, text, html, at)
SELECT rooms.id, n, rooms.members + n, :user + CASE rooms.slug WHEN 'general' THEN 7 * n ELSE 0 END,
    'made-' || rooms.id || '-' || (100000000 + n), 'msg', 'hello', 'hello', n
FROM rooms CROSS JOIN counted
WHERE rooms.slug = 'general' OR n <= :little
"""
NUMBER = """
UPDATE rooms SET last_at = 1, last_number = (SELECT count(*) FROM messages WHERE room_id = rooms.id),
    seq = members + (SELECT count(*) FROM messages WHERE room_id = rooms.id)
"""


def settle(connection: Connection) -> list[User]:
    """Fill a database that has just been made; everybody, in order."""
    people = make_people(connection)
    names = [*SIZES, *(f"room-{number}" for number in range(ROOMS - 1 - len(SIZES)))]
    made = [
        {
            "slug": name,
            "name": name,
            "name_key": name_words.fold(name),
            "kind": "private" if place % 10 == 9 else "public",
            "topic": "",
            "created_at": 1,
            **dict.fromkeys(("last_number", "seq", "last_at", "members"), 0),
        }
        for place, name in enumerate(names)
    ]
    connection.execute(insert(rooms), made)
    first = connection.execute(select(rooms.c.id).where(rooms.c.slug == names[0])).scalar_one()
    connection.execute(text(JOIN), {"room": first, "user": people[0].id, "share": SHARE})
    connection.execute(text(COUNT))
    connection.execute(text(TALKED), {"talk": TALK, "little": LITTLE_TALK, "user": people[0].id})
    connection.execute(text(NUMBER))
    return people


def make_people(connection: Connection) -> list[User]:
    made = [
        {
            "twitter_id": f"x-{number}",
            "handle": f"person{number:04d}",
            "handle_key": f"person{number:04d}",
            "name": f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}",
            "kind": "person",
            "role": "member",
            "created_at": 1,
            "handle_at": 1,
        }
        for number in range(PEOPLE)
    ]
    connection.execute(insert(users), made)
    mine = select(*columns_of(users, User)).where(users.c.handle_key.like("person%")).order_by(users.c.id)
    people = every(connection, mine, User)
    assert [person.handle for person in people] == [each["handle"] for each in made]
    found = [
        {"word": word, "user_id": person.id}
        for person in people
        for word in name_words.words_of(person.handle, person.name)
    ]
    connection.execute(insert(words), found)
    return people
