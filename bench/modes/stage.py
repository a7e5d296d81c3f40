"""What every mode needs: a server, the members of its room, and the books of a phase."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

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
    """A running server and one big room in it."""

    def __init__(self, server: Running, members: int, *, all_timed: bool = False) -> None:
        dialect = server.peer.dialect(server.folder)
        speakers = min(members, SPEAKERS) if dialect.echoes and dialect.one_order else 1
        self.server = server
        self.room = Room(dialect, speakers)
        self.swarm = Swarm(server.address)
        self.members = [Client(self.room, member) for member in range(members)]
        for client in self.members if all_timed else spread(self.members, EARS):
            client.timed = True
        # Who does not hear themselves lacks messages that the others have: such a speaker is in no member's books.
        self.speakers = spread(self.members, speakers) if dialect.echoes else [Client(Room(dialect), members)]

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

    def deliveries(self) -> int:
        return sum(client.messages for client in self.members)

    def run(self, driver: ClosedLoop | Paced, seconds: float) -> Figures:
        """One phase of talk, in figures."""
        self.room.latencies.clear()
        self.room.acknowledged_after.clear()
        before, messages = self.deliveries(), self.members[0].messages
        phase = Phase(self.server)
        run(self.swarm, [driver], seconds)
        figures = phase.end()
        figures |= per_delivery(figures, self.deliveries() - before, len(self.members))
        figures["messages_per_second"] = (self.members[0].messages - messages) / figures["seconds"]
        figures |= spread_of("latency", self.room.latencies) | spread_of("answer", self.room.acknowledged_after)
        if isinstance(driver, Paced):
            figures["generator_late_p99_ms"] = 1e3 * percentile(driver.late, 0.99)
        return figures


class Phase:
    """What server, generator and machine do from now until `end`."""

    def __init__(self, server: Running) -> None:
        self._server = server
        self._all = all_busy_seconds()
        self._own = time.process_time()
        self._cpu = server.cpu_seconds
        self._began = time.perf_counter()

    def end(self) -> Figures:
        """ "Busy" is a share of one core."""
        seconds = time.perf_counter() - self._began
        cpu = self._server.cpu_seconds - self._cpu
        own = time.process_time() - self._own
        others = all_busy_seconds() - self._all - cpu - own
        return {
            "seconds": seconds,
            "server_cpu_seconds": cpu,
            "server_busy": cpu / seconds,
            "generator_busy": own / seconds,
            "others_busy": max(0.0, others) / seconds,
        }


def per_delivery(figures: Figures, deliveries: int, members: int) -> Figures:
    if not deliveries:
        return {}
    each = 1e6 * figures["server_cpu_seconds"] / deliveries
    return {
        "cpu_us_per_delivery": each,
        "cpu_us_per_message": each * members,
        "deliveries_per_second": deliveries / figures["seconds"],
    }


@contextmanager
def server_of(peer: Peer, folder: Path, people: int) -> Iterator[Running]:
    """A server with a folder of its own in `folder`, made for so many people."""
    with TemporaryDirectory(dir=folder, prefix=f"{peer.name}-") as own:
        peer.prepare(Path(own), people)
        with Running(peer, Path(own)) as server:
            yield server


def spread_of(name: str, seconds: Sequence[float]) -> Figures:
    """Median and 99th percentile in milliseconds."""
    if not seconds:
        return {}
    return {f"{name}_p50_ms": 1e3 * percentile(seconds, 0.5), f"{name}_p99_ms": 1e3 * percentile(seconds, 0.99)}
