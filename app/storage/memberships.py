"""Who is in which room, and how far they have read. Joining is a durable change of the room: it takes a `seq`."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from msgspec.structs import asdict
from sqlalchemy import Connection, bindparam, exists, func, insert, or_, select, update

from app.models import Membership, Room, Standing, User
from app.storage import database, turns
from app.storage import rooms as room_rows
from app.storage import users as user_rows
from app.storage.bans import IS_BANNED
from app.storage.name_words import fold
from app.storage.records import columns_of, every, one, pairs
from app.storage.tables import drafts, memberships, messages, rooms, users

COLUMNS = columns_of(memberships, Membership)
EVER = select(*room_rows.COLUMNS, *COLUMNS).join_from(rooms, memberships)
WITH_ROOM = EVER.where(memberships.c.left_at.is_(None))
HAS_BEGUN = or_(rooms.c.kind != "direct", rooms.c.last_number > 0)
"""Of a direct room nobody is told before its first message."""
EVER_OF_USER = EVER.where(memberships.c.user_id == bindparam("user_id"), HAS_BEGUN).order_by(rooms.c.id)
HAS_DRAFT = exists().where(
    drafts.c.user_id == bindparam("user_id"), drafts.c.room_id == rooms.c.id, drafts.c.text != ""
)
"""Whoever has begun to write there finds it again."""
IS_NEWS = or_(
    rooms.c.parent_id.is_(None),
    ~memberships.c.hidden & (memberships.c.read_number < rooms.c.last_number),
    HAS_DRAFT,
)
"""Of all the threads that somebody has looked at, those are told of which they follow and have not read, and those in
which they have begun to write."""
MINE = WITH_ROOM.where(memberships.c.user_id == bindparam("user_id"), or_(HAS_BEGUN, HAS_DRAFT)).order_by(rooms.c.id)
OF_USER, WITH_THREADS = MINE.where(rooms.c.parent_id.is_(None)), MINE.where(IS_NEWS)
IDS_OF_USER = select(memberships.c.room_id).where(
    memberships.c.user_id == bindparam("user_id"), memberships.c.left_at.is_(None)
)
IN_ROOM = WITH_ROOM.where(rooms.c.id == bindparam("room_id"), memberships.c.user_id == bindparam("user_id"))
IN_NAMED = WITH_ROOM.where(rooms.c.slug == bindparam("slug"), memberships.c.user_id == bindparam("user_id"))
IS_IN = exists().where(
    memberships.c.room_id == bindparam("room_id"), memberships.c.user_id == users.c.id, memberships.c.left_at.is_(None)
)
"""For queries of people."""
OTHERS = memberships.alias()
BOTH_IN = (
    select(memberships.c.room_id)
    .join(OTHERS, OTHERS.c.room_id == memberships.c.room_id)
    .join(rooms, rooms.c.id == memberships.c.room_id)
    .where(memberships.c.user_id == bindparam("user_id"), memberships.c.left_at.is_(None))
    .where(OTHERS.c.user_id == bindparam("other_id"), OTHERS.c.left_at.is_(None), HAS_BEGUN)
    .where(rooms.c.parent_id.is_(None))
    .order_by(memberships.c.room_id)
)
BEEN_IN = (
    select(memberships.c.room_id)
    .join(OTHERS, OTHERS.c.room_id == memberships.c.room_id)
    .where(memberships.c.user_id == bindparam("user_id"), memberships.c.left_at.is_(None))
    .where(OTHERS.c.user_id == bindparam("other_id"))
    .limit(1)
)
COUNT_MADE = (
    select(func.count())
    .select_from(memberships)
    .join(rooms, rooms.c.id == memberships.c.room_id)
    .where(memberships.c.user_id == bindparam("user_id"), memberships.c.left_at.is_(None))
    .where(rooms.c.kind.in_(room_rows.MADE))
)
WHO_BEGAN = (
    select(rooms.c.created_by)
    .join_from(memberships, rooms, rooms.c.id == memberships.c.room_id)
    .where(memberships.c.user_id == bindparam("user_id"), memberships.c.left_at.is_(None))
    .where(rooms.c.direct_key.like("%,%,%"))
)
"""Three people and more: their ids stand in the key."""
NEW = (
    select(*room_rows.COLUMNS, memberships.c.read_number, messages.c.at)
    .join_from(memberships, rooms)
    .join(messages, (messages.c.room_id == rooms.c.id) & (messages.c.number == memberships.c.read_number + 1))
    .where(memberships.c.user_id == bindparam("user_id"), memberships.c.left_at.is_(None))
    .where(~memberships.c.muted, or_(~memberships.c.hidden, rooms.c.kind == "direct"), rooms.c.parent_id.is_(None))
    .order_by(rooms.c.last_at.desc(), rooms.c.id)
    .limit(bindparam("count"))
)
LIVING = select(*COLUMNS).where(
    memberships.c.room_id == bindparam("room_id"),
    memberships.c.user_id == bindparam("user_id"),
    memberships.c.left_at.is_(None),
)


def join_default(connection: Connection, user_id: int, now: int) -> list[tuple[Room, int]]:
    """Join all default rooms this person never was in; returns each with the seq of the joining.

    A newcomer has nothing unread: the read marker starts at the room's last message.
    """
    turns.take(connection)
    been_in = select(memberships.c.room_id).where(memberships.c.user_id == user_id)
    wanted = select(rooms.c.id).where(rooms.c.is_default, rooms.c.kind == "public", rooms.c.archived_at.is_(None))
    missing = wanted.where(rooms.c.id.not_in(been_in)).order_by(rooms.c.id)
    joined = [room_rows.admit(connection, room_id, 1) for room_id in connection.scalars(missing).all()]
    _insert(connection, [(room, user_id, room.seq) for room in joined], now)
    return [(room, room.seq) for room in joined]


def join_everybody(connection: Connection, room_id: int, now: int) -> list[tuple[User, int]]:
    """Every person who never was in the room, and is not banned, joins it; returns each with the seq of the joining, in
    that order."""
    turns.take(connection)
    been_in = select(memberships.c.user_id).where(memberships.c.room_id == room_id)
    wanted = users.c.kind == "person", ~IS_BANNED, users.c.id.not_in(been_in)
    missing = select(*user_rows.COLUMNS).where(*wanted)
    people = every(connection, missing.order_by(users.c.id), User)
    room = room_rows.admit(connection, room_id, len(people))
    joined = list(zip(people, range(room.seq - len(people) + 1, room.seq + 1), strict=True))
    _insert(connection, [(room, user.id, seq) for user, seq in joined], now)
    return joined


def join(
    connection: Connection,
    room_id: int,
    user_id: int,
    now: int,
    role: Standing = "member",
    *,
    read_number: int | None = None,
    hidden: bool = False,
) -> tuple[Room, Membership]:
    """Join a locked room that this person is not in. Who was in it before comes back, with nothing unread, unless they
    have read up to `read_number` alone."""
    room = room_rows.admit(connection, room_id, 1)
    read = room.last_number if read_number is None else read_number
    living = Membership(room_id, user_id, read, room.seq, now, role=role, hidden=hidden)
    back = update(memberships).where(memberships.c.room_id == room_id, memberships.c.user_id == user_id)
    if connection.execute(back.values(asdict(living))).rowcount == 0:
        connection.execute(insert(memberships).values(asdict(living)))
    return room, living


def join_direct(connection: Connection, room: Room, now: int) -> Room:
    """All whose talk a new direct room is are in it from here on."""
    full = room_rows.admit(connection, room.id, len(room.party))
    peers = [Membership(room.id, user_id, 0, seq, now, role="peer") for seq, user_id in enumerate(room.party, 1)]
    connection.execute(insert(memberships), [asdict(peer) for peer in peers])
    return full


def leave(connection: Connection, room_id: int, user_id: int, now: int, removed_by: int | None = None) -> Room:
    """Leave a locked room that this person is in; the leaving is the returned room's `seq`."""
    room = room_rows.dismiss(connection, room_id)
    living = update(memberships).where(memberships.c.room_id == room_id, memberships.c.user_id == user_id)
    connection.execute(living.values(left_at=now, seq=room.seq, removed_by=removed_by))
    return room


def of_user(connection: Connection, user_id: int) -> list[tuple[Room, Membership]]:
    """The rooms somebody is in, oldest first; of direct ones those in which something was said, or begun
    by them. No threads."""
    return pairs(connection, OF_USER, Room, Membership, user_id=user_id)


def room_ids(connection: Connection, user_id: int) -> list[int]:
    """Of all that somebody is in, direct rooms without a message and threads included."""
    return list(connection.scalars(IDS_OF_USER, {"user_id": user_id}))


def count_made(connection: Connection, user_id: int) -> int:
    """In how many rooms somebody is, without talks and threads."""
    count: int = connection.execute(COUNT_MADE, {"user_id": user_id}).scalar_one()
    return count


def who_began(connection: Connection, user_id: int) -> list[int | None]:
    """Of each talk of several people in which somebody is, who began it."""
    return list(connection.scalars(WHO_BEGAN, {"user_id": user_id}))


def rooms_called(connection: Connection, user_id: int, names: Collection[str]) -> list[int]:
    """The rooms somebody is in whose address or name is one of these, whatever case and accents."""
    keys = [fold(name) for name in names]
    named = or_(
        rooms.c.slug.in_([name.casefold() for name in names]), (rooms.c.kind != "direct") & rooms.c.name_key.in_(keys)
    )
    return list(connection.scalars(IDS_OF_USER.join_from(memberships, rooms).where(named), {"user_id": user_id}))


def people(connection: Connection, room_id: int) -> list[int]:
    """The ids of all who are in a room."""
    # At the driver: of 5,000 people SQLAlchemy alone took 5 ms.
    columns = (memberships.c.user_id, memberships.c.left_at)
    found = database.of(connection).find_rows(connection, columns, (memberships.c.room_id,), [(room_id,)])
    return [user_id for user_id, left_at in found if left_at is None]


def ever_of_user(connection: Connection, user_id: int) -> list[tuple[Room, Membership]]:
    """The rooms somebody is or was in, oldest first, without direct ones in which nothing was said."""
    return pairs(connection, EVER_OF_USER, Room, Membership, user_id=user_id)


def find(connection: Connection, room_id: int, user_id: int) -> Membership | None:
    """A membership that has not ended."""
    return one(connection, LIVING, Membership, room_id=room_id, user_id=user_id)


def find_with_room(connection: Connection, room_id: int, user_id: int) -> tuple[Room, Membership] | None:
    """A membership that has not ended, with its room: one look for who comes back."""
    return next(iter(pairs(connection, IN_ROOM, Room, Membership, room_id=room_id, user_id=user_id)), None)


def find_by_slug(connection: Connection, slug: str, user_id: int) -> tuple[Room, Membership] | None:
    """The same of the room with this address."""
    return next(iter(pairs(connection, IN_NAMED, Room, Membership, slug=slug, user_id=user_id)), None)


class NewTo(NamedTuple):
    """A room in which somebody has read up to a number, and the time of the first message they have not."""

    room: Room
    read_number: int
    since: int


def new_to(connection: Connection, user_id: int, limit: int) -> list[NewTo]:
    """Somebody's rooms in which they have not read everything, without those that they have muted or hidden; a hidden
    talk comes back. Where something was posted last comes first."""
    found = connection.execute(NEW, {"user_id": user_id, "count": limit})
    return [NewTo(Room(*columns), read_number, since) for *columns, read_number, since in found]


def in_common(connection: Connection, user_id: int, other_id: int) -> list[int]:
    """The rooms that both are in, oldest first, without direct ones in which nothing was said."""
    return list(connection.scalars(BOTH_IN, {"user_id": user_id, "other_id": other_id}))


def have_met(connection: Connection, user_id: int, other_id: int) -> bool:
    """Whether the other one is, or was, in a room that this person is in."""
    return connection.execute(BEEN_IN, {"user_id": user_id, "other_id": other_id}).first() is not None


def move_read(connection: Connection, room_id: int, user_id: int, number: int) -> bool:
    """Move the read marker forward to `number`; False when it stays: never backwards, never past the last message."""
    last_number = select(rooms.c.last_number).where(rooms.c.id == room_id).scalar_subquery()
    moved = update(memberships).where(
        memberships.c.room_id == room_id,
        memberships.c.user_id == user_id,
        memberships.c.left_at.is_(None),
        memberships.c.read_number < number,
        number <= last_number,
    )
    return connection.execute(moved.values(read_number=number)).rowcount == 1


def move_unread(connection: Connection, room_id: int, user_id: int, number: int) -> bool:
    """Move the read marker back before message `number`; False when it stays: never forward."""
    moved = update(memberships).where(
        memberships.c.room_id == room_id,
        memberships.c.user_id == user_id,
        memberships.c.left_at.is_(None),
        memberships.c.read_number >= number,
    )
    return connection.execute(moved.values(read_number=number - 1)).rowcount == 1


def prefer(connection: Connection, room_id: int, user_id: int, chosen: Mapping[str, Any]) -> Membership | None:
    """Put `chosen`, values by name, in the place of what was chosen before; None when they are not in the room."""
    mine = update(memberships).where(
        memberships.c.room_id == room_id, memberships.c.user_id == user_id, memberships.c.left_at.is_(None)
    )
    if connection.execute(mine.values(dict(chosen))).rowcount == 0:
        return None
    return find(connection, room_id, user_id)


def changed_since(connection: Connection, room_id: int, seq: int) -> list[Membership]:
    """Memberships of a room that began or ended after `seq`, in that order."""
    query = select(*COLUMNS).where(memberships.c.room_id == room_id, memberships.c.seq > seq)
    return every(connection, query.order_by(memberships.c.seq), Membership)


def joined_since(connection: Connection, at: int) -> list[tuple[Room, Membership]]:
    """Memberships that began at this time or later and have not ended, with their rooms, which are no direct ones."""
    return pairs(connection, WITH_ROOM.where(memberships.c.joined_at >= at, rooms.c.kind != "direct"), Room, Membership)


def spoken_to_since(connection: Connection, at: int) -> list[tuple[Room, Membership]]:
    """Memberships that have not ended, with their rooms, of direct rooms in which something was posted since, for it
    may have been the first; and of threads that are followed."""
    begun = (rooms.c.direct_key > "", rooms.c.last_at >= at, rooms.c.last_number > 0)
    threads = select(rooms.c.id).where(rooms.c.parent_id > 0, rooms.c.last_at >= at)
    followed = (memberships.c.room_id.in_(threads), ~memberships.c.hidden)
    return [
        *pairs(connection, WITH_ROOM.where(*begun), Room, Membership),
        *pairs(connection, WITH_ROOM.where(*followed), Room, Membership),
    ]


def _insert(connection: Connection, joined: list[tuple[Room, int, int]], now: int) -> None:
    rows = [
        {"room_id": room.id, "user_id": user_id, "read_number": room.last_number, "seq": seq, "joined_at": now}
        for room, user_id, seq in joined
    ]
    if rows:
        connection.execute(insert(memberships), rows)
