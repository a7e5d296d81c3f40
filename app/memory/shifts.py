"""Who of a room went idle or came back, until the room is told."""

from collections.abc import Iterable
from itertools import islice


class Shifts:
    """By room, each person once however often they changed: what they are now is read when it is told."""

    def __init__(self) -> None:
        self._rooms: dict[int, dict[int, None]] = {}

    def note(self, user_id: int, rooms: Iterable[int]) -> None:
        for room_id in rooms:
            self._rooms.setdefault(room_id, {})[user_id] = None

    def drop(self, user_id: int, room_id: int) -> None:
        """This person is not in the room any more, or not connected."""
        if (people := self._rooms.get(room_id)) is not None:
            people.pop(user_id, None)
            if not people:
                del self._rooms[room_id]

    def take(self, most: int) -> dict[int, list[int]]:
        """So many of each room at most, first who shifted first; the others wait for the next call."""
        taken = {room_id: list(islice(people, most)) for room_id, people in self._rooms.items()}
        for room_id, people in taken.items():
            for user_id in people:
                self.drop(user_id, room_id)
        return taken
