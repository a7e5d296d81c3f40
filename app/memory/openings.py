"""What who opened a room was shown of its messages, for who opens it next: after a restart everybody does."""

from dataclasses import dataclass

from app.protocol.events import Message


@dataclass(frozen=True, slots=True)
class Opening:
    """The messages of a room as of its change `seq`: its newest page when `reset`, or what has changed since some other
    change. It is the same for everybody who asks from there, and wrong with the room's next change.

    With `more` this is a part of it, up to the change of the last message. `people` are the ids of those who are in it:
    what they are called changes without the room."""

    seq: int
    messages: list[Message]
    quoted: list[Message]
    people: frozenset[int]
    reset: bool
    more: bool
