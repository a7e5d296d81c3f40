"""What the window asks of the loop. A Send is answered by Stored or NotStored with its nonce."""

from dataclasses import dataclass

from clients.storing import Send


@dataclass(frozen=True, slots=True)
class OpenRoom:
    room: int


@dataclass(frozen=True, slots=True)
class ShowOlder:
    room: int


@dataclass(frozen=True, slots=True)
class MarkRead:
    room: int
    number: int


@dataclass(frozen=True, slots=True)
class Write:
    """The person is writing there."""

    room: int


@dataclass(frozen=True, slots=True)
class Remove:
    room: int
    number: int


@dataclass(frozen=True, slots=True)
class React:
    room: int
    number: int
    emoji: str
    on: bool


@dataclass(frozen=True, slots=True)
class Hurry:
    """Somebody does not want to wait for the next try to connect."""


@dataclass(frozen=True, slots=True)
class Stop:
    pass


Ask = OpenRoom | Send | ShowOlder | MarkRead | Write | Remove | React | Hurry | Stop
