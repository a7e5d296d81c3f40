"""A room that is open, as its reader left it."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from clients.known_room import KnownRoom
from clients.room import Room
from clients.rows import Notice

MOST_NOTICES = 50


@dataclass(slots=True)
class Visit:
    """`read_up_to`: the line of what is new stands below this message, fixed until the reader leaves; None: there is
    none. `kept_unread`: it was put there by hand, so that looking at it reads nothing. `place`: where the reader was;
    None: at the end. `is_loaded`: as much is held as there has to be; `is_fresh`: nobody has seen it yet. `reason`: why
    something could not be done."""

    known: KnownRoom
    room: Room | None = None
    read_up_to: int | None = None
    kept_unread: bool = False
    place: tuple[Hashable, int] | None = None
    is_loaded: bool = False
    is_fresh: bool = True
    last: int = 0
    read: int = 0
    below: int = 0
    reply_to: int | None = None
    editing: int | None = None
    edited_text: str = ""
    reason: str = ""
    notices: list[Notice] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.known.row.id

    def enter(self) -> None:
        """The reader comes."""
        self.read_up_to = self.known.row.read if self.known.unread else None
        self.kept_unread, self.is_fresh = False, True
        self.last, self.read, self.below = self.known.timeline.last, self.known.row.read, 0

    def look(self, me: int, *, is_seen: bool) -> None:
        """Something came, or the marker moved; `is_seen`: under the reader's eyes."""
        if self.known.row.read < self.read:
            self.read_up_to, self.kept_unread = self.known.row.read, True
        self.read = self.known.row.read
        if not self.is_loaded:
            return
        last = self.known.timeline.last
        for number in range(self.last + 1, last + 1):
            message = self.known.timeline.message(number)
            if message is None or message.author == me:
                continue
            self.below += not is_seen
            if not is_seen and self.read_up_to is None:
                self.read_up_to = number - 1
        self.last = last
        if is_seen:
            self.below = 0

    def loaded(self) -> None:
        self.is_loaded = True
        self.last = self.known.timeline.last

    def note(self, text: str) -> None:
        self.notices.append(Notice(self.known.timeline.last, text))
        del self.notices[:-MOST_NOTICES]
