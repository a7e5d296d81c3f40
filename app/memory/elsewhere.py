"""What another process told of its people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

Rooms = tuple[int, ...]


@dataclass(slots=True)
class Elsewhere:
    """Its `people`, and those of them of whom every connection there is `idle`. `told` and `told_idle` are of a round
    that is not complete."""

    heard_at: float
    people: set[int] = field(default_factory=set)
    idle: set[int] = field(default_factory=set)
    round: int = 0
    told: dict[int, Rooms] = field(default_factory=dict)
    told_idle: set[int] = field(default_factory=set)

    def hear_part(self, round_: int, total: int, part: Mapping[int, Rooms], idle: Collection[int]) -> bool:
        """Whether the round is complete with it: all are in `told` then, until `complete` is called."""
        if self.round != round_:
            self.round, self.told, self.told_idle = round_, {}, set()
        self.told |= part
        self.told_idle.update(idle)
        return len(self.told) == total

    def complete(self) -> tuple[dict[int, Rooms], set[int]]:
        """Take what was told for the whole: everybody there with their rooms, and who is there no more."""
        told, gone = self.told, self.people - self.told.keys()
        self.people, self.idle = set(told), self.told_idle
        self.told, self.told_idle = {}, set()
        return told, gone

    def hear_moves(self, came: Collection[int], went: Collection[int], idle: Collection[int]) -> None:
        self.people.update(came)
        self.people.difference_update(went)
        self.idle.difference_update(came, went)
        self.idle.update(idle)

    def keeps_here(self, user_id: int) -> bool:
        """Whether this person does something there, or did a moment ago."""
        return user_id in self.people and user_id not in self.idle
