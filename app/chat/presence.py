"""Hints of the moment, kept nowhere: who is writing, and who is connected to which process."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from app.chat import access
from app.chat.events import publish_to_peers, publish_to_room, shown_person
from app.errors import TooFast
from app.memory.elsewhere import Rooms
from app.memory.limits import Limit
from app.models import Visitor
from app.protocol.events import TypingStarted
from app.protocol.peers import Crowd, PeopleHere, PeopleMoved
from app.services import Services

PACE = Limit(6, 3.0)
"""Hints of one person in one room. A client sends one every 3 s and one more after each message, and short messages
follow each other quickly: a pace of two swallowed the hint of the third."""

NUMBERS = 700
"""Ids of one event: of ten digits, with their commas, they fit into the 7,900 bytes that travel."""
ROOMS_TOLD = 400
"""Of one person; in further ones they are not counted by other processes."""
BRACKETS = 2
"""What is around the ids of a crowd takes the place of so many: 300 people who share no room with anybody did not fit
else."""


async def typing(services: Services, visitor: Visitor, room_id: int) -> None:
    """Tell those who look at the room that the visitor is writing. Raises NotFound.

    Hints beyond PACE are dropped: each goes to the whole room, so one client could keep a server busy with them. So are
    those of who does not want to be seen.
    """
    await access.room_to_post(services, visitor, room_id)
    if visitor.preferences.invisible:
        return
    with suppress(TooFast):
        services.limits.take(f"typing:{room_id}:{visitor.user.id}", PACE)
        publish_to_room(services, room_id, 0, TypingStarted(room=room_id, person=shown_person(visitor.user)))


def tell_everybody(services: Services, *, round_: int, asks: bool = False) -> None:
    """Tell the other processes who is here, if there are any. `round_` is another number each time; `asks` makes them
    tell theirs.

    That happens every 20 s and heals whatever was lost of `tell_moves`. With 5,000 people on four processes it is 9 KB
    for each process in each round, so 1.8 KB/s in all, where they are in the same rooms; 25 KB/s where each is in 20
    rooms that nobody else is in.
    """
    if not (services.presence.has_company or asks):
        return
    here = services.presence.here()
    for part in parts(here, services.presence.idle_here) or [[]]:
        event = PeopleHere(services.presence.process, round_, len(here), part, asks)
        publish_to_peers(services, 0, event)


def tell_moves(services: Services) -> None:
    """Tell the other processes, if there are any, who came, went idle or came back, and went since the last call: 7
    bytes for each, and the list of their rooms once for all who are in the same ones."""
    came, went = services.presence.take_moved()
    if services.presence.has_company:
        for part in parts(came, services.presence.idle_here):
            publish_to_peers(services, 0, PeopleMoved(services.presence.process, part, []))
        for start in range(0, len(went), NUMBERS):
            publish_to_peers(services, 0, PeopleMoved(services.presence.process, [], went[start : start + NUMBERS]))


def hear(services: Services, event: PeopleHere | PeopleMoved) -> None:
    """Another process tells of its people; what this one told itself is nothing new."""
    if event.process == services.presence.process:
        return
    if isinstance(event, PeopleHere):
        people, idle = people_of(event.crowds), idle_of(event.crowds)
        services.presence.hear_part(event.process, event.round, event.total, people, idle)
    else:
        services.presence.hear_moves(event.process, people_of(event.came), event.went, idle_of(event.came))


def parts(people: Mapping[int, Rooms], is_idle: Callable[[int], bool]) -> list[list[Crowd]]:
    """Crowds of these people, as many together as one event may hold."""
    parts: list[list[Crowd]] = []
    left = 0
    for rooms, crowd, idle in crowds(people, is_idle):
        start, around = 0, len(rooms) + BRACKETS
        while start < len(crowd):
            if left <= around:
                parts.append([])
                left = NUMBERS
            some = crowd[start : start + left - around]
            parts[-1].append((rooms, some, idle))
            left -= around + len(some)
            start += len(some)
    return parts


def crowds(people: Mapping[int, Rooms], is_idle: Callable[[int], bool]) -> Iterable[Crowd]:
    same: dict[tuple[Rooms, bool], list[int]] = {}
    for user_id, rooms in people.items():
        same.setdefault((rooms, is_idle(user_id)), []).append(user_id)
    return [(list(rooms[:ROOMS_TOLD]), crowd, idle) for (rooms, idle), crowd in same.items()]


def idle_of(told: Iterable[Crowd]) -> set[int]:
    return {user_id for _, crowd, idle in told if idle for user_id in crowd}


def people_of(told: Iterable[Crowd]) -> dict[int, Rooms]:
    return dict(pairs_of(told))


def pairs_of(told: Iterable[Crowd]) -> Iterator[tuple[int, Rooms]]:
    for rooms, crowd, _ in told:
        shared = tuple(rooms)
        for user_id in crowd:
            yield user_id, shared
