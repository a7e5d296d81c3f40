"""Small rooms beside a crowd in the same process (P11). Roost alone: the others have one room here."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bench import roost
from bench.dialects.roost import Roost
from bench.load.client import Client
from bench.load.drive import Paced, run, settle
from bench.load.room import Room
from bench.load.swarm import Swarm
from bench.modes.stage import JOINING, JOINS_WITHIN, Figures, Phase, Stage, spread_of
from bench.running import Running
from bench.servers import Peer

PAIRS = 10
PAIR_RATE = 2.0
"""Messages a second in each room of two."""
CROWD_RATE = 50.0


def fairness(peer: Peer, folder: Path, members: int, seconds: float) -> Figures:
    """Latency in rooms of two, alone and then beside a room of `members` at CROWD_RATE."""
    with TemporaryDirectory(dir=folder, prefix="fairness-") as own:
        people = members + roost.SPARE
        roost.prepare(Path(own), people, {})
        roost.make_pairs(Path(own), people, PAIRS)
        with Running(peer, Path(own)) as server:
            return beside(Stage(server, members), people, seconds)


def beside(stage: Stage, people: int, seconds: float) -> Figures:
    swarm = Swarm(stage.server.addresses)
    pairs = [Pair(roost.tokens(stage.server.folder), pair, people) for pair in range(PAIRS)]
    swarm.join([client for pair in pairs for client in pair.clients], JOINING, JOINS_WITHIN)
    stage.swarm.urgent = swarm
    alone = run_pairs(stage, pairs, [], seconds)
    stage.gather()
    crowd = stage.paced(CROWD_RATE)
    run(stage.swarm, [crowd], 1.0)
    stage.room.latencies.clear()
    phase = Phase(stage.server)
    together = run_pairs(stage, pairs, [crowd], seconds)
    figures = phase.end()
    settle(swarm, [pair.room for pair in pairs], 10.0)
    stage.settle()
    return {
        **spread_of("alone", alone),
        **spread_of("beside", together),
        **spread_of("crowd", stage.room.latencies),
        **{name: figures[name] for name in ("server_busy", "generator_busy", "others_busy")},
    }


class Pair:
    """Two people in a room of their own, of whom one talks."""

    def __init__(self, tokens: list[str], pair: int, people: int) -> None:
        self.room = Room(Roost(tokens, f"pair-{pair}"))
        first = people - 2 * PAIRS + 2 * pair
        self.clients = [Client(self.room, member, timed=True) for member in (first, first + 1)]


def run_pairs(stage: Stage, pairs: list[Pair], others: list[Paced], seconds: float) -> list[float]:
    """The latencies in all rooms of two."""
    for pair in pairs:
        pair.room.latencies.clear()
    talks = [
        Paced(pair.room, pair.clients[:1], PAIR_RATE, delay=index / len(pairs) / PAIR_RATE)
        for index, pair in enumerate(pairs)
    ]
    run(stage.swarm, [*others, *talks], seconds)
    return [latency for pair in pairs for latency in pair.room.latencies]
