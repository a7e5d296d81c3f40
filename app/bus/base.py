"""How processes hear of each other. A bus is a hint: it may lose, double and reorder; the database is the truth."""

from collections.abc import Callable
from typing import Protocol

Event = tuple[str, int, bytes | None]
"""(topic, seq, body). The body is a ready JSON event on one line, or None where it could not travel and has to be read
from the database. Seq 0 marks what is not durable."""

Deliver = Callable[[str, int, bytes | None], None]
"""Receives the parts of an Event."""

EVERYONE = "everyone"
"""The topic of what concerns all connections."""

PEERS = "peers"
"""The topic of what processes tell each other, and no client."""


def room_topic(room_id: int) -> str:
    return f"room:{room_id}"


def user_topic(user_id: int) -> str:
    return f"user:{user_id}"


class Bus(Protocol):
    """Carries events between the processes of one community, this one included."""

    async def start(self, deliver: Deliver, lost: Callable[[], None]) -> None:
        """Hand every event of a subscribed topic to `deliver`; call `lost` after a break with events missing. Returns
        after the first attempt to reach the others, whatever came of it."""

    def subscribe(self, topic: str) -> None:
        """Takes effect here at once, and within the next second for what others publish."""

    def unsubscribe(self, topic: str) -> None: ...

    def publish(self, topic: str, seq: int, body: bytes) -> None:
        """Deliver here before returning, then tell the others. Never waits and never fails. Called only after the
        commit of what `body` says."""

    @property
    def up(self) -> bool:
        """Whether the other processes hear this one and are heard, as far as is known. While it is not, what they do
        has to be looked up in the database."""

    async def close(self) -> None: ...
