"""A private room in which people talk without a pause, and guests who are taken out of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.faults.board import Person
from tests.faults.client import Event
from tests.faults.community import Community
from tests.faults.load import Load, until
from tests.faults.server import ServerProcess
from tests.faults.sessions import add_session
from tests.faults.witness import Heard, Witness

TALKERS = 2
"""On each node."""
MODERATORS = 6
"""They take turns, because a person brings about 60 comings and goings in a minute at most."""
RATE = 100.0
"""Messages a second of all talkers."""
NAME = "Zugzwang-7f31"
"""Stands nowhere else."""
MORE = 20
"""Messages after a removal that show what a leak would be."""


@dataclass
class Guest:
    """Somebody with the room open, in a WebSocket and a stream on each node, and a WebSocket that looks elsewhere."""

    person: Person
    session: str
    """Of their browser."""
    looking: list[Witness] = field(default_factory=list)
    streams: list[Witness] = field(default_factory=list)
    elsewhere: list[Witness] = field(default_factory=list)

    @property
    def witnesses(self) -> list[tuple[int, Witness]]:
        """With the node of each."""
        return [pair for kind in (self.looking, self.streams, self.elsewhere) for pair in enumerate(kind)]

    async def close(self) -> None:
        for _, witness in self.witnesses:
            await witness.close()


class Attic:
    """`moderators` are in it, with the room open, taking turns on the nodes."""

    def __init__(self, community: Community, nodes: Sequence[ServerProcess], kind: str) -> None:
        self.community = community
        self.nodes = nodes
        self.load = Load(community, *(node.address for node in nodes))
        self.moderators: list[Witness] = []
        self.room = 0
        self.slug = self.epoch = ""
        self._kind = kind
        self._turns = count()
        self._people = iter(community.people)

    def next_person(self) -> Person:
        """Somebody who had no part in this yet."""
        return next(self._people)

    def moderator(self, node: int) -> Witness:
        """Whose turn it is on this node."""
        here = self.moderators[node :: len(self.nodes)]
        return here[next(self._turns) % len(here)]

    async def invite(self, person: Person, node: int = 0) -> Guest:
        """Bring somebody in, by this node; they are in on all when this returns."""
        await self.add(person, node)
        guest = Guest(person, add_session(self.community, of=person))
        headers = bearer(person)
        for server in self.nodes:
            looking = await Witness(headers, server.address).open()
            await opened(looking, self.room)
            guest.looking.append(looking)
            guest.streams.append(await Witness(headers, server.address, stream=True, rooms=[str(self.room)]).open())
            guest.elsewhere.append(await Witness(headers, server.address).open())
        for stream in guest.streams:
            await stream.hears("opened")
        return guest

    async def add(self, person: Person, node: int = 0) -> None:
        await done(self.moderator(node), {"type": "room.add", "room": self.room, "person": person.id})

    async def goes_on(self) -> None:
        """Returns when MORE messages have been heard on each node."""
        watchers = self.moderators[: len(self.nodes)]
        before = [len(watcher.heard) for watcher in watchers]
        await until(lambda: all(posts(one.heard[start:]) >= MORE for one, start in zip(watchers, before, strict=True)))

    async def furnish(self) -> None:
        people = [self.next_person() for _ in range(TALKERS * len(self.nodes) + MODERATORS)]
        talkers, moderators = people[:-MODERATORS], people[-MODERATORS:]
        for place, person in enumerate(moderators):
            node = self.nodes[place % len(self.nodes)]
            self.moderators.append(await Witness(bearer(person), node.address).open())
        founder = self.moderators[0]
        self.epoch = founder.heard[0].event["epoch"]
        made = await founder.ask({"type": "room.create", "name": NAME, "kind": self._kind})
        self.room, self.slug = made["room"]["id"], made["room"]["slug"]
        for person in people:
            await done(founder, {"type": "room.add", "room": self.room, "person": person.id})
        ids = ", ".join(str(person.id) for person in moderators)
        self.community.ask(
            f"UPDATE memberships SET role = 'moderator' WHERE room_id = {self.room} AND user_id IN ({ids})"  # noqa: S608
        )
        for moderator in self.moderators:
            await opened(moderator, self.room)
        for _ in talkers:
            self.load.add([self.room])

    async def close(self) -> None:
        for moderator in self.moderators:
            await moderator.close()


@asynccontextmanager
async def open_attic(
    community: Community, nodes: Sequence[ServerProcess], kind: str = "private"
) -> AsyncIterator[Attic]:
    """People talk in it; they are judged at the end."""
    attic = Attic(community, nodes, kind)
    try:
        await attic.furnish()
        async with attic.load.running():
            attic.load.send_at(RATE)
            yield attic
            await attic.load.settle()
            assert await attic.load.violations() == []
    finally:
        await attic.close()


def bearer(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.token}"}


async def done(witness: Witness, command: Event) -> float:
    """When the answer came."""
    answer = await witness.ask(command)
    assert answer["type"] == "done", answer
    return asyncio.get_running_loop().time()


async def opened(witness: Witness, room: int) -> Event:
    answer = await witness.ask({"type": "room.open", "room": room})
    assert answer["type"] == "opened", answer
    return answer


def posts(heard: Sequence[Heard]) -> int:
    return sum(each.event["type"] == "message.posted" for each in heard)


def newest_of(room: int, event: Event) -> int:
    """The last change of the room that this event tells of; 0 for none."""
    head: int = event.get("heads", {}).get(str(room), 0)
    shown = event.get("room")
    if isinstance(shown, dict):
        return max(head, shown["seq"] if shown["id"] == room else 0)
    told = [message["seq"] for message in event.get("messages", ())] + [event.get("seq", 0), head]
    return max(told) if shown == room else head


def is_about(room: int, event: Event) -> bool:
    shown = event.get("room")
    told = shown["id"] if isinstance(shown, dict) else shown
    return told == room or str(room) in event.get("heads", {})
