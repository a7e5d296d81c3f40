"""What somebody has missed, in a few lines: the page that greets them."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

from app.memory.limits import Limit
from app.models import Message, Room, User, Visitor
from app.services import Services
from app.storage import blocks, memberships, messages, users
from app.storage.database import Connection
from app.storage.memberships import NewTo

PACE = Limit(60, 60.0)
"""Looks of one person. The page takes one when it comes up, and while it is looked at one in two seconds at most."""
ROOMS = 20
PEOPLE = 6


@dataclass(frozen=True, slots=True)
class Busy:
    """A room with something new: its last message, who wrote it, and the time of the first one that is new."""

    room: Room
    message: Message
    author: User
    since: int


@dataclass(frozen=True, slots=True)
class Digest:
    """`rooms` where something is new, the newest first; `here`, some of the people who are connected and share a room
    with the visitor, idle ones after all others; `online`, how many those are. The visitor is not counted."""

    rooms: list[Busy]
    here: list[User]
    online: int


async def show(services: Services, visitor: Visitor, room_ids: Iterable[int] | None = None) -> Digest:
    """What is new to the visitor, and who is here; `room_ids` are theirs, where the caller has just read them. Raises
    TooFast."""
    services.limits.take(f"digest:{visitor.user.id}", PACE)
    if room_ids is None:
        room_ids = await services.store.read(memberships.room_ids, visitor.user.id)
    online = services.presence.people_in_any(room_ids) - {visitor.user.id}
    first = nsmallest(PEOPLE, online, key=lambda user_id: (services.presence.is_idle(user_id), user_id))
    rooms, here = await services.store.read(read, visitor.user.id, first)
    return Digest(rooms, here, len(online))


def read(connection: Connection, user_id: int, here: list[int]) -> tuple[list[Busy], list[User]]:
    return busy(connection, user_id), users.by_ids(connection, here)


def busy(connection: Connection, user_id: int) -> list[Busy]:
    blocked = blocks.ids(connection, user_id)
    found = memberships.new_to(connection, user_id, ROOMS + len(blocked))
    new = [each for each in found if each.room.other_than(user_id) not in blocked][:ROOMS]
    last = last_living(connection, new)
    authors = {each.id: each for each in users.by_ids(connection, {message.author_id for message in last.values()})}
    return [
        Busy(each.room, last[each.room.id], authors[last[each.room.id].author_id], each.since)
        for each in new
        if each.room.id in last
    ]


def last_living(connection: Connection, new: list[NewTo]) -> dict[int, Message]:
    """The last message of each room, by its id; where that was removed, the last new one that was not, if there is any.
    A room of which all that is new was removed has nothing to tell."""
    read = {each.room.id: each.read_number for each in new}
    found = messages.by_numbers(connection, [(each.room.id, each.room.last_number) for each in new])
    removed = [each.room_id for each in found if each.removed_at is not None]
    instead = [messages.newest_living(connection, room_id, 1, read[room_id]) for room_id in removed]
    living = [each for each in found if each.removed_at is None] + [each for some in instead for each in some]
    return {message.room_id: message for message in living}
