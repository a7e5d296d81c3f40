"""A person's rooms as they list them, and what of each is new to them: as the page has it (static/js/core/lists.js,
loudness.js, talks.js)."""

from typing import NamedTuple

from app.protocol.events import Person
from clients.known_room import KnownRoom
from clients.names import name_of
from clients.state import State


class Lists(NamedTuple):
    """In the order in which they are shown."""

    favourites: list[KnownRoom]
    rooms: list[KnownRoom]
    talks: list[KnownRoom]

    @property
    def all(self) -> list[KnownRoom]:
        return [*self.favourites, *self.rooms, *self.talks]


def lists_of(state: State, opened: int | None = None) -> Lists:
    """Rooms by name, talks by what was said last. Hidden ones are listed while something new makes them stand out, or
    while they are `opened`."""
    listed = [room for room in state.rooms.values() if _is_listed(state, room, opened)]
    rooms = sorted((room for room in listed if not is_talk(room)), key=lambda room: room.row.name.casefold())
    talks = sorted(filter(is_talk, listed), key=lambda room: (-(room.row.at or room.row.created), room.row.id))
    return Lists(
        [room for room in [*rooms, *talks] if room.row.favourite],
        [room for room in rooms if not room.row.favourite],
        [room for room in talks if not room.row.favourite],
    )


def is_talk(room: KnownRoom) -> bool:
    return room.row.kind == "direct"


def others_in(state: State, room: KnownRoom) -> list[Person]:
    """The people of a talk without the reader."""
    me = state.person.id if state.person is not None else None
    return [state.people.get(person.id, person) for person in room.row.people if person.id != me]


def title_of(state: State, room: KnownRoom) -> str:
    """What it is called; a talk by the names of the others."""
    if is_talk(room):
        return ", ".join(name_of(person) for person in others_in(state, room)) or "You"
    return room.row.name


def is_blocked(state: State, room: KnownRoom) -> bool:
    """Whether the reader has blocked the only other one in it."""
    others = others_in(state, room) if is_talk(room) else []
    return len(others) == 1 and others[0].id in state.blocked


def is_quiet(state: State, room: KnownRoom) -> bool:
    """Whether what is posted there leaves it as it looks. A hidden talk comes back."""
    return room.row.muted or (room.row.hidden and not is_talk(room)) or is_blocked(state, room)


def for_reader_in(state: State, room: KnownRoom) -> int:
    """How many of its unread messages are for the reader: in a talk all are."""
    if is_blocked(state, room):
        return 0
    return room.unread if is_talk(room) and not is_quiet(state, room) else room.mentions


def is_new(state: State, room: KnownRoom) -> bool:
    """Whether something new makes it stand out."""
    return (room.unread > 0 and not is_quiet(state, room)) or for_reader_in(state, room) > 0


def count_in(state: State, room: KnownRoom) -> int:
    """The number beside it, unless there is one of what is for the reader; who chose less than everything is shown
    none."""
    counts = room.row.level in {"default", "everything"} and not for_reader_in(state, room)
    return room.unread if counts and not is_quiet(state, room) else 0


def _is_listed(state: State, room: KnownRoom, opened: int | None) -> bool:
    if room.row.id == opened:
        return True
    if is_talk(room) and (room.row.number == 0 or is_blocked(state, room)):
        return False
    return not room.row.hidden or is_new(state, room)
