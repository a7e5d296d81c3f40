"""The bus of a single process."""

from collections.abc import Callable

from app.bus.base import Deliver


class MemoryBus:
    """Delivers within this process, in order, losing nothing."""

    def __init__(self) -> None:
        self._topics: set[str] = set()
        self._deliver: Deliver | None = None

    @property
    def up(self) -> bool:
        return True

    async def start(self, deliver: Deliver, lost: Callable[[], None]) -> None:
        self._deliver = deliver

    def subscribe(self, topic: str) -> None:
        self._topics.add(topic)

    def unsubscribe(self, topic: str) -> None:
        self._topics.discard(topic)

    def publish(self, topic: str, seq: int, body: bytes) -> None:
        if self._deliver is not None and topic in self._topics:
            self._deliver(topic, seq, body)

    async def close(self) -> None:
        self._deliver = None
        self._topics.clear()
