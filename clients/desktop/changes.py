"""What the loop tells the window: how things are now, whole, in values that nobody changes any more. So it does not
matter how many of the same kind the window leaves out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.protocol.events import Message, Person
from clients.state import Status

Theme = Literal["system", "day", "dusk"]
NOBODY = Person(0, "", "")


@dataclass(frozen=True, slots=True)
class Line:
    """How the connection is; `why` it does not come back."""

    status: Status
    is_restarting: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class RoomRow:
    """`name` is its address; `number` and `read` are its last message and the reader's marker. `count` is shown beside
    it, or `for_reader`."""

    id: int
    title: str
    name: str
    topic: str
    is_talk: bool
    is_favourite: bool
    is_new: bool
    count: int
    for_reader: int
    number: int
    read: int


@dataclass(frozen=True, slots=True)
class Rooms:
    """In the order in which they are listed."""

    rows: tuple[RoomRow, ...]
    person: Person
    theme: Theme
    edit_minutes: int


@dataclass(frozen=True, slots=True)
class Talk:
    """What is held of the open room. `quoted` are the messages that are answered, by number; `people` who wrote any."""

    room: int
    messages: tuple[Message, ...]
    quoted: Mapping[int, Message]
    people: Mapping[int, Person]
    blocked: frozenset[int]
    members: int
    online: int


@dataclass(frozen=True, slots=True)
class Typing:
    room: int
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    nonce: str


@dataclass(frozen=True, slots=True)
class NotStored:
    nonce: str
    why: str


@dataclass(frozen=True, slots=True)
class OlderShown:
    """All of a page is in the Talk that came before."""

    room: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Of an ask that has nothing to give back."""

    why: str


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing comes any more."""


Change = Line | Rooms | Talk | Typing | Stored | NotStored | OlderShown | Failure | Over
