"""What the window asks of the loop."""

from dataclasses import dataclass

from app.protocol.events import MessageKind


@dataclass(frozen=True, slots=True)
class OpenRoom:
    room: int


@dataclass(frozen=True, slots=True)
class Send:
    """Answered by Stored or NotStored with its `nonce`. `edits` is the number of the message that this is to be; None:
    it is a new one."""

    room: int
    text: str
    nonce: str
    kind: MessageKind = "msg"
    reply_to: int | None = None
    edits: int | None = None

    @property
    def written(self) -> str:
        """As it stood in the composer."""
        return f"/me {self.text}" if self.kind == "me" else self.text


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
