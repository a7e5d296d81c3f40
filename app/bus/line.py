"""Line: what carries parcels between processes, and may break at any time."""

from collections.abc import Callable, Collection
from typing import Protocol

from app.bus.base import Event

Hear = Callable[[bytes], None]


class Line(Protocol):
    """Used by one bus, in the order open, then listen beside follow and send, then close; then open again. Each may
    raise anything: the line is then broken, and closed."""

    async def open(self, topics: Collection[str], hear: Hear) -> None:
        """Connect. From here on `hear` gets each parcel with events of these topics, those of this process too."""

    async def listen(self) -> None:
        """Never returns; raises when the line breaks."""

    async def follow(self, topics: Collection[str], dropped: Collection[str]) -> None:
        """Hear of these topics from now on, and not of those."""

    async def send(self, process: str, events: Collection[Event]) -> None:
        """Tell everybody, in the name of this process; the order of events with one topic is kept."""

    async def close(self) -> None:
        """Let go at once, also of what is half done. Never raises."""
