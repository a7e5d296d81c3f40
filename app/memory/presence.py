"""Who is connected, and who of them is idle: to this process, and to the others as they tell."""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping

from app.memory.elsewhere import Elsewhere, Rooms
from app.memory.shifts import Shifts

GRACE = 15.0
"""Seconds after the last connection before somebody counts as gone, so that a reload does not blink. A line that died
without a word is given up after 40, and a minute is what others are told wrong things for at most (DELIVERY F8)."""
BELIEVED = 45.0
"""Seconds until the people of a process that says nothing any more count as gone. It says who is there every 20."""

Moves = dict[int, bool]
"""Whether each of these people came (or else went)."""


class Presence:
    """Counts people, not connections: here, in the whole community, and in each room.

    `process` is the name under which this one tells others of its people. Who is connected is idle when all their
    connections are, to whichever process.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.process = secrets.token_urlsafe(6)
        self._monotonic = monotonic
        self._connections: dict[int, int] = {}
        self._leaving: dict[int, float] = {}
        self._moved: set[int] = set()
        self._elsewhere: dict[str, Elsewhere] = {}
        self._rooms: dict[int, Rooms] = {}
        """Of everybody who is somewhere. Most share one tuple, which costs nothing then."""
        self._people: dict[int, set[int]] = {}
        """The same the other way round: who of each room is somewhere."""
        self._moves: dict[int, Moves] = {}
        self._idle_here: set[int] = set()
        """People all of whose connections to this process are idle; in their grace it is as it was."""
        self._idle: set[int] = set()
        """Of everybody who is somewhere."""
        self._shifts = Shifts()

    # Of everybody

    @property
    def count(self) -> int:
        """People of the community who are connected, those in their grace included."""
        return len(self._rooms)

    def online_in(self, room_id: int) -> int:
        return len(self._people.get(room_id, ()))

    def knows(self, user_id: int) -> bool:
        """Whether this person is connected."""
        return user_id in self._rooms

    def is_idle(self, user_id: int) -> bool:
        """Whether this person is connected, and does nothing anywhere."""
        return user_id in self._idle

    def of_these(self, user_ids: Iterable[int]) -> list[int]:
        """Those of them who are connected."""
        return [user_id for user_id in user_ids if user_id in self._rooms]

    def idle_of(self, user_ids: Iterable[int]) -> list[int]:
        """Those of them who are connected and idle."""
        return [user_id for user_id in user_ids if user_id in self._idle]

    def people_in(self, room_id: int) -> set[int]:
        """Who of the room is connected."""
        return set(self._people.get(room_id, ()))

    def people_in_any(self, room_ids: Iterable[int]) -> set[int]:
        """Who is connected and in one of these rooms at least."""
        return set().union(*(self._people.get(room_id, ()) for room_id in room_ids))

    def take_moves(self) -> dict[int, Moves]:
        """Rooms that somebody came to or went from since the last call, and is there or gone still."""
        moves, self._moves = self._moves, {}
        return {room_id: people for room_id, people in moves.items() if people}

    def take_shifts(self, most: int) -> dict[int, list[int]]:
        """By room, people who went idle or came back since they were last told of, `most` at once."""
        return self._shifts.take(most)

    # Of this process

    def came(self, user_id: int) -> None:
        """Another connection of this person is here, and not idle."""
        self._leaving.pop(user_id, None)
        if user_id not in self._connections:
            self._connections[user_id] = 0
            self._moved.add(user_id)
        self._connections[user_id] += 1
        self._rooms.setdefault(user_id, ())
        self.rested(user_id, idle=False)

    def entered(self, user_id: int, rooms: Rooms) -> None:
        """This person, who is here, is in just these rooms."""
        if self._rooms[user_id] != rooms:
            self._place(user_id, rooms)
            self._moved.add(user_id)

    def rested(self, user_id: int, *, idle: bool) -> None:
        """Of this person, who is here, all connections to this process are idle, or one at least is not."""
        if idle != (user_id in self._idle_here):
            (self._idle_here.add if idle else self._idle_here.discard)(user_id)
            self._moved.add(user_id)
        self._look_at(user_id)

    def went(self, user_id: int) -> None:
        """A connection of this person is gone; with the last one the grace begins."""
        self._connections[user_id] -= 1
        if self._connections[user_id] == 0:
            del self._connections[user_id]
            self._leaving[user_id] = self._monotonic() + GRACE

    def hid(self, user_id: int) -> None:
        """This person, who is here, is not to be seen any more: gone at once, however many connections there are."""
        del self._connections[user_id]
        self._go(user_id)

    def forget_gone(self) -> None:
        """Those whose grace has ended, and the people of processes that have fallen silent, are not there any more."""
        now = self._monotonic()
        for user_id in [user_id for user_id, end in self._leaving.items() if end <= now]:
            del self._leaving[user_id]
            self._go(user_id)
        for process in [name for name, place in self._elsewhere.items() if place.heard_at + BELIEVED < now]:
            for user_id in self._elsewhere.pop(process).people:
                self._forget(user_id)

    # For the others

    @property
    def has_company(self) -> bool:
        """Whether another process has told of its people of late."""
        return bool(self._elsewhere)

    def here(self) -> dict[int, Rooms]:
        """The people of this process, with their rooms."""
        return {user_id: self._rooms[user_id] for user_id in [*self._connections, *self._leaving]}

    def idle_here(self, user_id: int) -> bool:
        """Whether this person does nothing in this process, whatever they do in another."""
        return user_id in self._idle_here

    def take_moved(self) -> tuple[dict[int, Rooms], list[int]]:
        """Who came, changed rooms, went idle or came back here since the last call, with their rooms, and who went."""
        moved, self._moved = self._moved, set()
        came = {user_id: self._rooms[user_id] for user_id in moved if self._is_here(user_id)}
        return came, [user_id for user_id in moved if user_id not in came]

    # From the others

    def hear_part(
        self, process: str, round_: int, total: int, part: Mapping[int, Rooms], idle: Collection[int] = ()
    ) -> None:
        """A part of everybody in another process. They count once all have been told: a part that got lost must not
        make people vanish."""
        place = self._hear_from(process)
        if place.hear_part(round_, total, part, idle):
            told, gone = place.complete()
            self._arrive(told)
            for user_id in gone:
                self._forget(user_id)

    def hear_moves(
        self, process: str, came: Mapping[int, Rooms], went: Collection[int], idle: Collection[int] = ()
    ) -> None:
        self._hear_from(process).hear_moves(came.keys(), went, idle)
        self._arrive(came)
        for user_id in went:
            self._forget(user_id)

    def _hear_from(self, process: str) -> Elsewhere:
        place = self._elsewhere.setdefault(process, Elsewhere(0.0))
        place.heard_at = self._monotonic()
        return place

    def _arrive(self, people: Mapping[int, Rooms]) -> None:
        for user_id, rooms in people.items():
            if not self._is_here(user_id):  # this process knows better
                self._place(user_id, rooms)
            self._look_at(user_id)

    def _go(self, user_id: int) -> None:
        """Nothing of this person is here any more."""
        self._idle_here.discard(user_id)
        self._moved.add(user_id)
        self._forget(user_id)

    def _is_here(self, user_id: int) -> bool:
        return user_id in self._connections or user_id in self._leaving

    def _place(self, user_id: int, rooms: Rooms) -> None:
        before = self._rooms.get(user_id, ())
        self._rooms[user_id] = rooms
        if before != rooms:
            self._enter(user_id, set(rooms) - set(before))
            self._leave(user_id, set(before) - set(rooms))

    def _forget(self, user_id: int) -> None:
        """Unless this person is somewhere still, and perhaps only idle there."""
        if self._is_here(user_id) or self._is_elsewhere(user_id):
            self._look_at(user_id)
        elif user_id in self._rooms:
            self._idle.discard(user_id)
            self._leave(user_id, set(self._rooms.pop(user_id)))

    def _look_at(self, user_id: int) -> None:
        """Whether this person, who is somewhere, is idle now; the rooms are told of it if that is new."""
        is_idle = user_id in self._idle_here or not self._is_here(user_id)
        is_idle = is_idle and not any(place.keeps_here(user_id) for place in self._elsewhere.values())
        if is_idle != (user_id in self._idle):
            (self._idle.add if is_idle else self._idle.discard)(user_id)
            self._shifts.note(user_id, self._rooms[user_id])

    def _is_elsewhere(self, user_id: int) -> bool:
        return any(user_id in place.people for place in self._elsewhere.values())

    def _enter(self, user_id: int, rooms: Iterable[int]) -> None:
        for room_id in rooms:
            self._people.setdefault(room_id, set()).add(user_id)
            self._note_move(room_id, user_id, here=True)

    def _leave(self, user_id: int, rooms: Iterable[int]) -> None:
        for room_id in rooms:
            people = self._people[room_id]
            people.discard(user_id)
            if not people:
                del self._people[room_id]
            self._shifts.drop(user_id, room_id)
            self._note_move(room_id, user_id, here=False)

    def _note_move(self, room_id: int, user_id: int, *, here: bool) -> None:
        moves = self._moves.setdefault(room_id, {})
        if moves.pop(user_id, None) is None:  # else there and back again
            moves[user_id] = here
