"""What somebody has missed, in a few lines: the page that greets them."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

from app.memory.limits import Limit
from app.models import Message, Room, User, Visitor
from app.services import Services
from app.storage import blocks, memberships, messages, users
from app.storage.database import Connection

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
    with the visitor; `online`, how many those are. The visitor is not counted."""

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
    rooms, here = await services.store.read(read, visitor.user.id, nsmallest(PEOPLE, online))
    return Digest(rooms, here, len(online))


def read(connection: Connection, user_id: int, here: list[int]) -> tuple[list[Busy], list[User]]:
    return busy(connection, user_id), users.by_ids(connection, here)


def busy(connection: Connection, user_id: int) -> list[Busy]:
    blocked = blocks.ids(connection, user_id)
    found = memberships.new_to(connection, user_id, ROOMS + len(blocked))
    new = [(room, since) for room, since in found if room.other_than(user_id) not in blocked][:ROOMS]
    last = messages.by_numbers(connection, [(room.id, room.last_number) for room, _ in new])
    by_room = {message.room_id: message for message in last}
    authors = {author.id: author for author in users.by_ids(connection, {message.author_id for message in last})}
    return [Busy(room, by_room[room.id], authors[by_room[room.id].author_id], since) for room, since in new]
