"""What a connection asks of whatever carries its bytes."""

from typing import Protocol

from app.protocol.close_codes import CloseCode
from app.protocol.framing import Framing


class Transport(Protocol):
    """What carries a connection's bytes."""

    framing: Framing

    @property
    def buffered(self) -> int:
        """Bytes accepted by `write` and not yet by the kernel."""

    def write(self, data: bytes) -> None:
        """Send ready frames; after a close it does nothing."""

    def ping(self) -> None:
        """Ask for a sign of life, or abort when there was none since the last time (DELIVERY D9)."""

    def pause(self) -> None:
        """Stop reading until `resume`."""

    def resume(self) -> None: ...

    def close(self, code: CloseCode) -> None: ...
