"""Threads: rooms of which each is beside one message of another room. Who follows one, or has looked into it, has a
membership there; it ends with that in the room itself."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, func, select, tuple_

from app.models import Membership, Message, Room, Thread
from app.storage import memberships as membership_rows
from app.storage import messages as message_rows
from app.storage import rooms as room_rows
from app.storage.memberships import WITH_ROOM
from app.storage.messages import LIVING
from app.storage.records import every, one, pairs
from app.storage.tables import Id, memberships, messages, rooms

SHOWN_PEOPLE = 3
LOOKED_THROUGH = 50
"""Messages in search of who wrote last: of a long exchange between two it is known soon that they are two."""
OF_MESSAGE = select(*room_rows.COLUMNS).where(
    rooms.c.parent_id == bindparam("parent_id"), rooms.c.root_number == bindparam("number")
)
COUNT = select(func.count()).where(messages.c.room_id == bindparam("room_id"), LIVING)
UNDER = (
    select(memberships.c.room_id)
    .join_from(memberships, rooms, rooms.c.id == memberships.c.room_id)
    .where(memberships.c.user_id == bindparam("user_id"), memberships.c.left_at.is_(None))
    .where(rooms.c.parent_id == bindparam("parent_id"))
    .order_by(rooms.c.id)
)
REACHED = select(*membership_rows.COLUMNS).where(
    memberships.c.room_id == bindparam("room_id"),
    memberships.c.left_at.is_(None),
    ~memberships.c.hidden,
    memberships.c.read_number >= bindparam("behind"),
    memberships.c.read_number < bindparam("last"),
)
KEY = (rooms.c.last_at, rooms.c.id)
KEY_OF = select(*KEY).where(rooms.c.id == bindparam("id"))
FOLLOWED = (
    WITH_ROOM.where(memberships.c.user_id == bindparam("user_id"), ~memberships.c.hidden)
    .where(rooms.c.parent_id.is_not(None), rooms.c.last_number > 0)
    .order_by(rooms.c.last_at.desc(), rooms.c.id.desc())
    .limit(bindparam("count"))
)
FURTHER = FOLLOWED.where(tuple_(*KEY) < tuple_(bindparam("at", type_=Id), bindparam("id", type_=Id)))


def of_message(connection: Connection, parent_id: int, number: int) -> Room | None:
    return one(connection, OF_MESSAGE, Room, parent_id=parent_id, number=number)


def under(connection: Connection, parent_id: int, user_id: int) -> list[int]:
    """The ids of a room's threads that somebody is in."""
    return list(connection.scalars(UNDER, {"parent_id": parent_id, "user_id": user_id}))


def leave_with(
    connection: Connection, room_id: int, user_id: int, now: int, removed_by: int | None = None
) -> list[Room]:
    """Leave a locked room that this person is in, and its threads; the leaving of each is the returned room's `seq`."""
    left = [membership_rows.leave(connection, room_id, user_id, now, removed_by)]
    for thread_id in under(connection, room_id, user_id):
        room_rows.locked(connection, thread_id)
        left.append(membership_rows.leave(connection, thread_id, user_id, now, removed_by))
    return left


def summary(connection: Connection, thread: Room) -> Thread | None:
    """What there is to tell of a thread; None where nobody ever wrote."""
    if thread.last_number == 0:
        return None
    newest = message_rows.newest_living(connection, thread.id, LOOKED_THROUGH)[::-1]
    people = tuple(dict.fromkeys(message.author_id for message in newest))[:SHOWN_PEOPLE]
    count = connection.execute(COUNT, {"room_id": thread.id}).scalar_one()
    return Thread(thread.id, count, thread.last_number, newest[0].at if newest else thread.last_at, people)


def reached(connection: Connection, thread: Room, behind: int) -> list[Membership]:
    """Of those who follow a thread the memberships of whoever had read all up to `behind`, and has not what came
    since."""
    return every(connection, REACHED, Membership, room_id=thread.id, behind=behind, last=thread.last_number)


def followed(connection: Connection, user_id: int, before: int | None, limit: int) -> list[tuple[Room, Membership]]:
    """Threads that somebody follows and in which something was said, where that was last comes first; those behind the
    thread `before`."""
    key = None if before is None else connection.execute(KEY_OF, {"id": before}).one_or_none()
    if key is None:
        return pairs(connection, FOLLOWED, Room, Membership, user_id=user_id, count=limit)
    return pairs(connection, FURTHER, Room, Membership, user_id=user_id, count=limit, at=key[0], id=key[1])


def standings_of(
    connection: Connection, thread_id: int, user_ids: Collection[int]
) -> dict[int, tuple[Room, Membership]]:
    """The memberships of these people in a thread, with it, by their ids."""
    found = [membership_rows.find_with_room(connection, thread_id, user_id) for user_id in user_ids]
    return {each[1].user_id: each for each in found if each is not None}


def spoken_in_since(connection: Connection, at: int, limit: int) -> list[int]:
    """The ids of threads in which something was said at this time or later."""
    lately = select(rooms.c.id).where(rooms.c.parent_id > 0, rooms.c.last_at >= at)
    return list(connection.scalars(lately.order_by(rooms.c.id).limit(limit)))


def roots(connection: Connection, found: Collection[Room]) -> dict[int, Message]:
    """The messages that these threads are about, by the thread's id."""
    places = {(each.parent_id or 0, each.root_number or 0): each.id for each in found}
    return {places[message.room_id, message.number]: message for message in message_rows.by_numbers(connection, places)}
