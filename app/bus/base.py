"""How processes hear of each other. A bus is a hint: it may lose, double and reorder; the database is the truth."""

from collections.abc import Callable
from typing import Protocol

Deliver = Callable[[str, int, bytes], None]
"""Receives (topic, seq, body); body is a ready JSON event, seq 0 marks what is not durable."""

EVERYONE = "everyone"
"""The topic of what concerns all connections."""


def room_topic(room_id: int) -> str:
    return f"room:{room_id}"


def user_topic(user_id: int) -> str:
    return f"user:{user_id}"


class Bus(Protocol):
    """Carries events between the processes of one community, this one included."""

    async def start(self, deliver: Deliver, lost: Callable[[], None]) -> None:
        """Hand every event of a subscribed topic to `deliver`; call `lost` after a break with events missing."""

    def subscribe(self, topic: str) -> None: ...

    def unsubscribe(self, topic: str) -> None: ...

    def publish(self, topic: str, seq: int, body: bytes) -> None:
        """Deliver here before returning, then tell the others. Called only after the commit of what `body` says."""

    @property
    def up(self) -> bool:
        """Whether the other processes hear this one and are heard, as far as is known."""

    async def close(self) -> None: ...
