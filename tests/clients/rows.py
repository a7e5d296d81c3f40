"""What a server says, made up."""

from typing import Any

from app.protocol import events
from app.protocol.events import Message, Person, Preferences, Room

ADA, BO = Person(1, "ada_l", "Ada"), Person(2, "bo", "Bo")


def row(**values: Any) -> Room:
    given = {"id": 1, "slug": "general", "name": "General", "topic": "", "kind": "public", "created": 0}
    return Room(**{**given, "number": 0, "seq": 0, "read": 0, **values})


def message(number: int, seq: int = 0, **values: Any) -> Message:
    given = {"author": BO.id, "at": number, "nonce": f"nonce-{number}", "text": f"word {number}"}
    return Message(number=number, seq=seq or number, **{**given, **values})


def posted(number: int, seq: int = 0, **values: Any) -> events.MessagePosted:
    made = message(number, seq, **values)
    return events.MessagePosted(1, made.seq, made, BO if made.author == BO.id else ADA)


def changed(number: int, seq: int, **values: Any) -> events.MessageChanged:
    return events.MessageChanged(1, seq, message(number, seq, **values))


def reacted(number: int, seq: int, emoji: str, person: int, *, on: bool = True) -> events.ReactionsChanged:
    return events.ReactionsChanged(1, seq, number, [events.ReactionChange(emoji, person, on)])


def started(*rooms: Room, epoch: str = "one", **values: Any) -> events.SessionStarted:
    return events.SessionStarted(epoch, ADA, list(rooms), 20.0, 4_000, Preferences(), **values)


def opened(head: Room, *messages: Message, **values: Any) -> events.RoomOpened:
    return events.RoomOpened(1, head, list(messages), [ADA, BO], 2, 1, **values)
