"""Who says something when: as fast as it is heard, or by the clock."""

import time
from collections.abc import Sequence
from itertools import cycle

from bench.dialects.base import Unexpected
from bench.load.client import Client
from bench.load.room import Room
from bench.load.swarm import Swarm

EARS = 8
"""Members, spread over the room, whose ears decide that a message was heard."""
NAP = 0.001
"""Seconds to wait for bytes before the drivers are asked again."""


class ClosedLoop:
    """At most `window` messages are under way; they take turns in coming from `speakers`.

    A message is under way until the ears have it and, where the server says so, its sender was told that it is stored.
    """

    def __init__(self, room: Room, speakers: Sequence[Client], members: Sequence[Client], window: int) -> None:
        self._room = room
        self._speakers = list(enumerate(speakers))
        self._turns = cycle(range(len(speakers)))
        self._ears = spread(members, EARS)
        self._window = window

    def feed(self) -> None:
        missing = self._window - (self._room.said - self._heard())
        if missing > 0:
            said: list[list[bytes]] = [[] for _ in self._speakers]
            for _ in range(missing):
                sender = next(self._turns)
                said[sender].append(self._room.say(sender))
            for sender, speaker in self._speakers:
                speaker.write(b"".join(said[sender]))

    def _heard(self) -> int:
        heard = min(ear.messages for ear in self._ears)
        return min(heard, self._room.acknowledged) if self._room.dialect.acknowledges else heard


class Paced:
    """`rate` messages a second in all, by the clock, whether they are heard or not. `late` is how late each was said
    because the generator was busy. The first comes after `delay` seconds."""

    def __init__(self, room: Room, speakers: Sequence[Client], rate: float, delay: float = 0.0) -> None:
        self.late: list[float] = []
        self._room = room
        self._turns = cycle(enumerate(speakers))
        self._every = 1 / rate
        self._next = time.perf_counter() + delay

    def feed(self) -> None:
        while (late := time.perf_counter() - self._next) >= 0:
            sender, speaker = next(self._turns)
            speaker.write(self._room.say(sender))
            self.late.append(late)
            self._next += self._every


def run(swarm: Swarm, drivers: Sequence[ClosedLoop | Paced], seconds: float) -> None:
    """Speak and listen for a while."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for driver in drivers:
            driver.feed()
        swarm.turn(NAP)


def settle(swarm: Swarm, rooms: Sequence[Room], deadline: float) -> None:
    """Listen until every member has all that was said and every sender was answered; Unexpected when that does not
    come. With it every delivery is verified: none missing, none doubled, none out of order, none altered."""
    end = time.perf_counter() + deadline
    while not (all(map(answered, rooms)) and all(client.has_all for client in swarm.clients.values())):
        if time.perf_counter() > end:
            behind = sum(not client.has_all for client in swarm.clients.values())
            raise Unexpected(f"{behind} members lacked messages {deadline:.0f} s after the last was sent")
        swarm.watch(0.02)


def answered(room: Room) -> bool:
    return not room.dialect.acknowledges or room.acknowledged == room.said


def spread(members: Sequence[Client], most: int) -> list[Client]:
    """Up to `most` of the members: first, last, and evenly between."""
    step = max(1, -(-len(members) // most))
    return [*members[:-1:step][: most - 1], members[-1]]
