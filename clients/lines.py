"""What happens in a room, as lines of a terminal."""

from collections.abc import Mapping
from datetime import datetime

from app.protocol.events import MemberJoined, MemberLeft, Message, MessageChanged, MessagePosted, Person
from clients.room_events import RoomEvent

REMEMBERED = 1_000
"""Messages of which is known what was said of them last: whether they were edited, and removed."""
LINE_END = " \u21b5 "


class Lines:
    """One line for each message, and one of its own for each edit and removal. `people` are those who are known."""

    def __init__(self, people: Mapping[int, Person]) -> None:
        self._people = people
        self._shown: dict[int, tuple[int | None, bool]] = {}

    def of(self, event: RoomEvent) -> list[str]:
        if isinstance(event, MessagePosted):
            self._remember(event.message)
            return [f"{time_of(event.message.at)} {said(event.message, event.person.handle)}"]
        if isinstance(event, MessageChanged):
            return self._changed(event.message)
        if isinstance(event, MemberJoined):
            return [f"-- @{event.person.handle} joined"]
        if isinstance(event, MemberLeft):
            return [f"-- @{event.person.handle} left"]
        return []

    def _changed(self, message: Message) -> list[str]:
        known = self._shown.get(message.number, (None, False))
        self._remember(message)
        if known == (message.edited, message.removed):
            return []  # it was pinned, or has a card now
        if message.removed:
            return [f"-- message {message.number} was removed"]
        if message.edited is None:
            return [f"{time_of(message.at)} message {message.number} is back: {self._said(message)}"]
        return [f"{time_of(message.edited)} message {message.number} was edited: {self._said(message)}"]

    def _remember(self, message: Message) -> None:
        self._shown[message.number] = message.edited, message.removed
        if len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]

    def _said(self, message: Message) -> str:
        author = self._people.get(message.author)
        return said(message, author.handle if author is not None else str(message.author))


def said(message: Message, handle: str) -> str:
    """Who said what, whatever lines it has."""
    if message.removed:
        return f"@{handle} (removed)"
    words = [message.text.replace("\n", LINE_END)] if message.text else []
    words += [f"[{file.name}]" for file in message.files]
    return f"* @{handle} {' '.join(words)}" if message.kind == "me" else f"@{handle} {' '.join(words)}"


def time_of(at: int) -> str:
    """A time of the wire (ms), as the clock of this place shows it."""
    return datetime.fromtimestamp(at / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
