"""When each process was last heard, this one too."""

SILENCE = 1.6
"""Seconds without a word, which everybody says each second, after which somebody may be cut off. Then the database is
looked at, and it is no more than two until the end of a session has been noticed (DELIVERY D15)."""
FORGOTTEN = 100.0
"""Seconds of silence after which a process counts as dead. Until then it may be one that serves people without reaching
the bus: its messages are in the database, and nobody hears of them."""


class Peers:
    """Processes by their names. `now` is monotonic, in seconds."""

    def __init__(self) -> None:
        self._heard_at: dict[str, float] = {}

    def heard(self, process: str, now: float) -> None:
        self._heard_at[process] = now

    def left(self, process: str) -> None:
        """It said goodbye."""
        self._heard_at.pop(process, None)

    def all_heard(self, now: float) -> bool:
        """Whether nobody is silent who was there before."""
        for process, heard_at in list(self._heard_at.items()):
            if now - heard_at > FORGOTTEN:
                del self._heard_at[process]
        return all(now - heard_at <= SILENCE for heard_at in self._heard_at.values())
