"""The rooms of who comes in, and where in them they are mentioned: one question, since everybody asks it who comes back
after a restart."""

from typing import NamedTuple

from sqlalchemy import Connection

from app.models import Membership, Room
from app.storage.memberships import WITH_THREADS
from app.storage.mentions import UNREAD_CALLS, UNREAD_NUMBERS, parsed

OF_USER = WITH_THREADS.add_columns(UNREAD_NUMBERS, UNREAD_CALLS)
WIDTH = len(Room.__struct_fields__)


class OwnRooms(NamedTuple):
    """The rooms somebody is in, oldest first, of direct ones those in which something was said, or begun by them; the
    threads that they follow with something new to them, or have begun to write in; and by room, of both, the numbers of
    messages that mention them and that they have not read."""

    rooms: list[tuple[Room, Membership]]
    threads: list[tuple[Room, Membership]]
    mentions: dict[int, list[int]]


def of_user(connection: Connection, user_id: int, most_mentions: int) -> OwnRooms:
    """`most_mentions`: of each room the last so many."""
    mine = OwnRooms([], [], {})
    for *columns, numbers, calls in connection.execute(OF_USER, {"user_id": user_id}):
        room, membership = Room(*columns[:WIDTH]), Membership(*columns[WIDTH:])
        (mine.rooms if room.parent_id is None else mine.threads).append((room, membership))
        if numbers or calls:
            mine.mentions[room.id] = parsed(most_mentions, numbers, calls)
    return mine
