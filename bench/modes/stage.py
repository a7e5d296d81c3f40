"""What every mode needs: a server, the members of its room, and the books of a phase."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.dialects.base import Dialect
from bench.dialects.event_stream import EventStream
from bench.figures import percentile
from bench.load.client import Client
from bench.load.drive import EARS, ClosedLoop, Paced, run, settle, spread
from bench.load.room import Room
from bench.load.swarm import Swarm
from bench.machine import all_busy_seconds
from bench.running import Running
from bench.servers import Peer

Figures = dict[str, float]

SPEAKERS = 8
WARM_UP = 1.0
SETTLES_WITHIN = 30.0
JOINS_WITHIN = 120.0
"""Seconds."""
JOINING = 32
"""How many are let in at a time, where that is not what is measured."""


class Stage:
    """A running server and one big room in it, whose speakers have up to `under_way` messages under way."""

    def __init__(self, server: Running, members: int, *, under_way: int = SPEAKERS, all_timed: bool = False) -> None:
        dialect = server.peer.dialect(server.folder)
        self.server = server
        self.room = Room(dialect, speakers_in(dialect, members, under_way))
        self.swarm = Swarm(server.addresses)
        self.members = [Client(self.room, member) for member in range(members)]
        self.speakers = speakers_of(self.room, self.members)
        self._time(self.members if all_timed else spread(self.members, EARS))

    def gather(self, at_once: int = JOINING) -> list[float]:
        """Let everybody in who is not; the seconds that each took."""
        outside = [client for client in {*self.members, *self.speakers} if client.place is None]
        return self.swarm.join(sorted(outside, key=lambda client: client.member), at_once, JOINS_WITHIN)

    def closed_loop(self, window: int) -> ClosedLoop:
        return ClosedLoop(self.room, self.speakers, self.members, window)

    def paced(self, rate: float) -> Paced:
        return Paced(self.room, self.speakers, rate)

    def settle(self, deadline: float = SETTLES_WITHIN) -> None:
        settle(self.swarm, [self.room], deadline)

    def deliveries(self) -> list[int]:
        """Of each process."""
        return [sum(client.messages for client in self._of(process)) for process in range(self.server.peer.processes)]

    def run(self, driver: ClosedLoop | Paced, seconds: float) -> Figures:
        """One phase of talk, in figures."""
        self.room.latencies.clear()
        self.room.acknowledged_after.clear()
        before, messages = self.deliveries(), self.members[0].messages
        phase = Phase(self.server)
        run(self.swarm, [driver], seconds)
        figures = phase.end()
        figures |= per_delivery(figures, phase.cpu, subtracted(self.deliveries(), before), len(self.members))
        figures["messages_per_second"] = (self.members[0].messages - messages) / figures["seconds"]
        figures |= spread_of("latency", self.room.latencies) | spread_of("answer", self.room.acknowledged_after)
        if isinstance(driver, Paced):
            figures["generator_late_p99_ms"] = 1e3 * percentile(driver.late, 0.99)
        return figures

    def _time(self, ears: Sequence[Client]) -> None:
        """With several processes it is the way from the first to the last that is timed."""
        last = self.server.peer.processes - 1
        heard_there, said_here = set(self._of(last)), set(self._of(0))
        for client in ears:
            client.timed = client in heard_there
        if last:
            self.room.timed = {number for number, speaker in enumerate(self.speakers) if speaker in said_here}

    def _of(self, process: int) -> list[Client]:
        """The members that a process has."""
        return self.members[process :: self.server.peer.processes]


def speakers_in(dialect: Dialect, members: int, under_way: int) -> int:
    if isinstance(dialect, EventStream):
        return min(members, -(-under_way // dialect.under_way_each))
    return min(members, SPEAKERS) if dialect.echoes and dialect.one_order else 1


def speakers_of(room: Room, members: Sequence[Client]) -> list[Client]:
    dialect = room.dialect
    if isinstance(dialect, EventStream):
        return [Client(room, member, join_to_speak=dialect.join_to_speak) for member in range(room.senders)]
    if dialect.echoes:
        return spread(members, room.senders)
    return [Client(Room(dialect), len(members))]  # lacks its own messages, so it is in no member's books


class Phase:
    """What server, generator and machine do from now until `end`. `cpu` is then the seconds of each process of the
    server."""

    def __init__(self, server: Running) -> None:
        self.cpu: list[float] = []
        self._server = server
        self._all = all_busy_seconds()
        self._own = time.process_time()
        self._beside_before = server.beside.cpu_seconds
        self._cpu_before = server.cpu_seconds
        self._began = time.perf_counter()

    def end(self) -> Figures:
        """ "Busy" is a share of one core."""
        seconds = time.perf_counter() - self._began
        self.cpu = subtracted(self._server.cpu_seconds, self._cpu_before)
        cpu, own = sum(self.cpu), time.process_time() - self._own
        beside = self._server.beside.cpu_seconds - self._beside_before
        others = all_busy_seconds() - self._all - cpu - own - beside
        return {
            "seconds": seconds,
            "server_cpu_seconds": cpu,
            "server_busy": cpu / seconds,
            "generator_busy": own / seconds,
            "beside_busy": beside / seconds,
            "others_busy": max(0.0, others) / seconds,
        }


def subtracted(values: Sequence[float], before: Sequence[float]) -> list[float]:
    return [value - earlier for value, earlier in zip(values, before, strict=True)]


def per_delivery(figures: Figures, cpu: Sequence[float], deliveries: Sequence[float], members: int) -> Figures:
    """`cpu` and `deliveries` are those of each process."""
    if not all(deliveries):
        return {}
    total = sum(deliveries)
    each = 1e6 * figures["server_cpu_seconds"] / total
    return {
        "cpu_us_per_delivery": each,
        "cpu_us_of_dearest": 1e6 * max(spent / made for spent, made in zip(cpu, deliveries, strict=True)),
        "cpu_us_per_message": each * members,
        "deliveries_per_second": total / figures["seconds"],
    }


@contextmanager
def server_of(peer: Peer, folder: Path, people: int) -> Iterator[Running]:
    """A server with a folder of its own in `folder`, made for so many people."""
    with TemporaryDirectory(dir=folder, prefix=f"{peer.name}-") as own, peer.beside() as beside:
        peer.prepare(Path(own), people, beside.variables)
        with Running(peer, Path(own), beside) as server:
            yield server


def spread_of(name: str, seconds: Sequence[float]) -> Figures:
    """Median and 99th percentile in milliseconds."""
    if not seconds:
        return {}
    return {f"{name}_p50_ms": 1e3 * percentile(seconds, 0.5), f"{name}_p99_ms": 1e3 * percentile(seconds, 0.99)}
