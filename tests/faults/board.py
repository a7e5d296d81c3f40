"""Who the clients of a load are, and what they share."""

from array import array
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.faults.history import Seen


class Person(NamedTuple):
    id: int
    token: str


class Absence(NamedTuple):
    """From the loss of a line to being live again in every room, in the event loop's time; `told` by the server."""

    code: int
    lost_at: float
    live_at: float
    told: bool


def route(origin: int, node: int) -> int:
    """Both nodes as one small number."""
    return 16 * origin + node


@dataclass(slots=True)
class Board:
    """What the clients of one load share."""

    begun_at: dict[str, float] = field(default_factory=dict)
    """When each nonce was first written."""
    begun_on: dict[str, int] = field(default_factory=dict)
    """At which node."""
    known: dict[tuple[int, int], Seen] = field(default_factory=dict)
    """One record per change, for all who saw the same, so that a history is a list of references."""
    arrivals: "array[float]" = field(default_factory=lambda: array("d"))
    """When each message came that came live."""
    latencies: "array[float]" = field(default_factory=lambda: array("d"))
    """Seconds from writing it to that."""
    routes: "array[int]" = field(default_factory=lambda: array("B"))
    """From which node to which one it went."""
    shown_at: dict[tuple[int, int], float] = field(default_factory=dict)
    """When the last client got (room, seq), live or by catching up."""
    connects: list[float] = field(default_factory=list)
    """When a connection was tried."""
    statuses: list[tuple[float, int]] = field(default_factory=list)
    """Handshakes that were refused."""
