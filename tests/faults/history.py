"""What a client has seen and sent, as plain records: the checker judges them, and its own tests forge them."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Seen(NamedTuple):
    """One durable change as it was shown: a message, or with `number` 0 another change of the room."""

    seq: int
    number: int
    author: int
    nonce: str
    at: int
    text: str

    @classmethod
    def of(cls, message: dict[str, object]) -> "Seen":
        """Of a message in an event; what was removed has no text."""
        values = {"text": "", **message}
        return cls(*(values[name] for name in ("seq", "number", "author", "nonce", "at", "text")))  # type: ignore[arg-type]


class Resume(NamedTuple):
    """An answer to room.open. `since` is what was asked for, None for the newest page; `head` the room's seq in it."""

    since: int | None
    head: int
    reset: bool
    messages: tuple[Seen, ...]


@dataclass(slots=True)
class Send:
    """One message of a client's outbox. `number` when it was acknowledged, `refused` the error's code when it was
    refused; with neither it is pending. Times are the event loop's."""

    nonce: str
    room: int
    text: str
    begun_at: float = 0.0
    answered_at: float | None = None
    number: int | None = None
    refused: str | None = None
    dup: bool = False
    reply_to: int | None = None
    files: tuple[str, ...] = ()
    """Their ids."""

    @property
    def acked(self) -> bool:
        return self.number is not None

    @property
    def pending(self) -> bool:
        return self.number is None and self.refused is None


@dataclass(slots=True)
class History:
    """Of one client: `rooms` holds, for each room it opened, changes and resumes in the order they came, after dropping
    what it had; `sends` the outbox in the order of writing; `author` is the person's id."""

    author: int
    rooms: dict[int, list[Seen | Resume]] = field(default_factory=dict)
    sends: list[Send] = field(default_factory=list)


class Row(NamedTuple):
    """A message as the database holds it."""

    room: int
    number: int
    seq: int
    author: int
    nonce: str
    at: int
    text: str


@dataclass(slots=True)
class Truth:
    """The database, read without the server's code: `heads` is (last_number, seq) by room."""

    rows: list[Row]
    heads: dict[int, tuple[int, int]]
