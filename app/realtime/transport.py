"""What a connection asks of whatever carries its bytes."""

from typing import Protocol

from app.protocol.close_codes import CloseCode
from app.protocol.framing import Framing
from app.services import Services


class Listener(Protocol):
    """Whoever is told what happens in a room, over a transport."""

    @property
    def transport(self) -> "Transport": ...


class Talk(Protocol):
    """What a transport carries, as far as it has to know."""

    @property
    def services(self) -> Services: ...

    def start(self) -> None:
        """The socket is ready."""

    def closed(self) -> None:
        """The socket is gone."""


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
