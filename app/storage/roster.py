"""People by handle, a page at a time. Where it is about few, they are looked up and sorted; where about many, each page
goes along the index of handles from where the last one ended, and soon meets as many as it wants."""

from bisect import bisect_right
from collections.abc import Callable, Collection

from sqlalchemy import Connection, Text, bindparam, select, tuple_

from app.models import User
from app.storage import database, memberships
from app.storage import rooms as room_rows
from app.storage import users as user_rows
from app.storage.memberships import IS_IN
from app.storage.tables import Id, users

Key = tuple[str, int]
START: Key = ("", 0)
FEW = 1_000
"""People who are sorted for each page. A list that passes this between two pages may show somebody twice or not at all
where PostgreSQL sorts handles as a dictionary does."""
PORTION = 250
"""Keys that are read first along the index; then twice as many each time."""

KEY = (users.c.handle_key, users.c.id)
KEY_OF = select(*KEY).where(users.c.id == bindparam("id"))
MEMBERS = (
    select(*KEY)
    .where(IS_IN)
    .where(tuple_(*KEY) > tuple_(bindparam("key", type_=Text), bindparam("id", type_=Id)))
    .order_by(*KEY)
    .limit(bindparam("count"))
)


def of_these(
    connection: Connection, room_id: int, user_ids: Collection[int], after: int | None, count: int
) -> list[User]:
    """Of these members of a room those past the person `after`, so many at most. None, or who does not exist, is the
    beginning."""
    if len(user_ids) > FEW:
        return along(connection, room_id, after, count, lambda user_id: user_id in user_ids)
    return sorted_page(connection, user_ids, after, count)


def without_these(
    connection: Connection, room_id: int, user_ids: Collection[int], after: int | None, count: int
) -> list[User]:
    """Members of a room without these people, past the person `after`, so many at most."""
    if room_rows.count_members(connection, room_id) - len(user_ids) > FEW:
        return along(connection, room_id, after, count, lambda user_id: user_id not in user_ids)
    others = set(memberships.people(connection, room_id)).difference(user_ids)
    return sorted_page(connection, others, after, count)


def sorted_page(connection: Connection, user_ids: Collection[int], after: int | None, count: int) -> list[User]:
    wanted = [(user_id,) for user_id in sorted(user_ids)]
    keys = sorted(database.of(connection).find_rows(connection, KEY, (users.c.id,), wanted))
    start = bisect_right(keys, key_of(connection, after))
    return people_at(connection, [user_id for _, user_id in keys[start : start + count]])


def along(
    connection: Connection, room_id: int, after: int | None, count: int, is_wanted: Callable[[int], bool]
) -> list[User]:
    found: list[int] = []
    key, portion = key_of(connection, after), PORTION
    while len(found) < count:
        values = {"room_id": room_id, "key": key[0], "id": key[1], "count": portion}
        part = connection.execute(MEMBERS, values).all()
        found += [user_id for _, user_id in part if is_wanted(user_id)]
        if len(part) < portion:
            break
        key, portion = (part[-1][0], part[-1][1]), 2 * portion
    return people_at(connection, found[:count])


def key_of(connection: Connection, user_id: int | None) -> Key:
    row = None if user_id is None else connection.execute(KEY_OF, {"id": user_id}).one_or_none()
    return START if row is None else (row[0], row[1])


def people_at(connection: Connection, user_ids: list[int]) -> list[User]:
    """In this order."""
    people = {user.id: user for user in user_rows.by_ids(connection, user_ids)}
    return [people[user_id] for user_id in user_ids]
