"""Rooms, and the counters in their rows (docs/architecture.md)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Text, and_, bindparam, insert, or_, select, tuple_, update

from app.errors import RoomTaken
from app.models import Room, RoomKind
from app.storage import database
from app.storage.name_words import fold
from app.storage.records import columns_of, one
from app.storage.tables import Id, memberships, rooms

COLUMNS = tuple(columns_of(rooms, Room))
MADE = ("public", "private")
"""What people make; the others come of themselves, and are in no list of rooms."""
LAST = "\U0010ffff"
"""Sorts behind every character of a name."""
Key = tuple[str, int]
START: Key = ("", 0)
KEY = (rooms.c.name_key, rooms.c.id)
MEMBERS = select(rooms.c.members).where(rooms.c.id == bindparam("id"))
KEY_OF = select(*KEY).where(rooms.c.id == bindparam("id"))
MINE = and_(
    memberships.c.room_id == rooms.c.id,
    memberships.c.user_id == bindparam("user_id"),
    memberships.c.left_at.is_(None),
)
DIRECTORY = (
    select(*COLUMNS, memberships.c.user_id)
    .join_from(rooms, memberships, MINE, isouter=True)
    .where(or_(rooms.c.kind == "public", memberships.c.user_id.is_not(None)), rooms.c.kind.in_(MADE))
    .where(rooms.c.name_key >= bindparam("prefix"), rooms.c.name_key < bindparam("end"))
    .where(tuple_(*KEY) > tuple_(bindparam("key", type_=Text), bindparam("id", type_=Id)))
    .order_by(*KEY)
    .limit(bindparam("count"))
)


def add(
    connection: Connection,
    slug: str,
    name: str,
    topic: str,
    kind: RoomKind,
    now: int,
    *,
    description: str = "",
    is_default: bool = False,
    created_by: int | None = None,
    direct_key: str | None = None,
    parent_id: int | None = None,
    root_number: int | None = None,
) -> Room:
    """Make an empty room. Raises RoomTaken when the slug is taken; `name_is_taken` says it of the name."""
    if by_slug(connection, slug) is not None:
        raise RoomTaken(slug)
    made = insert(rooms).values(
        slug=slug,
        name=name,
        name_key=fold(name),
        topic=topic,
        kind=kind,
        last_number=0,
        seq=0,
        last_at=0,
        members=0,
        created_at=now,
        description=description,
        is_default=is_default,
        created_by=created_by,
        direct_key=direct_key,
        parent_id=parent_id,
        root_number=root_number,
    )
    return Room(*connection.execute(made.returning(*COLUMNS)).one())


def by_id(connection: Connection, room_id: int) -> Room | None:
    return one(connection, select(*COLUMNS).where(rooms.c.id == room_id), Room)


def by_slug(connection: Connection, slug: str) -> Room | None:
    return one(connection, select(*COLUMNS).where(rooms.c.slug == slug), Room)


def key_of_people(user_ids: Iterable[int]) -> str:
    """Under which the direct room of these people is found."""
    return ",".join(str(user_id) for user_id in sorted(set(user_ids)))


def by_people(connection: Connection, user_ids: Iterable[int]) -> Room | None:
    """The direct room of just these people."""
    return one(connection, select(*COLUMNS).where(rooms.c.direct_key == key_of_people(user_ids)), Room)


def count_members(connection: Connection, room_id: int) -> int:
    """0 where there is no such room."""
    return connection.execute(MEMBERS, {"id": room_id}).scalar() or 0


def locked(connection: Connection, room_id: int) -> Room | None:
    """The room, which changes for nobody else until the end of the transaction."""
    return one(connection, select(*COLUMNS).where(rooms.c.id == room_id).with_for_update(), Room)


def name_is_taken(connection: Connection, name: str, but: int | None = None) -> bool:
    """Whether a public room is called so, in whatever case, `but` that one. Private ones do not count: their names are
    nobody's business. Call it in one's turn (turns.py)."""
    alike = select(rooms.c.id, rooms.c.name).where(rooms.c.name_key == fold(name), rooms.c.kind == "public")
    return name.casefold() in {each.casefold() for room_id, each in connection.execute(alike) if room_id != but}


def heads(connection: Connection, room_ids: Iterable[int]) -> dict[int, int]:
    """`seq` of each of these rooms that exists."""
    wanted = [(room_id,) for room_id in sorted(room_ids)]
    return dict(database.of(connection).find_rows(connection, (rooms.c.id, rooms.c.seq), (rooms.c.id,), wanted))


def threads_of(connection: Connection, room_ids: Iterable[int]) -> dict[int, Room]:
    """Those of these rooms that are threads, by their ids."""
    wanted = [(room_id,) for room_id in sorted(room_ids)]
    found = [Room(*row) for row in database.of(connection).find_rows(connection, COLUMNS, (rooms.c.id,), wanted)]
    return {room.id: room for room in found if room.parent_id is not None}


def admit(connection: Connection, room_id: int, people: int) -> Room:
    """Count so many more people, each of whose joining is a change: the last of them is the returned room's `seq`."""
    values = {"seq": rooms.c.seq + people, "members": rooms.c.members + people}
    taken = update(rooms).where(rooms.c.id == room_id).values(values)
    return Room(*connection.execute(taken.returning(*COLUMNS)).one())


def dismiss(connection: Connection, room_id: int) -> Room:
    """Count one person less, which is a change: the returned room's `seq`."""
    values = {"seq": rooms.c.seq + 1, "members": rooms.c.members - 1}
    taken = update(rooms).where(rooms.c.id == room_id).values(values)
    return Room(*connection.execute(taken.returning(*COLUMNS)).one())


def advance(connection: Connection, room_id: int, changes: int) -> int:
    """Count so many changes of a locked room's messages; returns the `seq` of the last."""
    taken = update(rooms).where(rooms.c.id == room_id).values(seq=rooms.c.seq + changes)
    seq: int = connection.execute(taken.returning(rooms.c.seq)).scalar_one()
    return seq


def change(connection: Connection, room_id: int, values: dict[str, Any]) -> Room:
    """Set these columns of a locked room, which is a change: the returned room's `seq`. Raises RoomTaken when the slug
    is another room's."""
    if "slug" in values:
        holder = by_slug(connection, values["slug"])
        if holder is not None and holder.id != room_id:
            raise RoomTaken(values["slug"])
    if "name" in values:
        values = values | {"name_key": fold(values["name"])}
    counted = {"seq": rooms.c.seq + 1, "changed_seq": rooms.c.seq + 1}
    changed = update(rooms).where(rooms.c.id == room_id).values(values | counted)
    return Room(*connection.execute(changed.returning(*COLUMNS)).one())


def directory(
    connection: Connection, user_id: int, prefix: str, after: int | None, limit: int
) -> list[tuple[Room, bool]]:
    """Public rooms and those of this person by name, each with whether they are in it: those whose name begins so,
    past the room `after`. None, or one that does not exist, is the beginning."""
    key, room_id = key_of(connection, after)
    folded = fold(prefix)
    asked = {"user_id": user_id, "prefix": folded, "end": folded + LAST, "key": key, "id": room_id, "count": limit}
    return [(Room(*columns), member is not None) for *columns, member in connection.execute(DIRECTORY, asked)]


def key_of(connection: Connection, room_id: int | None) -> Key:
    row = None if room_id is None else connection.execute(KEY_OF, {"id": room_id}).one_or_none()
    return START if row is None else (row[0], row[1])


def last_numbers(connection: Connection) -> list[tuple[int, int]]:
    """Every room's id and the number of its last message."""
    return [(room_id, last) for room_id, last in connection.execute(select(rooms.c.id, rooms.c.last_number))]
