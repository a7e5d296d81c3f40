"""A dialect: how one kind of server is joined, spoken to and understood. Bytes only, no sockets."""

from collections.abc import Generator
from typing import NamedTuple, Protocol

Joining = Generator[bytes, bytes, bytes]
"""Yields what is to be sent, is sent what came, and returns what came beyond the joining."""


class Delivery(NamedTuple):
    """A message as a member receives it: whose, their how-manieth, and its place in the room where it has one."""

    sender: int
    nth: int
    place: int | None = None


class Acknowledgement(NamedTuple):
    """The server has the message."""

    sender: int
    nth: int


class Reply(NamedTuple):
    """The server wants an answer."""

    data: bytes


Word = Delivery | Acknowledgement | Reply | None
"""What a frame means; None is noise."""


class Unexpected(Exception):
    """The server said what it must not."""


class Dialect(Protocol):
    """One room of one server."""

    echoes: bool
    """Senders receive their own messages."""
    one_order: bool
    """All members see the messages of several senders in the same order."""
    acknowledges: bool
    """The sender is told when the server has a message."""

    def join(self, member: int) -> Joining:
        """Become that member of the room; raises Unexpected."""

    def send(self, sender: int, nth: int) -> bytes:
        """The bytes that post the `nth` message of a sender."""

    def end_of_frame(self, data: bytes, at: int) -> int:
        """Where the frame that starts at `at` ends; -1 while its end is not there."""

    def read(self, frame: bytes) -> Word:
        """What a frame means; raises Unexpected."""


def until(data: bytes, ending: bytes) -> Joining:
    """Receive until `ending` is there; returns all that came."""
    while ending not in data:
        data += yield b""
    return data
