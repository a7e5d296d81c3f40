"""What is measured: each mode with its numbers, in full and in two minutes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bench.modes.crowd import comeback, connect, idle
from bench.modes.fairness import fairness
from bench.modes.stage import Figures
from bench.modes.start import start
from bench.modes.talk import growth, lone_sender, rate, saturation, small_room
from bench.servers import EVENTS, FLOOR, NODE_WS, OTHER_WAYS, OVER_TCP, POSTGRES, ROOST, SERVERS

EVERYBODY = tuple(name for name, peer in SERVERS.items() if peer not in OTHER_WAYS)
IN_SHORT = (ROOST.name, FLOOR.name, NODE_WS.name)
ONE_ORDER = tuple(name for name in EVERYBODY if name not in {"nats", "ngircd"})
"""Several people who talk at once are checked for one order: nats-server has none, on IRC nobody hears themselves."""
WAYS_IN = {
    "saturation-1000": OTHER_WAYS,
    "rate-20": OTHER_WAYS,
    "small-room": (POSTGRES,),
    "answer": (POSTGRES,),
    "idle-10000": (EVENTS, OVER_TCP),
}
"""Which other ways to run Roost, or to speak to it, are measured as well."""
PING_ROUND = 30.0
"""Seconds, longer than any peer's."""


@dataclass(frozen=True)
class Measurement:
    """A mode with its numbers. `name` is its key in the results."""

    name: str
    title: str
    mode: Callable[..., Figures]
    numbers: dict[str, float] = field(default_factory=dict)
    peers: tuple[str, ...] = EVERYBODY
    repeats: int = 1

    @property
    def members(self) -> int:
        return int(self.numbers.get("members", 0))


def talk(seconds: float, repeats: int) -> list[Measurement]:
    def numbers(members: float, **more: float) -> dict[str, float]:
        return {"members": members, "seconds": seconds, **more}

    return [
        *(
            Measurement(f"saturation-{n}", f"Saturated room of {n:,}", saturation, numbers(n), EVERYBODY, repeats)
            for n in (1_000, 100)
        ),
        *(
            Measurement(
                f"rate-{n}", f"{n} messages a second to 1,000", rate, numbers(1_000, rate=n), EVERYBODY, repeats
            )
            for n in (20, 100, 300)
        ),
        Measurement("small-room", "Room of four, 64 under way", small_room, {"seconds": seconds}, ONE_ORDER, repeats),
        Measurement(
            "small-room-256",
            "Room of four, 256 under way",
            small_room,
            {"seconds": seconds, "under_way": 256},
            (ROOST.name, POSTGRES.name),
            repeats,
        ),
        Measurement("lone-sender", "Alone, 16 under way", lone_sender, {"seconds": seconds}, ONE_ORDER, repeats),
        Measurement("answer", "Room of four, 200 messages a second", rate, numbers(4, rate=200), ONE_ORDER, repeats),
    ]


def crowds(members: int, seconds: float, repeats: int) -> list[Measurement]:
    size: dict[str, float] = {"members": members}
    return [
        Measurement(f"idle-{members}", f"{members:,} idle connections", idle, {**size, "seconds": seconds}),
        Measurement(
            f"connect-{members // 5}", f"{members // 5:,} come in", connect, {"members": members // 5}, repeats=repeats
        ),
        Measurement(f"comeback-{members}", f"{members:,} come back at once", comeback, size),
    ]


def growths(most: int, seconds: float, repeats: int) -> list[Measurement]:
    sizes = [size for size in (10, 100, 1_000, 10_000) if size <= most]
    return [
        Measurement(
            f"growth-{size}",
            f"A lone message to {size:,}",
            growth,
            {"members": size, "seconds": seconds},
            repeats=repeats,
        )
        for size in sizes
    ]


STARTED = Measurement("start", "Start", start, repeats=3)


def full() -> list[Measurement]:
    """Everything, three times where it is short."""
    measured = [
        STARTED,
        *talk(4.0, 3),
        *growths(10_000, 4.0, 1),
        *crowds(10_000, PING_ROUND, 2),
        Measurement(
            "fairness", "Rooms of two beside 10,000", fairness, {"members": 10_000, "seconds": 10.0}, (ROOST.name,)
        ),
    ]
    return [
        replace(each, peers=each.peers + tuple(way.name for way in WAYS_IN.get(each.name, ()))) for each in measured
    ]


def short() -> list[Measurement]:
    """Two minutes: Roost, the floor and Node ws, with a tenth of the crowd, and the moderate rate alone."""
    chosen = [STARTED, *talk(1.5, 1), *crowds(1_000, 1.0, 1)]
    return [
        Measurement(each.name, each.title, each.mode, each.numbers, IN_SHORT)
        for each in chosen
        if each.name not in {"rate-100", "rate-300", "small-room-256"}
    ]
