"""Reading a room's messages: pages by number, all oldest first, and what changed since. `log.py` writes them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from app.models import Message, MessageKind, extras_of
from app.storage import database
from app.storage.records import columns_of, every
from app.storage.tables import memberships, messages, rooms

COLUMNS = columns_of(messages, Message)
IN_ROOM = select(*COLUMNS).where(messages.c.room_id == bindparam("room_id")).limit(bindparam("count"))
NEWEST = IN_ROOM.order_by(messages.c.number.desc())
BEFORE = NEWEST.where(messages.c.number < bindparam("before"))
AFTER = IN_ROOM.where(messages.c.number > bindparam("after")).order_by(messages.c.number)
TIME = select(messages.c.at).where(messages.c.room_id == bindparam("room_id"), messages.c.number == bindparam("number"))
LIVING = messages.c.removed_at.is_(None)
BY_AUTHOR = (
    select(*(messages.c[name] for name in ("number", "at", "kind", "text", "extras", "reply_to")))
    .where(messages.c.room_id == bindparam("room_id"), messages.c.author_id == bindparam("author_id"), LIVING)
    .where(messages.c.number > bindparam("after"), messages.c.number <= bindparam("up_to"))
    .order_by(messages.c.number)
)
NEWEST_LIVING = NEWEST.where(LIVING, messages.c.number > bindparam("after"))
LIVING_BEFORE, LIVING_AFTER = BEFORE.where(LIVING), AFTER.where(LIVING)
THEIRS = memberships.alias("theirs")
TO_PERSON = (
    select(messages.c.number)
    .join_from(memberships, rooms, rooms.c.id == memberships.c.room_id)
    .join(THEIRS, (THEIRS.c.room_id == rooms.c.id) & (THEIRS.c.user_id == bindparam("author_id")))
    .join(messages, (messages.c.room_id == rooms.c.id) & (messages.c.author_id == bindparam("author_id")))
    .where(memberships.c.user_id == bindparam("user_id"), rooms.c.kind == "direct")
    .limit(1)
)
OLDER = (
    select(messages.c.room_id, messages.c.seq, messages.c.text, messages.c.html)
    .where(messages.c.room_id == bindparam("room_id"), messages.c.renderer < bindparam("version"), LIVING)
    .where(messages.c.number > bindparam("after"), messages.c.number <= bindparam("up_to"))
)
WITH_EXTRAS = (
    select(messages.c.number, messages.c.extras)
    .where(messages.c.room_id == bindparam("room_id"), messages.c.extras.is_not(None))
    .where(messages.c.number > bindparam("after"), messages.c.number <= bindparam("up_to"))
    .order_by(messages.c.number)
)
CHANGED = IN_ROOM.where(messages.c.seq > bindparam("since")).order_by(messages.c.seq)
LAST_CHANGED = IN_ROOM.order_by(messages.c.seq.desc())


def newest(connection: Connection, room_id: int, limit: int) -> list[Message]:
    """The last `limit` messages of a room."""
    return every(connection, NEWEST, Message, room_id=room_id, count=limit)[::-1]


def before(connection: Connection, room_id: int, number: int, limit: int) -> list[Message]:
    """The `limit` messages in front of `number`."""
    return every(connection, BEFORE, Message, room_id=room_id, before=number, count=limit)[::-1]


def after(connection: Connection, room_id: int, number: int, limit: int) -> list[Message]:
    """The `limit` messages that follow `number`."""
    return every(connection, AFTER, Message, room_id=room_id, after=number, count=limit)


def around(connection: Connection, room_id: int, number: int, limit: int) -> list[Message]:
    """`limit` messages with `number` in their middle, or nearer to the edge where the room begins or ends."""
    first = min(number - limit // 2, last_number(connection, room_id) - limit + 1)
    return after(connection, room_id, max(first, 1) - 1, limit)


def number_at(connection: Connection, room_id: int, at: int) -> int:
    """The number of a room's first message of this time or later; its last number when all are earlier.

    Times never fall as numbers rise (DELIVERY D14), so halving finds it by the key there is: an index of times would
    have to be written with every message."""
    low, high = 1, last_number(connection, room_id)
    while low < high:
        middle = (low + high) // 2
        if connection.execute(TIME, {"room_id": room_id, "number": middle}).scalar_one() < at:
            low = middle + 1
        else:
            high = middle
    return high


def last_number(connection: Connection, room_id: int) -> int:
    return connection.execute(select(rooms.c.last_number).where(rooms.c.id == room_id)).scalar() or 0


def newest_living(connection: Connection, room_id: int, limit: int, after: int = 0) -> list[Message]:
    """The last `limit` messages behind `after` that were not removed."""
    return every(connection, NEWEST_LIVING, Message, room_id=room_id, after=after, count=limit)[::-1]


def living_before(connection: Connection, room_id: int, number: int) -> Message | None:
    """The nearest message in front of `number` that was not removed."""
    return next(iter(every(connection, LIVING_BEFORE, Message, room_id=room_id, before=number, count=1)), None)


def living_after(connection: Connection, room_id: int, number: int, limit: int) -> list[Message]:
    """The first `limit` messages behind `number` that were not removed."""
    return every(connection, LIVING_AFTER, Message, room_id=room_id, after=number, count=limit)


def by_number(connection: Connection, room_id: int, number: int) -> Message | None:
    """That one; in a write it stays locked."""
    return next(iter(by_numbers(connection, [(room_id, number)])), None)


def by_numbers(connection: Connection, numbers: Iterable[tuple[int, int]]) -> list[Message]:
    """Those messages, each named by its room's id and its number, that exist."""
    key = (messages.c.room_id, messages.c.number)
    return [Message(*row) for row in database.of(connection).find_rows(connection, tuple(COLUMNS), key, list(numbers))]


class Said(NamedTuple):
    number: int
    at: int
    kind: MessageKind
    text: str
    extras: str | None = None
    reply_to: int | None = None


def by_author(connection: Connection, room_id: int, author_id: int, after: int, up_to: int) -> list[Said]:
    """What somebody wrote in a room and is there still, of the messages behind `after` up to `up_to`."""
    values = {"room_id": room_id, "author_id": author_id, "after": after, "up_to": up_to}
    return [Said(*row) for row in connection.execute(BY_AUTHOR, values)]


class Reacted(NamedTuple):
    number: int
    emoji: str


def reactions_of(connection: Connection, room_id: int, user_id: int, after: int, up_to: int) -> list[Reacted]:
    """What somebody put on messages of a room that are there still, of those behind `after` up to `up_to`."""
    found = connection.execute(WITH_EXTRAS, {"room_id": room_id, "after": after, "up_to": up_to})
    each_of = ((number, each) for number, extras in found for each in extras_of(extras).reactions)
    return [Reacted(number, each.emoji) for number, each in each_of if user_id in each.people]


def by_nonce(connection: Connection, author_id: int, nonce: str) -> Message | None:
    """What was stored for this send."""
    key = (messages.c.author_id, messages.c.nonce)
    found = database.of(connection).find_rows(connection, tuple(COLUMNS), key, [(author_id, nonce)])
    return Message(*found[0]) if found else None


def has_written_to(connection: Connection, author_id: int, user_id: int) -> bool:
    """Whether somebody ever posted in a direct room that this person is in."""
    asked = {"author_id": author_id, "user_id": user_id}
    return connection.execute(TO_PERSON, asked).first() is not None


def changed_since(connection: Connection, room_id: int, seq: int, limit: int) -> list[Message]:
    """The first `limit` messages posted or changed after `seq`, in the order of their changes."""
    return every(connection, CHANGED, Message, room_id=room_id, since=seq, count=limit)


def last_changed(connection: Connection, room_id: int) -> Message | None:
    """The one that was posted or changed last."""
    return next(iter(every(connection, LAST_CHANGED, Message, room_id=room_id, count=1)), None)


def count_changed_since(connection: Connection, room_id: int, seq: int, limit: int) -> int:
    """How many messages were posted or changed after `seq`, counted up to `limit`."""
    changed = select(messages.c.seq).where(messages.c.room_id == room_id, messages.c.seq > seq)
    # In order: otherwise reading the whole table may look like the shorter way to so many.
    counted = changed.order_by(messages.c.seq).limit(limit).subquery()
    return connection.execute(select(func.count()).select_from(counted)).scalar_one()


class Older(NamedTuple):
    """A message whose HTML an older version made. Its key is no longer there once it has changed."""

    room_id: int
    seq: int
    text: str
    html: str

    @property
    def key(self) -> tuple[int, int]:
        return self.room_id, self.seq


def older_than(connection: Connection, version: int, room_id: int, after: int, up_to: int) -> list[Older]:
    """Of the messages of a room behind `after` up to `up_to`, those whose HTML an older version made."""
    values = {"version": version, "room_id": room_id, "after": after, "up_to": up_to}
    return [Older(*row) for row in connection.execute(OLDER, values)]


def set_html(connection: Connection, made: Sequence[tuple[str, int, int, int]]) -> None:
    """HTML and version by room and `seq`. What has changed since it was read has another `seq`, and stays as it is."""
    columns, key = (messages.c.html, messages.c.renderer), (messages.c.room_id, messages.c.seq)
    database.of(connection).update_rows(connection, columns, key, made)
