"""Whether the memory of a server grows, by looks at it over a long time."""

from typing import NamedTuple


class Look(NamedTuple):
    seconds: float
    memory: int
    """Bytes."""


def growth(looks: list[Look]) -> float:
    """Bytes in half an hour, by least squares."""
    mean_time = sum(look.seconds for look in looks) / len(looks)
    mean_memory = sum(look.memory for look in looks) / len(looks)
    spread = sum((look.seconds - mean_time) ** 2 for look in looks)
    return 1800 * sum((look.seconds - mean_time) * (look.memory - mean_memory) for look in looks) / spread


def course(looks: list[Look]) -> str:
    """In about twenty steps."""
    return " ".join(f"{look.memory / 2**20:.1f}" for look in looks[:: max(1, len(looks) // 20)])
